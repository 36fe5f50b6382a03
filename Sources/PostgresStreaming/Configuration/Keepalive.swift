extension PostgresConfiguration {
    /// How a TCP connection notices that the peer has vanished. Nil leaves a time to the system.
    public struct Keepalive: Hashable, Sendable {
        /// Whether the system asks a silent peer for a sign of life.
        public var isOn: Bool
        /// The silence before it first asks.
        public var idleSeconds: Int?
        /// The time between two questions.
        public var intervalSeconds: Int?
        /// The questions without an answer after which the connection is lost.
        public var count: Int?
        /// How long sent data may stay unacknowledged before the connection is lost.
        public var userTimeoutMilliseconds: Int?

        /// Sets what is given.
        public init(
            isOn: Bool = true, idleSeconds: Int? = nil, intervalSeconds: Int? = nil, count: Int? = nil,
            userTimeoutMilliseconds: Int? = nil
        ) {
            self.isOn = isOn
            self.idleSeconds = idleSeconds
            self.intervalSeconds = intervalSeconds
            self.count = count
            self.userTimeoutMilliseconds = userTimeoutMilliseconds
        }
    }
}
