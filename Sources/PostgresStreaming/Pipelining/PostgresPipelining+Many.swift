extension PostgresPipelining {
    /// Runs one statement for each row of a sequence, prepared once and sent without waiting for the answers in between.
    ///
    /// ```swift
    /// let rows = zip(newIDs, names).lazy.map { (id, name) in (id, name) }
    /// let result = try await connection.executeMany("INSERT INTO customer (id, name) VALUES ($1, $2)", over: rows)
    /// print(result.affectedRows)
    /// ```
    ///
    /// The server names the parameters' types, and each value is written as these; an optional that is nil is NULL. A row of
    /// several parameters is a tuple. The sequence is asked for more only as fast as the server takes it.
    ///
    /// - Parameters:
    ///   - query: the statement, with `$1`, `$2` and so on where the parameters stand.
    ///   - rows: the parameters of each run.
    ///   - isolation: whether one failure undoes all rows and is thrown, or each row stands by itself.
    ///   - options: limits of memory and time.
    ///   - progress: is told now and then how many rows have run.
    /// - Throws: `server` for the row that failed, whose place is the error's `statementIndex`; `parameterInvalid` for a row
    ///   that cannot be sent; the connection's failure, `cancelled`, `queryTimedOut`.
    @_disfavoredOverload
    @discardableResult
    public nonisolated(nonsending) func executeMany<Rows: Sequence, each Parameter: PostgresEncodableElement>(
        _ query: PostgresQuery, over rows: Rows, _ isolation: PipelineIsolation = .allOrNothing,
        options: PipelineOptions = PipelineOptions(), progress: (_ rowCount: Int) -> Void = { _ in }
    ) async throws -> PostgresManyResult where Rows.Element == (repeat each Parameter) {
        try await withPipeline(isolation, options: options) { pipeline async throws -> PostgresManyResult in
            let run = pipeline.run
            let count = Self.count(repeat (each Parameter).self)
            return try await run.runMany(query, parameterCount: count, progress: progress) { many in
                for row in rows {
                    try many.add { writer throws(PostgresError) in try many.write(repeat each row, to: &writer) }
                    if many.isToBeSent, try await !run.send(many, progress) { return }
                }
            }
        }
    }

    /// Runs one statement for each row of an asynchronous sequence; see the form for sequences. What is queued is handed to
    /// the server when 32 KiB are queued, and at the end.
    ///
    /// - Throws: as that form, and what the sequence throws; what was queued is undone then, unless each row stands by itself.
    @_disfavoredOverload
    @discardableResult
    public nonisolated(nonsending) func executeMany<Rows: AsyncSequence, each Parameter: PostgresEncodableElement>(
        _ query: PostgresQuery, over rows: Rows, _ isolation: PipelineIsolation = .allOrNothing,
        options: PipelineOptions = PipelineOptions(), progress: (_ rowCount: Int) -> Void = { _ in }
    ) async throws -> PostgresManyResult where Rows.Element == (repeat each Parameter) {
        try await withPipeline(isolation, options: options) { pipeline async throws -> PostgresManyResult in
            let run = pipeline.run
            let count = Self.count(repeat (each Parameter).self)
            return try await run.runMany(query, parameterCount: count, progress: progress) { many in
                var iterator = rows.makeAsyncIterator()
                while let row = try await iterator.next(isolation: #isolation) {
                    try many.add { writer throws(PostgresError) in try many.write(repeat each row, to: &writer) }
                    if many.isToBeSent, try await !run.send(many, progress) { return }
                }
            }
        }
    }

    /// Runs one statement with one parameter for each value of a sequence; see the form for rows of several parameters.
    ///
    /// - Throws: as that form.
    @discardableResult
    public nonisolated(nonsending) func executeMany<Values: Sequence>(
        _ query: PostgresQuery, over values: Values, _ isolation: PipelineIsolation = .allOrNothing,
        options: PipelineOptions = PipelineOptions(), progress: (_ rowCount: Int) -> Void = { _ in }
    ) async throws -> PostgresManyResult where Values.Element: PostgresEncodableElement {
        try await withPipeline(isolation, options: options) { pipeline async throws -> PostgresManyResult in
            let run = pipeline.run
            return try await run.runMany(query, parameterCount: 1, progress: progress) { many in
                for value in values {
                    try many.add { writer throws(PostgresError) in try value.bind(as: many.types[0], to: &writer) }
                    if many.isToBeSent, try await !run.send(many, progress) { return }
                }
            }
        }
    }

    /// Runs one statement with one parameter for each value of an asynchronous sequence; see the form for rows of several
    /// parameters.
    ///
    /// - Throws: as that form.
    @discardableResult
    public nonisolated(nonsending) func executeMany<Values: AsyncSequence>(
        _ query: PostgresQuery, over values: Values, _ isolation: PipelineIsolation = .allOrNothing,
        options: PipelineOptions = PipelineOptions(), progress: (_ rowCount: Int) -> Void = { _ in }
    ) async throws -> PostgresManyResult where Values.Element: PostgresEncodableElement {
        try await withPipeline(isolation, options: options) { pipeline async throws -> PostgresManyResult in
            let run = pipeline.run
            return try await run.runMany(query, parameterCount: 1, progress: progress) { many in
                var iterator = values.makeAsyncIterator()
                while let value = try await iterator.next(isolation: #isolation) {
                    try many.add { writer throws(PostgresError) in try value.bind(as: many.types[0], to: &writer) }
                    if many.isToBeSent, try await !run.send(many, progress) { return }
                }
            }
        }
    }

    private static func count<each Value>(_ value: repeat (each Value).Type) -> Int {
        var count = 0
        for _ in repeat each value { count += 1 }
        return count
    }
}

extension PipelineRun {
    /// Hands what is queued to the kernel, and says how many rows have run; false where none is run any more.
    fileprivate nonisolated(nonsending) func send(
        _ many: ManyStatement, _ progress: (Int) -> Void
    ) async throws(PostgresError) -> Bool {
        let goesOn = try await many.send()
        progress(many.rows.ranCount)
        return goesOn
    }

    /// Prepares the statement, has `body` say its rows, and reads to the end.
    fileprivate nonisolated(nonsending) func runMany(
        _ query: PostgresQuery, parameterCount: Int, progress: (Int) -> Void,
        _ body: nonisolated(nonsending) (ManyStatement) async throws -> Void
    ) async throws -> PostgresManyResult {
        let many = try await prepareMany(query)
        observe(many.statement, many.known)
        defer { forget(many) }
        do {
            try many.check(parameterCount: parameterCount)
            try await run(many, body)
        } catch {
            many.statement.endObservation(
                error as? PostgresError ?? PostgresError(.cancelled, "the sequence of rows failed"))
            throw error
        }
        many.statement.endObservation()
        progress(many.rows.ranCount)
        return PostgresManyResult(many.rows)
    }

    /// Has `body` say the rows, and reads to the end.
    private nonisolated(nonsending) func run(
        _ many: ManyStatement, _ body: nonisolated(nonsending) (ManyStatement) async throws -> Void
    ) async throws {
        do {
            try await body(many)
        } catch {
            // Rows that stand by themselves are run although a later one is refused.
            if driver.failure == nil { try many.handOver() }
            throw error
        }
        try await finishMany(many)
    }
}
