import PostgresWire

extension ConnectionDriver {
    /// Asks for the columns of a statement that is about to be run, and has it made where it has a name.
    func startDescribing(_ statement: KnownStatement, after commands: [String]) throws(PostgresError) {
        runner.checkGeneration(of: statement)
        let key = statement.key
        try startDescribing(
            key.sql, as: statement.name, statement.declaredTypes, isPrepared: statement.isPrepared, after: commands)
    }

    /// Reads the columns, and with them the formats to ask for.
    nonisolated(nonsending) func finishDescribing(_ statement: KnownStatement) async throws(PostgresError) {
        let description: StatementDescription
        do throws(PostgresError) {
            description = try await readDescription()
        } catch {
            // The server may have made it, and nothing of its answer will be looked at any more.
            statement.isPrepared = !statement.name.isEmpty
            statements.evict(statement)
            throw error
        }
        statement.isPrepared = !statement.name.isEmpty
        try await note(description.descriptions, of: statement)
    }

    /// Takes note of the columns of a statement, and asks in which formats they can be had where that is not known.
    nonisolated(nonsending) func note(
        _ columns: [ColumnDescription]?, of statement: KnownStatement
    ) async throws(PostgresError) {
        try await findBinaryOutput(of: columns ?? [])
        statement.note(description: columns) { statements.binaryOutput.isMissing($0) }
        if statement.slot < 0, !statement.isOwn, !statement.resultFormats.contains(.text) {
            statements.binaryOutput.noteHarmless(statement.key)
        }
        statements.countMemory(of: statement)
    }

    /// Has a query described, whose parameters are typed as when it runs.
    nonisolated(nonsending) func describe(
        _ query: PostgresQuery, after commands: [String], in scope: (any StatementScope)?
    ) async throws(PostgresError) -> StatementDescription {
        let key = KnownStatement.Key(sql: query.sql, types: query.parameters.types)
        let statement = statements.typed(KnownStatement(key))
        if statement.isToBeTyped {
            let typing = ParameterTyping(
                query.parameters.types, castIndices: query.castParameters, narrowTypes: query.parameters.narrowTypes)
            return try await askForTypes(of: statement, typing, after: commands, in: scope)
        }
        try startDescribing(key.sql, as: "", statement.declaredTypes, after: commands)
        scope?.noteSent()
        return try await readDescription()
    }

    /// Asks for the parameters and columns of a statement, which is made for that.
    ///
    /// - Parameters:
    ///   - isPrepared: whether the server has it already.
    ///   - commands: what to run first in the same flight.
    ///   - followers: what to run after it.
    func startDescribing(
        _ sql: String, as name: String, _ parameterTypeOIDs: [UInt32], isPrepared: Bool = false,
        after commands: [String], followedBy followers: [String] = []
    ) throws(PostgresError) {
        let forgotten = statements.takeForgottenNames()
        var flight = runner.flight(closing: forgotten, after: commands)
        if !isPrepared { flight.parse(sql, as: name, parameterTypeOIDs: parameterTypeOIDs) }
        flight.describe(statement: name)
        for command in followers { flight.run(command: command) }
        try say(flight, closing: forgotten)
    }

    /// Reads the answer to that.
    nonisolated(nonsending) func readDescription() async throws(PostgresError) -> StatementDescription {
        var types: [UInt32] = []
        var columns: [ColumnDescription]?
        try await answer { event in
            switch event {
            case .parameterTypes(let typeOIDs): types = typeOIDs
            case .columns(let described): columns = described
            default: break
            }
            return nil as Void?
        }
        return StatementDescription(
            parameterTypes: types.map(PostgresType.init(rawValue:)), columns: (columns ?? []).map(PostgresColumn.init),
            descriptions: columns)
    }
}
