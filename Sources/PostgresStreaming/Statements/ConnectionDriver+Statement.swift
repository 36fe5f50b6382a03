import PostgresWire

extension ConnectionDriver {
    /// Says what runs a statement: its parameters, and before them whatever the server has not got yet.
    ///
    /// - Parameter commands: what to run first in the same flight, such as BEGIN. Where one of them fails the statement
    ///   is not run.
    func start(
        _ statement: KnownStatement, _ parameters: BoundParameters, behind commands: [String] = []
    ) throws(FrontendMessageError) {
        var flight = ExtendedFlight()
        let forgotten = statements.takeForgottenNames()
        for name in forgotten { flight.close(statement: name) }
        for command in commands { flight.run(command: command) }
        if statement.generation != statements.generation {
            statement.generation = statements.generation
            statement.isPrepared = false
        }
        if !statement.isPrepared {
            statement.result = .unknown
            flight.parse(
                statement.key.sql, as: statement.name, parameterTypeOIDs: statement.key.parameterTypeOIDs)
        }
        flight.run(
            statement: statement.name, parameters, resultFormats: statement.resultFormats,
            result: statement.expectedResult)
        do throws(FrontendMessageError) {
            try session.start(flight)
        } catch {
            statements.close(forgotten)
            throw error
        }
        running = RunningStatement(statement, behind: commands.count)
    }

    /// Sees every event of the running statement first, also while a query is left and nobody else looks.
    ///
    /// - Returns: false where the event is nobody else's business.
    func noteForStatements(_ event: SessionEvent) -> Bool {
        guard running?.note(event) ?? true else { return false }
        switch event {
        case .completed(let tag): note(tag)
        case .failed(let fields, _) where fields.sqlState == Self.readOnlyTransaction: hasRefusedToWrite = true
        default: break
        }
        return true
    }

    /// The SQLSTATE of a write where nothing may be written.
    private static let readOnlyTransaction = "25006"

    private func note(_ tag: CommandTag) {
        if Self.tagsOfForgetting.contains(tag.text) { statements.forgetAll() }
        if tag.text == "PREPARE" { statements.hasForeignStatements = true }
    }

    /// The tags of commands that take all statements from a session.
    private static let tagsOfForgetting = ["DISCARD ALL", "DEALLOCATE ALL"]

    /// Says what the server reported of the running statement, and has it prepared anew next time if that may help.
    func statementError(_ fields: NoticeFields) -> PostgresError {
        let error = PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
        guard let running, let state = error.sqlState else { return error }
        if running.lacksBinaryOutput(state) {
            running.statement.learn(running.doubtfulColumns, doubtsOwn: true)
            remedy = .askForText
            return error
        }
        guard running.isOutdated(state) else { return error }
        let wasLost = state == .invalidSQLStatementName
        statements.evict(running.statement)
        if wasLost, !running.statement.isOwn { statements.noteLoss() }
        remedy = .prepareAnew
        return RunningStatement.isKept(state) ? error : PostgresError(outdated: error)
    }
}

/// What may help a statement that failed before it returned a row.
enum StatementRemedy {
    /// To parse it anew, as what has become of the schema.
    case prepareAnew
    /// To ask for values as text that have no binary form.
    case askForText
}

extension KnownStatement {
    /// What the session may expect of its rows.
    fileprivate var expectedResult: ExtendedFlight.Result {
        switch result {
        case .unknown: .unknown
        case .noRows: .noRows
        case .rows(let layout): .rows(columnCount: layout.types.count)
        }
    }
}
