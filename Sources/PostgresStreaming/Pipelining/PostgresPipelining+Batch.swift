extension PostgresPipelining {
    /// Runs several queries in one flight and returns their results together.
    ///
    /// ```swift
    /// let results = try await connection.batch([
    ///     "UPDATE account SET balance = balance - 10 WHERE id = \(ids[0])",
    ///     "UPDATE account SET balance = balance + 10 WHERE id = \(ids[1])",
    ///     "SELECT sum(balance) FROM account",
    /// ])
    /// print(try results[2].rows[0].decode(Int.self))
    /// ```
    ///
    /// All rows are kept: `receivedBytesMax` of the options bounds them.
    ///
    /// - Throws: where the queries stand or fall together, `server` for the one that failed, whose place is the error's
    ///   `statementIndex`; `memoryLimitExceeded` where the results are larger than they may be; the connection's failure,
    ///   `cancelled`, `queryTimedOut`.
    public nonisolated(nonsending) func batch(
        _ queries: [PostgresQuery], _ isolation: PipelineIsolation = .allOrNothing,
        options: PipelineOptions = PipelineOptions()
    ) async throws -> [PostgresBatchResult] {
        let statements = try await withPipeline(isolation, options: options) { pipeline in
            try await pipeline.run.runBatch(queries)
        }
        return statements.map(PostgresBatchResult.init)
    }
}

/// The result of one query of a batch.
public struct PostgresBatchResult: Sendable {
    /// The columns of the rows; empty for a statement that returns none.
    public let columns: [PostgresColumn]
    /// The rows.
    public let rows: [Row]
    /// What the server said about the command; nil for a query without a command, and where it did not run.
    public let commandTag: PostgresCommandTag?
    /// What became of the statement.
    public let outcome: PipelineOutcome
    /// Why it has no effect; nil where it has.
    public let error: PostgresError?

    fileprivate init(_ statement: PipelinedStatement) {
        columns = statement.layout?.columns ?? []
        commandTag = statement.tag
        outcome = statement.outcome ?? .unknown
        error = statement.error
        var rows: [Row] = []
        while let layout = statement.layout, let (range, slab) = statement.takeReceived() {
            rows += RowChunk(slab: slab, layout: layout, rows: range, firstRowNumber: rows.count + 1)
        }
        self.rows = rows
        statement.endObservation(rowCount: rows.count)
    }
}

extension PipelineRun {
    /// Queues all queries and reads all answers.
    fileprivate nonisolated(nonsending) func runBatch(
        _ queries: [PostgresQuery]
    ) async throws(PostgresError) -> [PipelinedStatement] {
        for query in queries { try await settleTypes(of: query) }
        var statements: [PipelinedStatement] = []
        statements.reserveCapacity(queries.count)
        for query in queries {
            let statement = makeStatement(keepsRows: true)
            do throws(PostgresError) {
                try await add(query, statement)
            } catch {
                throw error.statementIndex == nil ? PostgresError(error, ofStatement: statement.index) : error
            }
            statements.append(statement)
        }
        try endGroup()
        try await read(to: .idle)
        // Where each stands by itself its result says what became of it.
        if isolation == .perStatement { failures.removeAll() }
        return statements
    }
}
