import PostgresWire

/// Finds the statements that a connection knows: by text and types, or sooner by where a query of literals was written.
struct StatementIndex {
    private var byKey: [KnownStatement.Key: KnownStatement] = [:]
    /// Statements of queries that are literals alone, each at the place that its fingerprint leads to; the last one stays.
    private var byWriting: [KnownStatement?] = []

    private static let placeCount = 64
    /// Longer ones are found by their text: what is kept here counts in no limit.
    private static let segmentCountMax = 64

    /// The number of statements.
    var count: Int { byKey.count }
    /// All of them, in no order.
    var statements: Dictionary<KnownStatement.Key, KnownStatement>.Values { byKey.values }

    /// The statement of that text and those types.
    subscript(key: KnownStatement.Key) -> KnownStatement? {
        get { byKey[key] }
        set {
            if let known = byKey[key], known !== newValue { forgetWriting(of: known) }
            byKey[key] = newValue
        }
    }

    /// The statement of a query that was written in the same place as one that came before; nil where it has to be looked for
    /// by its text.
    func statement(of query: PostgresQuery) -> KnownStatement? {
        guard query.writing.isLiteral, !byWriting.isEmpty, let known = byWriting[Self.place(of: query.writing)],
            known.writing?.isWritten(where: query.writing) ?? false, known.key.types == query.parameters.types
        else { return nil }
        return known
    }

    /// A query was found to be that statement.
    mutating func note(_ statement: KnownStatement, isWrittenAs query: PostgresQuery) {
        guard query.writing.isLiteral, query.writing.segmentCount <= Self.segmentCountMax else { return }
        if byWriting.isEmpty { byWriting = Array(repeating: nil, count: Self.placeCount) }
        forgetWriting(of: statement)
        statement.writing = query.writing
        byWriting[Self.place(of: query.writing)] = statement
    }

    /// What is forgotten is not kept alive here, and each statement has one place.
    private mutating func forgetWriting(of statement: KnownStatement) {
        guard let writing = statement.writing else { return }
        statement.writing = nil
        let place = Self.place(of: writing)
        if byWriting[place] === statement { byWriting[place] = nil }
    }

    private static func place(of writing: QueryWriting) -> Int {
        Int(truncatingIfNeeded: writing.fingerprint >> 32) & (placeCount - 1)
    }
}
