import PostgresTransport

extension PostgresError {
    static var poolClosed: PostgresError {
        PostgresError(.poolClosed, "the pool was closed", isConnectionUsable: false)
    }

    static var noneThatWorks: PostgresError {
        PostgresError(.poolTimedOut, "no connection that works was found in time")
    }

    static var leaseCancelled: PostgresError {
        PostgresError(.cancelled, "the task was cancelled while it waited for a connection")
    }

    static func poolQueueFull(_ waitersMax: Int) -> PostgresError {
        PostgresError(
            .poolQueueFull, "could not wait for a connection: \(waitersMax) calls wait already",
            hint: "The pool is too small for what is asked of it, or leases are held too long.")
    }

    static func poolOverloaded(waited: Duration) -> PostgresError {
        PostgresError(
            .poolOverloaded, "turned away after waiting \(waited.forReading) for a connection: the pool is overloaded",
            hint: "Ask for less for a while; calls that were just made are served in time.")
    }

    static var leaseNested: PostgresError {
        PostgresError(
            .leaseNested,
            "cannot wait for another connection: all are lent to tasks that wait for one, this one included",
            hint: "Use the connection that the task has, or have connectionsMax exceed the number of such tasks.")
    }

    /// A call waited in vain.
    static func poolTimedOut(waited: Duration, _ scene: PoolScene) -> PostgresError {
        PostgresError(
            .poolTimedOut, "no connection became free within \(waited.forReading): \(scene.description)",
            hint: scene.hint)
    }
}

extension Duration {
    /// Such as `250 ms` and `12.5 s`.
    var forReading: String {
        let milliseconds = nanoseconds / 1_000_000
        guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
        let tenths = milliseconds / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
