import PostgresWire

/// A statement of its own on the server, which is closed with the last reference to this.
final class StatementToken {
    private let gate: ConnectionGate
    private var statement: KnownStatement?

    init(_ gate: ConnectionGate) { self.gate = gate }

    deinit {
        if let statement, !statement.name.isEmpty { gate.forget(statement: statement.name) }
    }

    /// Has the server make the statement.
    nonisolated(nonsending) func prepare(_ query: PostgresQuery) async throws(PostgresError) -> StatementDescription {
        if let failure = query.failure { throw failure }
        guard query.parameterCount == 0 else {
            throw PostgresError(
                .queryInvalid, "a statement to prepare has values in it",
                hint: "Write $1 where a parameter stands; its value comes when the statement is run.")
        }
        let name = try await statementName()
        let description = try await StatementDescription.preparing(query.sql, as: name, on: gate)
        let types = description.parameterTypes.map(\.rawValue)
        // Prepared again it is declared with the types that its values are written in.
        let statement = KnownStatement(KnownStatement.Key(sql: query.sql, types: types.map { ParameterType($0) }))
        statement.name = name
        statement.isPrepared = true
        statement.isOwn = true
        self.statement = statement
        try await adopt(statement, description.descriptions)
        return description
    }

    nonisolated(nonsending) func run(
        _ parameters: BoundParameters, _ options: StreamOptions
    ) async throws(PostgresError) -> RowStream {
        guard let statement else { throw PostgresError(.invalidState, "the statement was not prepared") }
        return try await RowStream.run(.kept(statement, parameters), options, on: gate, in: gate.transaction)
    }

    /// Returns a name for a statement of its own.
    private nonisolated(nonsending) func statementName() async throws(PostgresError) -> String {
        let driver = try await gate.begin(in: gate.transaction)
        defer { gate.finish() }
        guard !driver.statements.isBehindTransactionPooler else {
            throw PostgresError(
                .unsupported, "a statement cannot be kept behind a transaction pooler",
                hint: "Run it as a query; a pooler that keeps track of statements itself counts as a session pooler.")
        }
        return driver.statements.nextName()
    }

    private nonisolated(nonsending) func adopt(
        _ statement: KnownStatement, _ columns: [ColumnDescription]?
    ) async throws(PostgresError) {
        let driver = try await gate.begin(in: gate.transaction)
        statement.generation = driver.statements.generation
        do throws(PostgresError) {
            try await driver.control(within: gate.transaction?.time) { driver throws(PostgresError) in
                try await driver.note(columns, of: statement)
            }
            gate.finish()
        } catch {
            driver.session.isIdle ? gate.finish() : gate.leave()
            gate.transaction?.note(error)
            throw await gate.settled(error)
        }
    }
}
