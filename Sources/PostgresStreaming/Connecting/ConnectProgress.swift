import PostgresTransport

/// Which of its servers an attempt to connect is trying, for those who wait for it.
final class ConnectProgress: Sendable {
    private let state = Locked<(endpoint: PostgresConfiguration.Endpoint, since: MonotonicTime)?>(nil)

    /// The server that is being tried, and since when; nil before the first.
    var current: (endpoint: PostgresConfiguration.Endpoint, since: MonotonicTime)? { state.withLock { $0 } }

    func begin(_ endpoint: PostgresConfiguration.Endpoint) {
        state.withLock { $0 = (endpoint, .now) }
    }
}
