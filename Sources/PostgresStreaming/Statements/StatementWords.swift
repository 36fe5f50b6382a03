import PostgresWire

/// What the words of a statement say of it, each found when it is first asked for.
struct StatementWords {
    private let sql: String

    /// Whether it may return values that have no binary form.
    private(set) lazy var mayReturnValuesWithoutBinary = sql.mayReturnValuesWithoutBinary
    /// Whether it returns rows.
    private(set) lazy var sayThatItReturnsRows = KnownStatement.saysThatItReturnsRows(sql)
    /// Whether it writes rows.
    private(set) lazy var sayThatItWrites = KnownStatement.saysThatItWrites(sql)
    /// Whether it changes run-time parameters by a function.
    private(set) lazy var mayChangeSettings = sql.withBytes { $0.contains(word: "set_config") }

    /// Its first word in lower case; empty where that is longer than those that count.
    private(set) lazy var firstWord = KnownStatement.firstWord(of: sql)

    init(_ sql: String) { self.sql = sql }
}
