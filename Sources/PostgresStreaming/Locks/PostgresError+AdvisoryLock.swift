extension PostgresError {
    /// Other sessions hold the lock.
    static func advisoryLockHeld(_ key: PostgresAdvisoryKey, _ error: PostgresError?) -> PostgresError {
        PostgresError(
            .lockNotAvailable, "could not get the advisory lock \(key): other sessions hold it",
            hint: "Try again later, or wait for longer.", server: error?.server)
    }

    /// The server says nothing at all.
    static func advisoryLockUnanswered(_ key: PostgresAdvisoryKey) -> PostgresError {
        PostgresError(.queryTimedOut, "could not get the advisory lock \(key): the server did not answer in time")
    }

    static var advisoryLockBehindPooler: PostgresError {
        PostgresError(
            .unsupported, "a session cannot hold an advisory lock behind a transaction pooler",
            hint: "It changes with every transaction. Take the lock for a transaction, by "
                + "PostgresTransaction.acquireAdvisoryLock(_:mode:within:).")
    }

    /// The error of a stream that its lock's scope left open.
    static var advisoryLockReleased: PostgresError {
        PostgresError(
            .invalidState, "the advisory lock was given back", hint: "Read a stream to its end inside of its scope.")
    }

    /// A statement gave the lock back while its scope went on.
    static func advisoryLockGone(_ key: PostgresAdvisoryKey) -> PostgresError {
        PostgresError(
            .invalidState, "the advisory lock \(key) was gone before the end of its scope",
            hint: "Statements such as DISCARD ALL give locks back: leave that to the scope.")
    }

    /// The connection, and the lock with it, was lost.
    init(lostBy failure: PostgresError, _ key: PostgresAdvisoryKey) {
        self.init(
            .connectionLost,
            "the advisory lock \(key) may have been lost before the end of its scope: \(failure.message)",
            hint: "What was done in the scope may not have been alone.", server: failure.server,
            isConnectionUsable: false)
    }
}
