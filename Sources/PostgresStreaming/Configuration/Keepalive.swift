extension PostgresConfiguration {
    /// How a TCP connection notices that the peer has vanished: by default within two minutes, where Linux by itself
    /// takes more than two hours. Nil leaves a setting to the system.
    public struct Keepalive: Hashable, Sendable {
        /// Whether the system asks a silent peer for a sign of life.
        public var isOn: Bool
        /// The silence before it first asks.
        public var idleSeconds: Int?
        /// The time between two questions.
        public var intervalSeconds: Int?
        /// The questions without an answer after which the connection is lost.
        public var count: Int?
        /// How long sent data may stay unacknowledged before the connection is lost (`TCP_USER_TIMEOUT`). A server that
        /// is alive and does not read for so long, while more is to be sent than the kernels hold, counts as lost too.
        public var userTimeoutMilliseconds: Int?

        /// Sets what is given.
        public init(
            isOn: Bool = true, idleSeconds: Int? = 60, intervalSeconds: Int? = 10, count: Int? = 6,
            userTimeoutMilliseconds: Int? = 120_000
        ) {
            self.isOn = isOn
            self.idleSeconds = idleSeconds
            self.intervalSeconds = intervalSeconds
            self.count = count
            self.userTimeoutMilliseconds = userTimeoutMilliseconds
        }
    }
}
