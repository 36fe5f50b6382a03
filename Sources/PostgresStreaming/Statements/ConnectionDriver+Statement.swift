import PostgresWire

extension ConnectionDriver {
    /// Says what runs a statement: its parameters, and before them whatever the server has not got yet.
    ///
    /// - Parameters:
    ///   - commands: what to run first in the same flight, such as BEGIN. Where one of them fails the statement is not run.
    ///   - asksForID: whether the transaction's number is asked for afterwards, where the statement says that it writes.
    func start(
        _ statement: KnownStatement, _ parameters: BoundParameters, behind commands: [String] = [],
        asksForID: Bool = false
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
            flight.parse(statement.key.sql, as: statement.name, parameterTypeOIDs: statement.declaredTypes)
        }
        flight.run(
            statement: statement.name, parameters, resultFormats: statement.resultFormats,
            result: statement.expectedResult)
        let question = asksForID && statement.saysThatItWrites ? askForID(in: &flight) : nil
        do throws(FrontendMessageError) {
            try session.start(flight)
        } catch {
            statements.close(forgotten)
            throw error
        }
        running = RunningStatement(statement, behind: commands.count, askingAfterwards: question)
    }

    /// Asks for the number of the open transaction.
    func askForID(in flight: inout ExtendedFlight) -> KnownStatement {
        let question = statements.useQuestionForID()
        if question.generation != statements.generation {
            question.generation = statements.generation
            question.isPrepared = false
        }
        if !question.isPrepared { flight.parse(question.key.sql, as: question.name) }
        flight.run(
            statement: question.name, BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 3))
        return question
    }

    /// Says what the server reported of the question for the transaction's number, which has failed the transaction.
    func questionError(_ fields: NoticeFields, _ question: KnownStatement) -> PostgresError {
        let error = PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
        guard error.sqlState == .invalidSQLStatementName || error.sqlState == .duplicatePreparedStatement else {
            return error
        }
        statements.evict(question)
        if error.sqlState == .invalidSQLStatementName { statements.noteLoss() }
        return PostgresError(outdated: error)
    }

    /// Sees every event of the running statement first, also while a query is left and nobody else looks.
    ///
    /// - Returns: false where the event is nobody else's business.
    func noteForStatements(_ event: SessionEvent) -> Bool {
        guard running?.note(event) ?? true else { return false }
        switch event {
        case .columns: if let running { statements.countMemory(of: running.statement) }
        case .bound:
            // It was run with the types that its values came in, and they are accepted.
            if let statement = running?.statement, statement.isToBeTyped {
                statements.learn(statement.declaredTypes, of: statement)
            }
        case .completed(let tag): note(tag)
        case .failed(let fields, _) where fields.sqlState == SQLState.readOnlySQLTransaction.rawValue:
            hasRefusedToWrite = true
        default: break
        }
        return true
    }

    private func note(_ tag: CommandTag) {
        if Self.tagsOfForgetting.contains(tag.text) { statements.forgetAll() }
        if Self.tagsOfSetting.contains(tag.text) || running?.statement.mayChangeSettings ?? false, !reset.isUnderWay {
            let isLasting = session.transactionStatus == .idle && !(running?.isBehindCommands ?? false)
            // What a function was given does not stand in the text.
            let sql = running.flatMap { $0.statement.key.types.isEmpty ? $0.statement.key.sql : nil }
            statements.searchPath.note(command: tag.text, sql, isLasting: isLasting)
        }
        if tag.text == "PREPARE" { statements.hasForeignStatements = true }
        // A block that SQL ended is another transaction.
        if commit.transactionID != nil, !commit.isUnderWay, tag.text == "COMMIT" || tag.text == "ROLLBACK" {
            commit.transactionID = nil
        }
    }

    /// The tags of commands that may change on which path names are looked up.
    private static let tagsOfSetting = ["SET", "RESET", "DISCARD ALL"]

    /// The tags of commands that take all statements from a session.
    private static let tagsOfForgetting = ["DISCARD ALL", "DEALLOCATE ALL"]

    /// Says what the server reported of the stream of the running statement.
    func streamError(_ fields: NoticeFields) -> PostgresError {
        if let question = running?.questionAsked { return questionError(fields, question) }
        return PostgresError(server: fields, isFatal: false)
    }

    /// Says what the server reported of the running statement, and has it prepared anew next time if that may help.
    func statementError(_ fields: NoticeFields) -> PostgresError {
        if let question = running?.questionAsked { return questionError(fields, question) }
        let error = PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
        guard let running, let state = error.sqlState else { return error }
        if running.lacksBinaryOutput(state) {
            running.statement.binaryFailures += 1
            running.statement.isDescribed = false
            statements.binaryOutput.noteHarmful(running.statement.key)
            remedy = .askForText
            return error
        }
        if running.mayBeMistyped(state) {
            let types = running.statement.declaredTypes
            statements.forgetTypes(of: running.statement, areRefused: true)
            remedy = .prepareAnew
            return PostgresError(error, namingTypes: types)
        }
        guard running.isOutdated(state) else {
            guard running.failsAtItsTypes(state) else { return error }
            return PostgresError(error, namingTypes: running.statement.declaredTypes)
        }
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
    /// To find out which values have no binary form, and to ask for those as text.
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
