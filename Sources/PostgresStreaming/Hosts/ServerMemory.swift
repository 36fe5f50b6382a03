import PostgresTransport

/// What this process has learned about servers that would not take what is asked for at first.
///
/// It saves the failed attempt the next time. A server that is upgraded is asked for less than it could until the process
/// ends, which costs nothing but a feature.
enum ServerMemory {
    /// What one server would not take.
    struct Limits: Sendable, Hashable {
        /// It answers newer versions of the protocol with an error.
        var speaksOldProtocolOnly = false
        /// It does not know `client_connection_check_interval`.
        var refusesCheckInterval = false
    }

    private static let known = Locked<[PostgresConfiguration.Endpoint: Limits]>([:])
    private static let countMax = 1024

    static func limits(of endpoint: PostgresConfiguration.Endpoint) -> Limits {
        known.withLock { $0[endpoint] ?? Limits() }
    }

    static func note(_ limits: Limits, of endpoint: PostgresConfiguration.Endpoint) {
        known.withLock { known in
            if known.count >= countMax, known[endpoint] == nil { known.removeAll() }
            known[endpoint] = limits
        }
    }
}
