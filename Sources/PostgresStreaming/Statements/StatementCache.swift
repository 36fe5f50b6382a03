import PostgresWire

/// The statements that one connection knows, the least recently used ones forgotten first.
///
/// A statement that is run for the first time is only remembered. When it comes again it is prepared under a name, and
/// from then on it is neither parsed nor described. What is forgotten is closed with the next flight.
final class StatementCache {
    private let limits: PostgresConfiguration.StatementCache
    /// Whether statements may get names. A server behind a transaction pooler changes between transactions, and the
    /// names stay there.
    private(set) var keepsStatements: Bool
    /// Whether a pooler passes on what the server says.
    let isBehindPooler: Bool
    /// Whether no name means anything beyond a transaction.
    let isBehindTransactionPooler: Bool
    /// Which types that are not built in the server can send in binary, as far as it was asked.
    var binaryOutput = BinaryOutput()
    /// Whether SQL made statements of its own, whose names are not known here.
    var hasForeignStatements = false
    /// How often all statements were taken from the server.
    private(set) var generation = 0
    private var index = StatementIndex()
    private let order = Owned(UseOrder())
    /// The question for a transaction's number, which no limit counts; nil as long as it was not asked.
    private var questionForID: KnownStatement?
    private(set) var bytes = 0
    /// The names of statements that the server has and that are not needed.
    private var forgottenNames: [String] = []
    private var lossCount = 0
    private var names = StatementNames()

    /// Where the types of parameters are remembered; nil where servers are not asked for them.
    let typeTable: ParameterTypeTable?
    /// On which path names are looked up.
    var searchPath: SearchPath

    /// - Parameter server: what tells the server from others.
    init(
        _ configuration: PostgresConfiguration, server: String = "", typeTable: ParameterTypeTable = .shared
    ) {
        self.typeTable = configuration.infersParameterTypes ? typeTable : nil
        searchPath = SearchPath(beginning: configuration.lookUpScope(on: server))
        limits = configuration.statementCache
        isBehindPooler = configuration.pooler != nil
        isBehindTransactionPooler = configuration.pooler == .transaction
        keepsStatements = configuration.pooler != .transaction && limits.countMax > 0
    }

    /// As `use` of the key. A query of literals alone that came before is found by where those lie.
    func use(_ query: PostgresQuery) -> KnownStatement {
        if let known = index.statement(of: query) { return used(known) }
        let known = use(KnownStatement.Key(sql: query.sql, types: query.parameters.types))
        if known.slot >= 0 { index.note(known, isWrittenAs: query) }
        return known
    }

    /// Returns what is known of a statement that is about to be run, and makes it the last to be forgotten.
    ///
    /// - Returns: a statement that has a name if it came before and may be kept.
    func use(_ key: KnownStatement.Key) -> KnownStatement {
        // Not even looked for: that would go through a text that may be as long as a message.
        guard limits.countMax > 0, key.bytes <= limits.bytesMax else { return typed(KnownStatement(key)) }
        if let known = index[key] { return used(known) }
        let statement = typed(KnownStatement(key))
        index[key] = statement
        order.value.append(statement)
        countMemory(of: statement)
        while index.count > limits.countMax { forgetOldest() }
        return statement
    }

    private func used(_ known: KnownStatement) -> KnownStatement {
        order.value.touch(known)
        followPath(known)
        if keepsStatements, known.name.isEmpty { known.name = nextName() }
        return known
    }

    /// Counts what is known of a statement, which has become more or less since it was counted last.
    ///
    /// One that is longer than all may be is not kept; else the oldest go until there is room.
    func countMemory(of statement: KnownStatement) {
        guard statement.slot >= 0 else { return }
        bytes += statement.bytes - statement.countedBytes
        statement.countedBytes = statement.bytes
        if statement.countedBytes > limits.bytesMax { remove(statement) }
        while bytes > limits.bytesMax { forgetOldest() }
    }

    /// Returns the question for the number of the open transaction, which is kept as other statements are, but for good.
    func useQuestionForID() -> KnownStatement {
        guard let known = questionForID else {
            let question = KnownStatement(KnownStatement.Key(sql: PostgresTransactionID.query, types: []))
            questionForID = question
            return question
        }
        if keepsStatements, known.name.isEmpty { known.name = nextName() }
        return known
    }

    private func forgetOldest() {
        if let oldest = order.value.oldestStatement { remove(oldest) }
    }

    private func remove(_ statement: KnownStatement) {
        order.value.remove(statement)
        index[statement.key] = nil
        bytes -= statement.countedBytes
        statement.countedBytes = 0
        if statement.isPrepared { forgottenNames.append(statement.name) }
        // It may be running, and goes on without a name; in which formats it can be asked for stays known.
        statement.isPrepared = false
        statement.name = ""
    }

    /// Returns a name that no other statement has.
    func nextName() -> String { names.next() }

    /// The server has not got the statement as it should be: it is prepared again when it comes again.
    func evict(_ statement: KnownStatement) {
        if statement.isPrepared { forgottenNames.append(statement.name) }
        statement.forget()
        if statement.isOwn { statement.name = nextName() }
        countMemory(of: statement)
    }

    /// The server does not know a statement that it was given, and was not told to forget it.
    ///
    /// Once may be chance; then something between changes servers, and names are of no use.
    func noteLoss() {
        lossCount += 1
        guard lossCount >= Self.lossesMax else { return }
        keepsStatements = false
        forgetAll()
    }

    private static let lossesMax = 2

    /// A command took all statements from the server.
    func forgetAll() {
        generation += 1
        hasForeignStatements = false
        for statement in index.statements {
            statement.forget()
            countMemory(of: statement)
        }
        questionForID?.forget()
        forgottenNames.removeAll()
    }

    /// Whether there is no name to close.
    var hasNothingToForget: Bool { forgottenNames.isEmpty }

    /// Returns the names to close, which are forgotten by that.
    func takeForgottenNames() -> [String] {
        guard !forgottenNames.isEmpty else { return [] }
        defer { forgottenNames.removeAll(keepingCapacity: true) }
        return forgottenNames
    }

    /// Has these names closed with the next flight.
    func close(_ names: [String]) { forgottenNames += names }
}
