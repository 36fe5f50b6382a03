extension ConnectionParameters {
    /// A whole number, with spaces around it allowed as in libpq; nil where nothing gives one.
    func integer(_ keyword: ConnectionKeyword) throws(PostgresError) -> Int? {
        guard let text = self[keyword] else { return nil }
        guard let number = Self.integer(text) else {
            throw invalid(keyword, "is not a whole number")
        }
        return number
    }

    /// `1` or `0`, where an empty value means `0` as in libpq.
    func flag(_ keyword: ConnectionKeyword) throws(PostgresError) -> Bool {
        switch self[keyword] {
        case "1": return true
        case "0", "", nil: return false
        default: throw invalid(keyword, "is neither 0 nor 1")
        }
    }

    /// One of the words that a type has as its raw values.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ keyword: ConnectionKeyword, as type: Word.Type
    ) throws(PostgresError) -> Word? {
        guard let text = self[keyword] else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = type.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid(keyword, "is none of \(words)")
        }
        return word
    }

    /// A list's parts. Nothing at all, or an empty text, is an empty list.
    func list(_ keyword: ConnectionKeyword) -> [String] {
        guard let text = nonEmpty(keyword) else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// Reads a C `int` as `strtol` and libpq do.
    static func integer(_ text: String) -> Int? {
        var bytes = Array(text.utf8)[...]
        bytes = bytes.drop(while: ConnectionString.isSpace)
        while let last = bytes.last, ConnectionString.isSpace(last) { bytes.removeLast() }
        return String(validating: bytes, as: UTF8.self).flatMap { Int32($0) }.map(Int.init)
    }
}
