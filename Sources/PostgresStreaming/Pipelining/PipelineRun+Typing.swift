import PostgresWire

extension PipelineRun {
    /// Settles the types of a query's parameters, and returns the statement with the values written as these.
    ///
    /// The server is asked where that is needed, as for a query by itself; where a group has been begun, within that.
    nonisolated(nonsending) func typed(
        _ known: KnownStatement, _ query: PostgresQuery
    ) async throws(PostgresError) -> (KnownStatement, BoundParameters) {
        guard known.isToBeTyped || known.inferredTypes != nil else {
            try await describeFirst(known)
            return (known, query.parameters)
        }
        if let types = known.inferredTypes, let written = try Self.written(query.parameters, as: types) {
            return (known, written)
        }
        if isolation == .perStatement, !driver.session.isIdle { try await read(to: .idle) }
        guard driver.session.isIdle else { return try await typedWithin(known, query) }
        announced.overwriteUnnamed()
        let answer = try await inside { driver throws(PostgresError) in
            try await driver.control(within: time) { driver throws(PostgresError) in
                // A refusal in the middle of a pipeline could not be healed, so the server is asked in any case.
                if known.isToBeTyped {
                    let typing = Self.typing(of: known, query)
                    try await driver.askForTypes(of: known, typing, after: scope?.pending ?? [], in: scope)
                }
                var commands = scope?.pending ?? []
                return try await driver.typed(
                    .kept(known, query.parameters), of: .text(query, .extended), after: &commands, in: scope)
            }
        }
        guard case .kept(let statement, let parameters) = answer else { return (known, query.parameters) }
        try await describeFirst(statement)
        return (statement, parameters)
    }

    /// Whether a statement can be said as it is, without a question to the server.
    func isReady(_ known: KnownStatement) -> Bool {
        !known.isToBeTyped && known.inferredTypes == nil && (known.isDescribed || !driver.session.isIdle)
    }

    /// Settles the types of a query's parameters before the first statement of a group, where a refusal does no harm. One that
    /// needs what an earlier statement is to make is refused now, and asked about again in its turn.
    nonisolated(nonsending) func settleTypes(of query: PostgresQuery) async throws(PostgresError) {
        guard !isInBlock, query.failure == nil, query.parameters.types.contains(where: \.isOpen) else { return }
        try checkOpen()
        let known = driver.statements.use(KnownStatement.Key(sql: query.sql, types: query.parameters.types))
        guard known.isToBeTyped, driver.session.isIdle else { return }
        do throws(PostgresError) {
            _ = try await typed(known, query)
        } catch {
            guard error.code == .server, driver.session.isIdle else { throw error }
        }
    }

    /// Has a statement described that may return what has no binary form, while that needs nothing but a round trip.
    nonisolated(nonsending) func describeFirst(_ statement: KnownStatement) async throws(PostgresError) {
        guard !statement.isDescribed, statement.binaryFailures > 0 || statement.mayReturnValuesWithoutBinary,
            driver.session.isIdle
        else { return }
        let commands = scope?.pending ?? []
        try await inside { driver throws(PostgresError) in
            try await driver.control(within: time) { driver throws(PostgresError) in
                try driver.startDescribing(statement, after: commands)
                scope?.noteSent()
                try await driver.finishDescribing(statement)
            }
        }
    }

    /// The values written as types that are known; nil where they do not agree with them.
    private static func written(
        _ parameters: BoundParameters, as types: [UInt32]
    ) throws(PostgresError) -> BoundParameters? {
        guard parameters.agree(with: types) else { return nil }
        var exceeding: [Int] = []
        let written = try parameters.written(as: types, exceeding: &exceeding)
        return exceeding.isEmpty ? written : nil
    }

    /// Asks for the types in the middle of a group, whose statements the answer waits for. A refusal fails the group.
    private nonisolated(nonsending) func typedWithin(
        _ known: KnownStatement, _ query: PostgresQuery
    ) async throws(PostgresError) -> (KnownStatement, BoundParameters) {
        var typing = Self.typing(of: known, query)
        while true {
            let question = PipelinedStatement(index: statementCount)
            try ask(known, typing.asked, for: question)
            try await read(to: .end(question))
            do throws(PostgresError) {
                try question.check()
            } catch {
                throw PostgresError(typesRefusedBy: error)
            }
            guard typing.answered(question.parameterTypes ?? []) else { continue }
            driver.statements.learn(typing.asked, of: known)
            guard let types = known.inferredTypes else { return (known, query.parameters) }
            if let written = try Self.written(query.parameters, as: types) { return (known, written) }
            throw PostgresError(.parameterInvalid, "a value has another type than the statement takes")
        }
    }

    private static func typing(of known: KnownStatement, _ query: PostgresQuery) -> ParameterTyping {
        ParameterTyping(
            query.parameters.types, castIndices: query.castParameters, narrowTypes: query.parameters.narrowTypes,
            refused: known.refusedTypes)
    }

    private func ask(
        _ known: KnownStatement, _ types: [UInt32], for question: PipelinedStatement
    ) throws(PostgresError) {
        var flight = ExtendedFlight()
        flight.parse(known.key.sql, parameterTypeOIDs: types)
        flight.describe(statement: "")
        let sync = driver.session.syncsSaid
        do throws(FrontendMessageError) {
            try driver.session.start(flight, andSync: false)
        } catch {
            throw PostgresError(error)
        }
        announced.overwriteUnnamed()
        let asked = KnownStatement(KnownStatement.Key(sql: known.key.sql, types: []))
        note(PipelinedRun(statement: question, known: asked, layout: nil, leadingCount: 0), sync)
    }
}

extension PostgresError {
    /// The question for the types of parameters has failed, and its group with it.
    fileprivate init(typesRefusedBy error: PostgresError) {
        guard let state = error.sqlState, ParameterTyping.statesOfTypes.contains(state) else {
            self = error
            return
        }
        let hint =
            "The server was asked for the parameters' types in the middle of a group, which fails with that. Name the type as "
            + "\\(value, as: .int4), run the statement once before, or queue it first in its group."
        self.init(
            error.code, error.message, hint: error.hint.map { "\($0) \(hint)" } ?? hint, server: error.server,
            isConnectionUsable: error.isConnectionUsable)
    }
}
