/// What can run a pipeline: a connection, a transaction, a pool of connections.
public protocol PostgresPipelining {
    /// Runs `body` with a pipeline; see `PostgresConnection.withPipeline(_:options:_:)`.
    nonisolated(nonsending) func withPipeline<Result, Failure: Error>(
        _ isolation: PipelineIsolation, options: PipelineOptions,
        _ body: nonisolated(nonsending) (PostgresPipeline) async throws(Failure) -> Result
    ) async throws -> Result
}

extension PostgresConnection: PostgresPipelining {
    /// Runs `body` with a pipeline: statements that are sent without waiting for the answers in between, so that a hundred of
    /// them take one round trip.
    ///
    /// ```swift
    /// try await connection.withPipeline { pipeline in
    ///     let payment = try await pipeline.execute("INSERT INTO payment (amount) VALUES (\(amounts[0]))")
    ///     let customers = try await pipeline.query("SELECT name FROM customer WHERE region = \(region)")
    ///     for try await name in try await customers.rows().decode(String.self) { print(name) }
    ///     print(try await payment.commandTag()?.rows ?? 0)
    /// }
    /// ```
    ///
    /// When `body` returns, what is left is sent and answered, and the first failure that no call has thrown yet is thrown.
    /// When it throws, the pipeline is left: an implicit transaction that is open is rolled back, and the rest is read or
    /// cancelled. Until then the connection is busy for everything else.
    ///
    /// - Parameters:
    ///   - isolation: whether one failure undoes all, or each statement stands by itself.
    ///   - options: limits of memory and time.
    ///   - body: what queues statements and awaits results.
    /// - Throws: what `body` throws; `server` where a statement failed of which `body` did not learn; the connection's failure,
    ///   `cancelled` and `queryTimedOut`.
    @discardableResult
    public nonisolated(nonsending) func withPipeline<Result, Failure: Error>(
        _ isolation: PipelineIsolation = .allOrNothing, options: PipelineOptions = PipelineOptions(),
        _ body: nonisolated(nonsending) (PostgresPipeline) async throws(Failure) -> Result
    ) async throws -> Result {
        try await PipelineRun.run(isolation, options, on: gate) { run async throws(Failure) -> Result in
            try await body(PostgresPipeline(run))
        }
    }
}

extension PostgresTransaction: PostgresPipelining {
    /// Runs `body` with a pipeline in the transaction; see `PostgresConnection.withPipeline(_:options:_:)`.
    ///
    /// BEGIN goes out with the first statement. A statement that fails fails the transaction, however the pipeline is isolated.
    ///
    /// - Throws: as the connection's own; `transactionEnded` if a statement has ended the transaction.
    @discardableResult
    public nonisolated(nonsending) func withPipeline<Result, Failure: Error>(
        _ isolation: PipelineIsolation = .allOrNothing, options: PipelineOptions = PipelineOptions(),
        _ body: nonisolated(nonsending) (PostgresPipeline) async throws(Failure) -> Result
    ) async throws -> Result {
        try await PipelineRun.run(isolation, options, on: scope.gate, in: scope) {
            run async throws(Failure) -> Result in
            try await body(PostgresPipeline(run))
        }
    }
}

extension PostgresClient: PostgresPipelining {
    /// Lends a connection for a pipeline; see `PostgresConnection.withPipeline(_:options:_:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    @discardableResult
    public nonisolated(nonsending) func withPipeline<Result, Failure: Error>(
        _ isolation: PipelineIsolation = .allOrNothing, options: PipelineOptions = PipelineOptions(),
        _ body: nonisolated(nonsending) (PostgresPipeline) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection { connection in
            try await connection.withPipeline(isolation, options: options, body)
        }
    }
}
