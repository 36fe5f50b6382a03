import PostgresTransport

/// An attempt to get an advisory lock for a session, as far as the server has answered.
///
/// It is shared by the call and by the clean-up that goes on where the call was cancelled, one after the other.
final class AdvisoryLockAttempt: Sendable {
    struct Progress: Sendable {
        /// Whether the server said that the lock was granted.
        var isGranted = false
        var error: PostgresError?
        /// Whether the server was ready afterwards.
        var isOver = false
    }

    let lock: AdvisoryLock
    /// How long the server waits for the lock; zero: it does not.
    let limit: Duration
    let progress = Locked(Progress())

    init(_ lock: AdvisoryLock, limit: Duration) {
        self.lock = lock
        self.limit = limit
    }

    /// What is sent.
    var query: PostgresQuery { limit > .zero ? lock.waiting(.session, for: limit) : lock.trying(.session) }

    /// Whether the session may hold the lock although the attempt failed.
    ///
    /// A server that gives up waiting may have been granted the lock in the same instant. A lock of a session stays then: it
    /// does not end with the transaction that failed.
    var mayBeGranted: Bool { progress.withLock { $0.isGranted || $0.error != nil } }

    /// Throws why the lock was not granted.
    func check() throws(PostgresError) {
        let progress = progress.withLock { $0 }
        if let error = progress.error {
            throw error.sqlState == .lockNotAvailable ? .advisoryLockHeld(lock.key, error) : error
        }
        if !progress.isGranted { throw .advisoryLockHeld(lock.key, nil) }
    }
}
