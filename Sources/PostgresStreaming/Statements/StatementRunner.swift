import PostgresWire

/// What runs the statements of one connection: those that it knows, the one that runs, how that fails and what may help.
final class StatementRunner {
    /// The statements that the connection knows.
    let statements: StatementCache
    /// The statement that ran last.
    private(set) var running: RunningStatement? {
        @inline(__always) _read { yield ownRunning.value }
        @inline(__always) _modify { yield &ownRunning.value }
    }
    private let ownRunning = Owned<RunningStatement?>(nil)
    /// The first error of what was said last, kept until it is thrown.
    private(set) var failure: PostgresError?
    /// What may help the statement that failed last; nil where it had an effect, or nothing helps.
    private(set) var remedy: StatementRemedy?
    /// The present transaction block was failed by leaving a stream in it.
    var hasLeftTransaction = false
    /// Whether the transaction block of the lease may fail, because nothing comes after its one query.
    var isBlockExpendable = false
    /// Whether the server refused to write, because it only reads.
    var hasRefusedToWrite = false
    /// The commit that is under way, or the last one.
    var commit: CommitProgress {
        @inline(__always) _read { yield ownCommit.value }
        @inline(__always) _modify { yield &ownCommit.value }
    }
    private let ownCommit = Owned(CommitProgress())
    var reset = SessionReset()
    /// The portals that are not needed any more; they are closed with the next flight.
    private(set) var portalsToClose: [String] = []

    init(_ statements: consuming sending StatementCache) { self.statements = statements }

    // MARK: what is said

    /// Something is about to be said: a statement, or nothing that is kept.
    func begin(_ statement: RunningStatement? = nil) {
        running = statement
        failure = nil
        remedy = nil
    }

    /// Whether what runs is part of a transaction block that has to last; its flight may have opened it.
    func isInBlock(_ status: TransactionStatus) -> Bool {
        !isBlockExpendable && (status != .idle || ownRunning.value?.isBehindCommands ?? false)
    }

    /// A flight that closes first what is not needed any more, because after an error nothing is done.
    ///
    /// - Parameters:
    ///   - forgotten: the names of the statements to close.
    ///   - commands: what to run before anything else, such as BEGIN.
    func flight(closing forgotten: [String], after commands: [String]) -> ExtendedFlight {
        var flight = ExtendedFlight()
        for name in forgotten { flight.close(statement: name) }
        for name in portalsToClose { flight.close(portal: name) }
        portalsToClose.removeAll()
        for command in commands { flight.run(command: command) }
        return flight
    }

    /// Has portals closed with the next flight.
    func close(portals names: [String]) { portalsToClose += names }

    /// Adds what runs a statement: its parameters, and before them whatever the server has not got yet.
    ///
    /// - Parameters:
    ///   - execution: the portal that runs it; nil for the unnamed one, without a limit.
    ///   - isAnnounced: whether an earlier flight that is not answered yet makes the statement.
    func add(
        _ statement: KnownStatement, _ parameters: BoundParameters, to flight: inout ExtendedFlight,
        by execution: PortalExecution? = nil, isAnnounced: Bool = false
    ) {
        checkGeneration(of: statement)
        if !statement.isPrepared, !isAnnounced {
            statement.result = .unknown
            flight.parse(statement.key.sql, as: statement.name, parameterTypeOIDs: statement.declaredTypes)
        }
        guard let execution else {
            return flight.run(
                statement: statement.name, parameters, resultFormats: statement.resultFormats,
                result: statement.expectedResult)
        }
        flight.bind(
            portal: execution.portal, statement: statement.name, parameters, resultFormats: statement.resultFormats)
        flight.execute(
            portal: execution.portal, maximumRows: execution.rowsMax, result: statement.expectedResult)
    }

    /// Where everything was taken from the server since, the statement is not there any more.
    func checkGeneration(of statement: KnownStatement) {
        guard statement.generation != statements.generation else { return }
        statement.generation = statements.generation
        statement.isPrepared = false
    }

    /// Adds the question for the number of the open transaction.
    func addQuestionForID(to flight: inout ExtendedFlight) -> KnownStatement {
        let question = statements.useQuestionForID()
        checkGeneration(of: question)
        if !question.isPrepared { flight.parse(question.key.sql, as: question.name) }
        flight.run(
            statement: question.name, BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 3))
        return question
    }

    // MARK: what the server says

    /// Sees every event of the running statement first, also while a query is left and no verb looks.
    ///
    /// - Parameter status: what the server said last of the transaction block.
    /// - Returns: false where the event is no verb's business.
    func note(_ event: SessionEvent, _ status: TransactionStatus) -> Bool {
        guard ownRunning.value?.note(event) ?? true else { return false }
        switch event {
        case .columns: if let running { statements.countMemory(of: running.statement) }
        case .bound:
            // It was run with the types that its values came in, and they are accepted.
            if let statement = ownRunning.value?.statement, statement.isToBeTyped {
                statements.learn(statement.declaredTypes, of: statement)
            }
        case .completed(let tag): note(tag, status)
        case .failed(let fields, _) where fields.sqlState == SQLState.readOnlySQLTransaction.rawValue:
            hasRefusedToWrite = true
        default: break
        }
        return true
    }

    private func note(_ tag: CommandTag, _ status: TransactionStatus) {
        let mayChangeSettings = ownRunning.value?.statement.mayChangeSettings ?? false
        // What counts rows is none of the commands that are looked for.
        guard tag.rows == nil || mayChangeSettings else { return }
        if Self.tagsOfForgetting.contains(tag.text) { statements.forgetAll() }
        if Self.tagsOfSetting.contains(tag.text) || mayChangeSettings, !reset.isUnderWay {
            let isLasting = status == .idle && !(running?.isBehindCommands ?? false)
            // What a function was given does not stand in the text.
            let sql = running.flatMap { $0.statement.key.types.isEmpty ? $0.statement.key.sql : nil }
            statements.searchPath.note(command: tag.text, sql, isLasting: isLasting)
        }
        if tag.text == "PREPARE" { statements.hasForeignStatements = true }
        // A block that SQL ended is another transaction.
        if commit.transactionID != nil, !commit.isUnderWay, Self.tagsOfEnding.contains(tag.text) {
            commit.transactionID = nil
        }
    }

    /// The tags of commands that may change on which path names are looked up.
    private static let tagsOfSetting = ["SET", "RESET", "DISCARD ALL"]

    /// The tags of commands that end a transaction block.
    private static let tagsOfEnding = ["COMMIT", "ROLLBACK", "PREPARE TRANSACTION"]

    /// The tags of commands that take all statements from a session.
    private static let tagsOfForgetting = ["DISCARD ALL", "DEALLOCATE ALL"]

    /// Takes note of rows that are the answer to the question for the transaction's number; false where they are not.
    func noteAnswer(_ rows: Range<Int>, in slab: ReceiveSlab) -> Bool {
        guard ownRunning.value?.questionAsked != nil else { return false }
        commit.transactionID = PostgresTransactionID(rows, in: slab)
        return true
    }

    /// The server sends the rows of the running statement as they were asked for.
    func noteProven() { running?.noteProven() }

    /// The running statement has been bound, where that is no event of its own.
    func noteBound() { _ = running?.note(.bound) }

    /// Keeps the first error of what was said last.
    func note(_ error: PostgresError) {
        if failure == nil { failure = error }
    }

    /// Takes the error of what was said last, now that the server is ready; nil where there was none.
    func takeFailure() -> PostgresError? { failure.take() }

    // MARK: what a failure means

    /// Says what the server reported of what was said last, and has the statement prepared again next time if that may help.
    func error(_ fields: NoticeFields) -> PostgresError {
        let error = PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
        if let question = running?.questionAsked ?? commit.questionAsked { return questionError(error, question) }
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

    /// Says what became of the question for the transaction's number, which has failed the transaction.
    private func questionError(_ error: PostgresError, _ question: KnownStatement) -> PostgresError {
        guard error.sqlState == .invalidSQLStatementName || error.sqlState == .duplicatePreparedStatement else {
            return error
        }
        statements.evict(question)
        if error.sqlState == .invalidSQLStatementName { statements.noteLoss() }
        return PostgresError(outdated: error)
    }
}

/// What may help a statement that failed before it returned a row.
enum StatementRemedy {
    /// To parse it again, as what has become of the schema.
    case prepareAnew
    /// To find out which values have no binary form, and to ask for those as text.
    case askForText
}

extension KnownStatement {
    /// The columns of its rows, where they are known.
    var knownLayout: ColumnLayout? { if case .rows(let layout) = result { layout } else { nil } }

    /// What the session may expect of its rows.
    var expectedResult: ExtendedFlight.Result {
        switch result {
        case .unknown: .unknown
        case .noRows: .noRows
        case .rows(let layout): .rows(columnCount: layout.types.count)
        }
    }
}
