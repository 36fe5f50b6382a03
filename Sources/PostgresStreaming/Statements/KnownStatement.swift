import PostgresWire

/// What a connection knows of one statement: all of it, whether the statement is kept on the server or not.
final class KnownStatement {
    /// What the statement returns.
    enum Result {
        /// The server was not asked yet, or the statement has to be described again.
        case unknown
        case noRows
        case rows(ColumnLayout)

        var isUnknown: Bool { if case .unknown = self { true } else { false } }
    }

    let key: Key
    /// The statement's name on the server; empty as long as it is the unnamed one, made again each time.
    var name = ""
    /// Whether the server has the statement under its name.
    var isPrepared = false
    /// Whether it belongs to a caller and not to the cache: it keeps its name.
    var isOwn = false
    /// How often everything was taken from the server when it was prepared.
    var generation = 0
    /// What it returns, as the server described it for as long as it is prepared.
    var result = Result.unknown
    /// The formats to ask for: one for all columns, or one for each.
    var resultFormats: [FormatCode] = [.binary]
    /// Whether its columns were seen, and with them the formats that it can be asked for in.
    var isDescribed = false
    /// Whether the server has sent rows of it in these formats.
    var isProven = false

    /// How often the server could not send some of its values in binary.
    var binaryFailures = 0

    private var words: StatementWords
    /// How far the types of its parameters are settled.
    private var typing = TypeSettlement()

    /// Its place in the order of use; −1 where the cache does not keep it.
    var slot = -1

    /// The bytes that the cache has counted it with.
    var countedBytes = 0

    /// How the query was written that it was last run for; nil where a part of that was made at run time.
    var writing: QueryWriting?

    init(_ key: Key) {
        self.key = key
        words = StatementWords(key.sql)
    }

    /// What tells one statement from another.
    struct Key: Hashable {
        let sql: String
        /// The types that the parameters come in.
        let types: [ParameterType]
    }

    /// Whether its words say that it may return values that have no binary form.
    var mayReturnValuesWithoutBinary: Bool { words.mayReturnValuesWithoutBinary }
    /// Whether its words say that it returns rows.
    var saysThatItReturnsRows: Bool { words.sayThatItReturnsRows }
    /// Whether its words say that it writes rows.
    var saysThatItWrites: Bool { words.sayThatItWrites }
    /// Whether its words say that it changes run-time parameters by a function.
    var mayChangeSettings: Bool { words.mayChangeSettings }

    /// Its first word in lower case; empty where that is longer than those that count.
    var firstWord: String { words.firstWord }

    /// The types that the parameters are declared with where the server has named others than they come in.
    var inferredTypes: [UInt32]? { typing.inferred }
    /// Whether the server is to be asked for the types before the statement runs.
    var isToBeTyped: Bool { typing.isToBeAsked }
    /// The types that the parameters are declared with.
    var declaredTypes: [UInt32] { inferredTypes ?? key.types.map(\.oid) }
    /// Whether the server was asked for the types, now or earlier.
    var isTyped: Bool { typing.isSettled }
    /// The types that the server has refused; nil where it has refused none.
    var refusedTypes: [UInt32]? { typing.refused }
    /// Of which state of the path for names the types are; see `SearchPath.generation`.
    var pathGeneration: Int {
        get { typing.pathGeneration }
        set { typing.pathGeneration = newValue }
    }

    /// Has the types settled before the statement runs.
    ///
    /// - Parameter areRefused: whether the server has refused those that it had.
    func settleTypes(areRefused: Bool = false) {
        typing.begin(refused: areRefused ? declaredTypes : nil)
    }

    /// From now on the parameters are declared so.
    func declare(_ types: [UInt32]) {
        typing.end(with: types.elementsEqual(key.types.lazy.map(\.oid)) ? nil : types)
    }

    /// About how much memory it takes here, with all that is known of it by now.
    var bytes: Int {
        var bytes = key.bytes + resultFormats.count * MemoryLayout<FormatCode>.stride
        bytes += (inferredTypes?.count ?? 0) * MemoryLayout<UInt32>.stride
        if case .rows(let layout) = result { bytes += layout.byteCount }
        return bytes
    }

    /// Forgets what the server has of it.
    func forget() {
        if !isOwn { name = "" }
        isPrepared = false
        result = .unknown
        resultFormats = [.binary]
        isDescribed = false
        isProven = false
        binaryFailures = 0
    }

    /// Takes note of what the server said when it was asked to describe the statement alone.
    ///
    /// - Parameter lacksOutput: whether a type that is not built in has no binary form, as far as that is known.
    func note(description columns: [ColumnDescription]?, lacksOutput: (UInt32) -> Bool) {
        isDescribed = true
        guard let columns else {
            result = .noRows
            return
        }
        // The server says text of all columns of a statement that is not bound.
        let asked = resultFormats.count == columns.count ? resultFormats : columns.map { _ in .binary }
        learn(zip(columns, asked).map { $0.written(in: $1) }, lacksOutput: lacksOutput)
        let formats = columns.indices.map { resultFormats.count == columns.count ? resultFormats[$0] : .binary }
        result = .rows(ColumnLayout(zip(columns, formats).map { $0.written(in: $1) }))
    }
}
