extension PostgresConnection {
    /// Runs `body` while the session holds an advisory lock, and gives the lock back however `body` ends.
    ///
    /// Locks of one session stack: in `body` the same lock can be taken again, and it is held until the outermost scope
    /// ends. What `body` leaves open on the connection, a stream or a transaction block, is ended before the lock is given
    /// back. Where the lock cannot be given back within the configuration's `cleanUpTimeout` the connection is closed, and the server does it.
    ///
    /// The lock is lost with its connection: then the next statement in `body` fails, and if there is none, this call
    /// does. A call that was cancelled while it waited leaves no lock behind. A lock that your own statements took by the
    /// same key on this connection is not told apart from this one.
    ///
    /// - Parameters:
    ///   - key: what the lock is about.
    ///   - mode: whether other sessions may share it.
    ///   - limit: how long to wait while other sessions hold it. 10 seconds by default; zero tries once. The server keeps
    ///     the time (`lock_timeout`, in milliseconds), so that there is no doubt who got the lock.
    ///   - body: what is done under the lock.
    /// - Throws: what `body` throws; `lockNotAvailable` where other sessions held the lock for all of the time;
    ///   `unsupported` behind a transaction pooler; `invalidState` in a transaction block, and where a statement in `body`
    ///   gave the lock back; `connectionLost` where the lock may have been lost before `body` ended.
    @discardableResult
    public nonisolated(nonsending) func withAdvisoryLock<Result, Failure: Error>(
        _ key: PostgresAdvisoryKey, mode: PostgresAdvisoryMode = .exclusive, within limit: Duration = .seconds(10),
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        let lock = AdvisoryLock(key: key, mode: mode)
        try await lock.acquire(on: gate, within: limit)
        let result: Result
        do {
            result = try await body(self)
        } catch {
            _ = await lock.release(on: gate)
            throw error
        }
        if let loss = await lock.release(on: gate) { throw loss }
        return result
    }
}
