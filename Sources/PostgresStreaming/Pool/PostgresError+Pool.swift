extension PostgresError {
    static var poolClosed: PostgresError {
        PostgresError(.poolClosed, "the pool was closed", isConnectionUsable: false)
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

    static var leaseEnded: PostgresError {
        PostgresError(
            .leaseEnded, "the connection was given back to its pool", hint: "Do not keep it beyond its closure.")
    }

    static func poolTimedOut(_ message: String) -> PostgresError { PostgresError(.poolTimedOut, message) }

    /// A call waited in vain.
    static func poolTimedOut(
        waited: Duration, holders: [(lease: PoolLease, time: Duration)], waiting: Int, _ lastError: PostgresError?
    ) -> PostgresError {
        var text = "no connection became free within \(waited.forReading): \(holders.count) are lent"
        if let longest = holders.max(by: { $0.time < $1.time }) {
            let label = longest.lease.label.map { " by \"\($0)\"" } ?? ""
            text += ", the longest for \(longest.time.forReading)\(label)"
        }
        text += ", \(waiting) other calls wait"
        let hint =
            lastError.map { "The last attempt to connect failed: \($0.message)." }
            ?? "Raise connectionsMax, or look for leases that are held too long."
        return PostgresError(.poolTimedOut, text, hint: hint)
    }
}

extension Duration {
    /// Such as `250 ms` and `12.5 s`.
    fileprivate var forReading: String {
        let milliseconds = nanoseconds / 1_000_000
        guard milliseconds >= 1_000 else { return "\(milliseconds) ms" }
        let tenths = milliseconds / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
