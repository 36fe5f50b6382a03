/// Which column each key of a `Decodable` type means, found once per result and not per row.
///
/// A type asks for its keys in the same order for every row, as a rule; so the answer to the last row's next question
/// is tried first, which costs one comparison of two names.
struct ColumnNames {
    /// What one key means.
    struct Answer {
        let key: String
        /// The column's index; nil where the result has none for the key.
        let column: Int?
        /// The type that the column was last decoded into, and how to decode it; see `RowDecoder`.
        var decoding: ValueDecoding?
    }

    private let layout: ColumnLayout
    private(set) var answers: [Answer] = []
    private var places: [String: Int] = [:]
    /// `0 <= next <= answers.count`
    private var next = 0

    init(_ layout: ColumnLayout) { self.layout = layout }

    /// Begins a row. A type that asks every row for other keys has their answers found again now and then.
    mutating func rewind() {
        next = 0
        guard answers.count > Self.answersMax else { return }
        answers.removeAll()
        places.removeAll()
    }

    private static let answersMax = 4_096

    /// Returns the index of the key's answer.
    ///
    /// A key means the column of its own name, else the one of its name in snake case: `customerID` is `customer_id`.
    ///
    /// - Throws: `columnMismatch` where several columns have that name.
    mutating func place(of key: String) throws(PostgresError) -> Int {
        if next < answers.count, answers[next].key == key {
            next += 1
            return next - 1
        }
        if let place = places[key] {
            next = place + 1
            return place
        }
        answers.append(Answer(key: key, column: try column(for: key)))
        places[key] = answers.count - 1
        next = answers.count
        return answers.count - 1
    }

    /// The column of an answer.
    func column(_ place: Int) -> Int? { answers[place].column }

    /// Notes how to decode a column, for the rows that follow.
    mutating func note(_ decoding: ValueDecoding, at place: Int) { answers[place].decoding = decoding }

    private func column(for key: String) throws(PostgresError) -> Int? {
        for name in [key, key.inSnakeCase] {
            let columns = layout.indices(named: name)
            guard columns.count <= 1 else { throw layout.ambiguous(name, count: columns.count) }
            if let column = columns.first { return column }
        }
        return nil
    }
}

/// A type that a column is decoded into, with its decoder for Postgres values where it has one.
struct ValueDecoding {
    let type: ObjectIdentifier
    let decodable: (any PostgresDecodable.Type)?

    init<Value>(_ type: Value.Type) {
        self.type = ObjectIdentifier(type)
        decodable = type as? any PostgresDecodable.Type
    }
}

extension String {
    /// The name as columns are named: words in lower case between underscores. A run of capitals is one word, up to the
    /// last one where a small letter follows: `htmlPageURL` is `html_page_url`, `userID2` is `user_id2`.
    package var inSnakeCase: String {
        let letters = Array(self)
        var result = ""
        for (index, letter) in letters.enumerated() {
            guard letter.isUppercase else {
                result.append(letter)
                continue
            }
            let before = index > 0 ? letters[index - 1] : "_"
            let isLastOfRun = index + 1 < letters.count && letters[index + 1].isLowercase
            if before != "_", !before.isUppercase || isLastOfRun { result.append("_") }
            result += letter.lowercased()
        }
        return result
    }
}
