/// What lends connections, one after the other: a configuration opens them, a pool keeps them.
public protocol PostgresConnectionSource: Sendable {
    /// Lends a connection for as long as `body` runs.
    nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result

    /// As `withConnection(_:)`, but waits for the connection for `limit` at most, where the source's own limit is not
    /// shorter; nil leaves it at that. A source that does not implement this goes by its own limit alone.
    nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        within limit: Duration?, _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result
}

extension PostgresConnectionSource {
    /// As `withConnection(_:)`: the source's own limit holds.
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        within limit: Duration?, _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection(body)
    }
}

extension PostgresConfiguration: PostgresConnectionSource {
    /// Connects, runs `body` and closes the connection.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection(within: nil, body)
    }

    /// Connects within `connectTimeout`, or `limit` where that is shorter, runs `body` and closes the connection.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        within limit: Duration?, _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        var configuration = self
        if let limit { configuration.connectTimeout = min(connectTimeout, limit) }
        let connection = try await PostgresConnection.connect(configuration)
        do {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }
}

extension PostgresConnectionSource {
    /// Runs `body` as a transaction, and again where it met a conflict with another one (40001, 40P01), a statement that
    /// was out of date or not answered in time, or the loss of its connection before the commit.
    ///
    /// `body` has to bear being run several times: what it does outside of the database it does each time. Errors that it
    /// catches and turns into others do not keep it from being run again.
    ///
    /// Where the connection is lost during the commit, another connection is asked what became of it: the transaction is
    /// never run again before it is certain that it had no effect. Where that cannot be found out in time,
    /// `commitUnknown` is thrown.
    ///
    /// All of it takes the policy's `timeout` at most, and then one clean-up. What ended without an effect by then says so
    /// by `isRetrySafe`.
    ///
    /// - Throws: what the last attempt met; see `PostgresConnection.withTransaction(isolation:options:_:)`.
    @discardableResult
    public nonisolated(nonsending) func withRetryingTransaction<Result, Failure: Error>(
        isolation: TransactionOptions.Isolation? = nil, options: TransactionOptions = TransactionOptions(),
        retry policy: RetryPolicy = RetryPolicy(),
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        var options = options
        options.isolation = isolation ?? options.isolation
        options.tracksCommit = true
        var transaction = RetryingTransaction<Result>(options, policy)
        while true {
            do {
                let result = try await withConnection(within: transaction.timeLeft) { connection in
                    await transaction.run(on: connection, body)
                }
                if let result { return try result.get() }
            } catch {
                // What is thrown here is not of the transaction: `run` keeps that to itself.
                guard let loss = error as? PostgresError, loss.isLoss, transaction.mayGoOn else {
                    throw transaction.lostCommit ?? error
                }
                transaction.noteFailedConnection()
            }
            try await transaction.pause()
        }
    }
}
