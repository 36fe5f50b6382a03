import PostgresWire

extension PipelineRun {
    /// Makes and describes the statement that is to be run for many rows, in one round trip.
    nonisolated(nonsending) func prepareMany(_ query: PostgresQuery) async throws(PostgresError) -> ManyStatement {
        if let failure = query.failure { throw failure }
        guard query.parameterCount == 0 else {
            throw PostgresError(
                .queryInvalid, "a statement to run for many rows has values in it",
                hint: "Write $1 where a parameter stands; its values come with the rows.")
        }
        let sql = query.sql
        let statements = driver.statements
        // With a transaction pooler a name means nothing in the next transaction.
        let name = statements.isBehindTransactionPooler ? "" : statements.nextName()
        let commands = scope?.pending ?? []
        let description = try await driver.control(within: time) { driver throws(PostgresError) in
            try driver.startDescribing(sql, as: name, [], after: commands)
            scope?.noteSent()
            return try await driver.readDescription()
        }
        let types = description.parameterTypes
        let known = KnownStatement(KnownStatement.Key(sql: sql, types: types.map { ParameterType($0.rawValue) }))
        try Self.check(known)
        known.name = name
        known.isPrepared = !name.isEmpty
        known.isOwn = true
        known.generation = statements.generation
        try await driver.control(within: time) { driver throws(PostgresError) in
            try await driver.note(description.descriptions, of: known)
        }
        let rows = ManyRows()
        return ManyStatement(known: known, types: types, rows: rows, statement: makeStatement(sql, rows: rows))
    }

    /// Queues a run of the statement with one row of parameters, as `write` writes them; false where an earlier one has failed,
    /// so that none is run any more.
    func say(
        _ many: ManyStatement, _ write: (inout PostgresParameterWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) -> Bool {
        guard !isAborted else { return false }
        let index = many.rows.saidCount
        var writer = PostgresParameterWriter()
        do throws(PostgresError) {
            try write(&writer)
        } catch {
            throw PostgresError(
                PostgresError(error, message: "row \(index): \(error.message)"), ofStatement: index)
        }
        try say(many.known, writer.parameters, for: many.statement)
        many.rows.saidCount += 1
        return true
    }

    /// Ends what `prepareMany` began: all is said and answered, and the statement is closed with the next flight.
    nonisolated(nonsending) func finishMany(_ many: ManyStatement) async throws(PostgresError) {
        try endGroup()
        try await read(to: .idle)
        forget(many)
        guard isolation == .allOrNothing else {
            failures.removeAll { $0 === many.statement }
            return
        }
        try many.statement.check()
    }

    /// Has the statement closed with the connection's next flight.
    func forget(_ many: ManyStatement) {
        guard many.known.isPrepared else { return }
        many.known.isPrepared = false
        driver.statements.close([many.known.name])
    }
}

/// A statement that is run for many rows of parameters.
struct ManyStatement {
    let known: KnownStatement
    /// The types of its parameters, as the server named them.
    let types: [PostgresType]
    let rows: ManyRows
    let statement: PipelinedStatement

    /// Writes one row of parameters.
    func write<each Parameter: PostgresEncodableElement>(
        _ parameter: repeat each Parameter, to writer: inout PostgresParameterWriter
    ) throws(PostgresError) {
        var index = 0
        for value in repeat each parameter {
            guard index < types.count else { break }
            try value.bind(as: types[index], to: &writer)
            index += 1
        }
    }

    /// Throws where the rows have another number of parameters than the statement.
    func check(parameterCount: Int) throws(PostgresError) {
        guard parameterCount == types.count else {
            throw PostgresError(
                .parameterInvalid, "the statement has \(types.count) parameters and each row has \(parameterCount)")
        }
    }
}
