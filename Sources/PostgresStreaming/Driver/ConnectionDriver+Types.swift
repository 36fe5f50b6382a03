import PostgresWire

extension ConnectionDriver {
    /// Settles the types of a statement's parameters, and returns the request with the values written as these.
    ///
    /// - Parameter commands: what is to be sent before the statement; what was sent already is taken out.
    nonisolated(nonsending) func typed(
        _ known: StatementRequest, of request: StatementRequest, after commands: inout [String],
        in scope: (any StatementScope)?
    ) async throws(PostgresError) -> StatementRequest {
        guard case .kept(var statement, var parameters) = known, case .text(let query, _) = request else {
            return known
        }
        var wasAsked = false
        while true {
            if statement.isToBeTyped, session.transactionStatus != .failed || commands.first == "ROLLBACK" {
                wasAsked = try await settleTypes(of: statement, parameters, query, after: commands, in: scope)
                if wasAsked { commands = [] }
            }
            guard let types = statement.inferredTypes else { return .kept(statement, parameters) }
            var exceeding: [Int] = []
            do throws(PostgresError) {
                guard parameters.agree(with: types) else { throw .namedForNull }
                if let written = try parameters.written(as: types, exceeding: &exceeding) {
                    return .kept(statement, written)
                }
            } catch {
                // The server may mean something else by now, or was asked about NULL.
                guard !wasAsked else { throw error }
                statements.forgetTypes(of: statement, areRefused: false)
                continue
            }
            // Such an integer can be compared with what the statement takes, and not be one.
            for index in exceeding { parameters.declareType(at: index) }
            statement = statements.use(KnownStatement.Key(sql: statement.key.sql, types: parameters.types))
            wasAsked = false
        }
    }

    /// Settles the types of a statement that is new here, or whose types were refused.
    ///
    /// - Returns: whether the server was asked; else the statement is run with the types that its values come in.
    private nonisolated(nonsending) func settleTypes(
        of statement: KnownStatement, _ parameters: BoundParameters, _ query: PostgresQuery,
        after commands: [String], in scope: (any StatementScope)?
    ) async throws(PostgresError) -> Bool {
        let typing = ParameterTyping(
            parameters.types, castIndices: query.castParameters, narrowTypes: parameters.narrowTypes,
            refused: statement.refusedTypes)
        let isInBlock = !commands.isEmpty || session.transactionStatus != .idle
        // A refusal of the statement itself does no harm here, and leads back to the questions.
        guard isInBlock || !typing.asksWithOwnTypes || statement.refusedTypes != nil else { return false }
        try await askForTypes(of: statement, typing, after: commands, in: scope)
        return true
    }

    /// Asks the server which types the parameters of a statement have. In a transaction block the questions follow a
    /// savepoint, so that one that the server cannot answer does no harm.
    @discardableResult
    nonisolated(nonsending) func askForTypes(
        of statement: KnownStatement, _ typing: ParameterTyping, after commands: [String],
        in scope: (any StatementScope)?
    ) async throws(PostgresError) -> StatementDescription {
        var typing = typing
        let isInBlock = !commands.isEmpty || session.transactionStatus != .idle
        var leading = commands + (isInBlock ? [Self.savepoint] : [])
        var failure: PostgresError?
        // The tag of going back to a savepoint is that of a transaction's end, which has no number then.
        let transactionID = runner.commit.transactionID
        while true {
            try startDescribing(
                statement.key.sql, as: "", typing.asked, after: leading,
                followedBy: isInBlock ? [Self.releaseSavepoint] : [])
            scope?.noteSent()
            do throws(PostgresError) {
                defer { runner.commit.transactionID = transactionID }
                let description = try await readDescription()
                if typing.answered(description.parameterTypes.map(\.rawValue)) {
                    statements.learn(typing.asked, of: statement)
                    try await note(description.descriptions, of: statement)
                    return description
                }
                leading = isInBlock ? [Self.savepoint] : []
            } catch {
                guard session.isIdle, let state = error.sqlState else { throw error }
                // The types that the values come in are those that people know.
                if failure == nil || typing.asksWithOwnTypes {
                    failure = PostgresError(refused: error, state, typing.asked)
                }
                guard typing.refused(state) else { throw failure ?? error }
                leading = isInBlock ? [Self.rollBackToSavepoint] : []
            }
        }
    }

    private static let savepoint = "SAVEPOINT ps_types"
    private static let rollBackToSavepoint = "ROLLBACK TO SAVEPOINT ps_types"
    private static let releaseSavepoint = "RELEASE SAVEPOINT ps_types"
}

extension PostgresError {
    /// The error for a value of another family than the server named when it was asked about NULL.
    fileprivate static var namedForNull: PostgresError {
        PostgresError(.parameterInvalid, "a value has another type than the statement takes")
    }

    /// Says of what a server refused with which types it was asked, where it may be about these.
    fileprivate init(refused error: PostgresError, _ state: SQLState, _ types: [UInt32]) {
        self = ParameterTyping.statesOfTypes.contains(state) ? PostgresError(error, namingTypes: types) : error
    }
}
