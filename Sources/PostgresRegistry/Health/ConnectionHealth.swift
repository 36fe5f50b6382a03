import PostgresStreaming

/// What a check of one connection found.
public struct ConnectionHealth: Sendable {
    /// How a connection stands. New states may come with any release.
    public struct State: Sendable, Hashable, CustomStringConvertible {
        /// The state's name.
        public let description: String
        /// Whether sessions can be opened that do what the connection is for.
        public let isUsable: Bool

        private init(_ name: String, isUsable: Bool = false) {
            description = name
            self.isUsable = isUsable
        }

        /// Sessions can be opened.
        public static let ready = State("ready", isUsable: true)
        /// The server replays another one's log, or recovers from a crash, and the connection is not for a standby.
        public static let inRecovery = State("inRecovery")
        /// Nothing listens at the port.
        public static let refused = State("refused")
        /// There was no answer within the time.
        public static let silent = State("silent")
        /// The host's name has no address.
        public static let hostUnknown = State("hostUnknown")
        /// The network has no way to the host, or what answered ended the connection.
        public static let unreachable = State("unreachable")
        /// The password is wrong, or there is none.
        public static let wrongPassword = State("wrongPassword")
        /// The server lets the role not in: it does not exist, or no rule of `pg_hba.conf` allows it.
        public static let loginRefused = State("loginRefused")
        /// The server has no database of that name.
        public static let missingDatabase = State("missingDatabase")
        /// The server, or a pooler before it, has no connection left.
        public static let tooManyClients = State("tooManyClients")
        /// The server is starting.
        public static let starting = State("starting")
        /// The server is shutting down.
        public static let shuttingDown = State("shuttingDown")
        /// TLS failed, or the server's certificate is not the one that was to be.
        public static let tlsFailed = State("tlsFailed")
        /// The SSH tunnel could not be opened.
        public static let tunnelFailed = State("tunnelFailed")
        /// The settings of the connection cannot be used.
        public static let misconfigured = State("misconfigured")
        /// Something else; the error says what.
        public static let failed = State("failed")
    }

    /// The name of the connection.
    public let name: String
    /// How it stands.
    public let state: State
    /// What was in the way; nil where nothing was. It holds no secret of the connection.
    public let error: PostgresError?
    /// How long the check took.
    public let duration: Duration
    /// What the server said of itself; nil where it let no session in.
    public let server: Server?

    /// What a server said of itself.
    public struct Server: Sendable, Hashable {
        /// The time for a query that the server answers at once, and its way there and back.
        public let roundTrip: Duration
        /// The time until the session was open, with name look-up, TLS and login.
        public let connectTime: Duration
        /// The address that answered.
        public let address: String
        /// The server's version as it writes it.
        public let version: String
        /// Whether it replays another server's log.
        public let isInRecovery: Bool
        /// The bytes of log that it has received and not replayed; nil where it does not replay any that it receives.
        public let replayLagBytes: Int?
        /// The age of the last transaction that was replayed, zero where all that was received is replayed; nil as above. It
        /// says nothing of what has not been received.
        public let replayLag: Duration?
        /// Whether a pooler stands in between: the session's process is not the one that the login named. Nil where the
        /// login named none.
        public let isPooled: Bool?
    }
}

extension ConnectionHealth: CustomStringConvertible {
    /// Name, state and what matters most besides.
    public var description: String {
        var text = "\(name): \(state)"
        if let server {
            text += " (round trip \(server.roundTrip / .microseconds(1)) us"
            if let lag = server.replayLagBytes { text += ", \(lag) bytes to replay" }
            if server.isPooled == true { text += ", through a pooler" }
            text += ")"
        }
        if let error { text += ": \(error.message)" }
        return text
    }
}

/// What a check of several connections found.
public struct HealthReport: Sendable, CustomStringConvertible {
    /// What was found, in alphabetical order of the names.
    public let connections: [ConnectionHealth]
    /// How long the check took: as long as the slowest connection.
    public let duration: Duration

    /// Whether every connection is usable.
    public var isHealthy: Bool { connections.allSatisfy(\.state.isUsable) }

    /// What was found of one connection; nil where it was not checked.
    public subscript(name: String) -> ConnectionHealth? { connections.first { $0.name == name } }

    /// One line for each connection.
    public var description: String { connections.map(\.description).joined(separator: "\n") }
}
