extension PostgresClient {
    /// Lends a connection and runs `body` while its session holds an advisory lock; see
    /// `PostgresConnection.withAdvisoryLock(_:mode:within:_:)`.
    ///
    /// The connection is lent while the lock is waited for and for as long as `body` runs. Calls of the client itself within
    /// `body` need another connection of the pool: use the one that `body` is given where you can. For many that wait at
    /// once, the lock of a transaction has the same cost; try once (`within: .zero`) where the work need not be done twice.
    ///
    /// - Parameters:
    ///   - key: what the lock is about.
    ///   - mode: whether other sessions may share it.
    ///   - limit: how long to wait while other sessions hold it, once there is a connection. 10 seconds by default; zero
    ///     tries once.
    ///   - label: what the lease is called where it is reported as too long; never a value.
    ///   - body: what is done under the lock.
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    @discardableResult
    public nonisolated(nonsending) func withAdvisoryLock<Result, Failure: Error>(
        _ key: PostgresAdvisoryKey, mode: PostgresAdvisoryMode = .exclusive, within limit: Duration = .seconds(10),
        label: String? = nil,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection(label: label) { connection in
            try await connection.withAdvisoryLock(key, mode: mode, within: limit, body)
        }
    }
}
