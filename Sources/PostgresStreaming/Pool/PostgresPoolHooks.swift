/// What is done to the connections of a pool on their way. None is there by default.
///
/// Each gets the connection for itself; it must not keep it. Where one throws, or answers false, the connection is closed
/// and the pool goes on with another one. One that takes longer than it may is cancelled, and
/// one that does not end then within `PostgresConfiguration.cleanUpTimeout` is left to itself, without its connection.
public struct PostgresPoolHooks: Sendable {
    /// Done once with every new connection, before it is lent first: to prepare statements, say. What the reset between
    /// two leases undoes, such as settings, belongs into `beforeLease` or `PostgresConfiguration.runtimeParameters`.
    ///
    /// It has `PostgresConfiguration.connectTimeout` for that, or `addressTimeout` where that is shorter. An error is
    /// treated as one of connecting: whoever waits for a connection may get it.
    public var configure: (nonisolated(nonsending) @Sendable (PostgresConnection) async throws -> Void)?
    /// Done before every lease, in a task that has the caller's task-local values; it has what is left of the time for
    /// which the call waits for a connection (`PostgresPoolConfiguration.leaseTimeout`).
    public var beforeLease: (nonisolated(nonsending) @Sendable (PostgresConnection) async throws -> Bool)?
    /// Done with what every lease leaves behind, before it is reset; nobody waits for it but the next who needs the
    /// connection. It has `PostgresPoolConfiguration.checkTimeout` for that.
    public var onRelease: (nonisolated(nonsending) @Sendable (PostgresConnection) async throws -> Bool)?
    /// Told of every connection of the pool that ended, and why.
    public var onClose: (@Sendable (CloseReason) -> Void)?

    /// No hooks.
    public init() {}

    /// Why a connection of a pool ended. New reasons may come with any release.
    public struct CloseReason: Hashable, Sendable, CustomStringConvertible {
        /// The reason's name.
        public let description: String

        private init(_ name: String) { description = name }

        /// It was older than `lifetimeMax`.
        public static let expired = CloseReason("expired")
        /// Nobody used it for longer than `idleTimeout`, or the pool was made smaller.
        public static let unused = CloseReason("unused")
        /// It ended by itself, or by an error.
        public static let lost = CloseReason("lost")
        /// It did not answer a health check.
        public static let unhealthy = CloseReason("unhealthy")
        /// What a lease left behind could not be cleaned up.
        public static let resetFailed = CloseReason("resetFailed")
        /// A hook turned it down.
        public static let refused = CloseReason("refused")
        /// Its server has not the role any more that the pool needs.
        public static let demoted = CloseReason("demoted")
        /// The pool was closed.
        public static let shutDown = CloseReason("shutDown")
    }
}
