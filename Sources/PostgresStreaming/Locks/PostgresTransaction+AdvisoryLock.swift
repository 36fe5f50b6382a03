extension PostgresTransaction {
    /// Gets an advisory lock that is held until the transaction has ended: committed or rolled back. It is the only kind
    /// that works behind a transaction pooler.
    ///
    /// A lock that was taken within a savepoint is given back where the savepoint is rolled back.
    ///
    /// - Parameters:
    ///   - key: what the lock is about.
    ///   - mode: whether other sessions may share it.
    ///   - limit: how long to wait while other sessions hold it. 10 seconds by default; zero tries once. The server keeps
    ///     the time (`lock_timeout`, in milliseconds).
    /// - Throws: `lockNotAvailable` where other sessions held the lock for all of the time. The transaction goes on where
    ///   it was tried once; where it was waited for the transaction has failed, as after any statement that fails, unless
    ///   that was in a savepoint. Otherwise as `query`.
    public nonisolated(nonsending) func acquireAdvisoryLock(
        _ key: PostgresAdvisoryKey, mode: PostgresAdvisoryMode = .exclusive, within limit: Duration = .seconds(10)
    ) async throws(PostgresError) {
        let lock = AdvisoryLock(key: key, mode: mode)
        let query = limit > .zero ? lock.waiting(.transaction, for: limit) : lock.trying(.transaction)
        // Where the server does not keep the time because it does not answer at all, this does.
        let options = StreamOptions { $0.timeout = max(limit, .zero).asLimit + scope.gate.times.cleanUp }
        let isGranted: Bool
        do throws(PostgresError) {
            isGranted = try await self.query(query, options: options).only().decode(Bool.self)
        } catch {
            throw error.sqlState == .lockNotAvailable ? .advisoryLockHeld(key, error) : error
        }
        guard isGranted else { throw .advisoryLockHeld(key, nil) }
    }
}
