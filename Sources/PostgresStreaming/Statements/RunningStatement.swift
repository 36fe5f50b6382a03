import PostgresWire

/// The statement whose answer the connection waits for, and how far that has come.
struct RunningStatement {
    /// What comes after the statement in the same flight.
    private enum Question {
        case none
        /// The transaction's number is asked for.
        case toCome(KnownStatement)
        /// The statement itself has ended.
        case reached(KnownStatement)
    }

    let statement: KnownStatement
    /// Whether the server had it before this flight.
    let wasPrepared: Bool
    /// The commands before the statement in the same flight that have not ended yet.
    private var leadingCount: Int
    private var question: Question
    /// Whether commands such as BEGIN go before the statement in its flight.
    let isBehindCommands: Bool
    /// Whether the statement runs. What fails before has had no effect.
    private(set) var isBound = false
    /// Columns asked for in binary of which it is not certain that the server can send them so, before the first row.
    private(set) var doubtfulColumns: [ColumnDescription] = []

    /// - Parameters:
    ///   - leadingCount: the commands before it in the same flight.
    ///   - question: the question for the transaction's number, where that comes after it.
    init(_ statement: KnownStatement, after leadingCount: Int, askingAfterwards question: KnownStatement? = nil) {
        self.statement = statement
        self.question = question.map(Question.toCome) ?? .none
        self.leadingCount = leadingCount
        isBehindCommands = leadingCount > 0
        wasPrepared = statement.isPrepared
    }

    /// The question for the transaction's number, as long as its answer comes.
    var questionAsked: KnownStatement? {
        if case .reached(let question) = question { question } else { nil }
    }

    /// Takes note of an event; false where it is about what goes before or after the statement, and no caller's business.
    mutating func note(_ event: SessionEvent) -> Bool {
        if case .reached(let question) = question { return note(event, of: question) }
        guard leadingCount == 0 else {
            switch event {
            case .completed: leadingCount -= 1
            case .parsed, .bound: break
            default: return true
            }
            return false
        }
        switch event {
        case .parsed: statement.isPrepared = !statement.name.isEmpty
        case .bound: isBound = true
        case .columns(let columns): note(columns)
        case .noColumns:
            statement.result = .noRows
            statement.isDescribed = true
        case .completed: if case .toCome(let known) = question { question = .reached(known) }
        default: break
        }
        return true
    }

    private func note(_ event: SessionEvent, of question: KnownStatement) -> Bool {
        switch event {
        case .parsed: question.isPrepared = !question.name.isEmpty
        case .bound, .completed: break
        default: return true
        }
        return false
    }

    private mutating func note(_ columns: [ColumnDescription]) {
        statement.result = .rows(ColumnLayout(columns))
        statement.learn(columns)
        let isDoubtful = columns.contains { column in
            column.format == .binary && (!column.hasBinaryOutput || column.isOfOwnType || column.isRecord)
        }
        if isDoubtful, !statement.isProven { doubtfulColumns = columns }
    }

    /// The server sends the rows as they were asked for.
    mutating func noteProven() {
        // Of types that are known to have no binary form there may have been NULL alone so far.
        statement.isProven = doubtfulColumns.allSatisfy { $0.format == .text || $0.hasBinaryOutput }
        doubtfulColumns = []
    }

    /// Whether a statement that fails for this reason may fare better if its values are asked for as text.
    func lacksBinaryOutput(_ state: SQLState) -> Bool { !doubtfulColumns.isEmpty && state == .undefinedFunction }

    /// Whether a statement that fails for this reason may have parameters of other types by now.
    func mayBeMistyped(_ state: SQLState) -> Bool {
        failsAtItsTypes(state) && (statement.isTyped || statement.isToBeTyped) && leadingCount == 0
            && questionAsked == nil
    }

    /// Whether a statement that fails for this reason has parameters of the wrong types, perhaps.
    func failsAtItsTypes(_ state: SQLState) -> Bool {
        !isBound && !statement.key.types.isEmpty && ParameterTyping.statesOfTypes.contains(state)
    }

    /// Whether a statement that fails for this reason may fare better if it is prepared again.
    func isOutdated(_ state: SQLState) -> Bool {
        guard !isBound, leadingCount == 0, questionAsked == nil else { return false }
        if state == .duplicatePreparedStatement { return !statement.name.isEmpty }
        // A format for each column of a result that has another number of them now.
        if state == .protocolViolation { return statement.resultFormats.count > 1 }
        guard wasPrepared else { return false }
        return Self.outdatedStates.contains(state) || Self.outdatedClasses.contains(state.class)
    }

    /// "cached plan must not change result type", a statement that is gone, and a schema or an object that is.
    private static let outdatedStates: Set<SQLState> = [
        .featureNotSupported, .invalidSQLStatementName, .invalidSchemaName, .internalError,
    ]
    /// What parsing may find wrong.
    private static let outdatedClasses: Set<SQLState.Class> = [.syntaxErrorOrAccessRuleViolation]

    /// Whether the error says by itself what is the matter, and not only with the statement that was kept.
    static func isKept(_ state: SQLState) -> Bool {
        ![.featureNotSupported, .invalidSQLStatementName, .duplicatePreparedStatement].contains(state)
    }
}
