import PostgresWire

extension KnownStatement {
    /// Whether SQL says by its words that it writes rows: `INSERT`, `UPDATE`, `DELETE` or `MERGE` in front, or anywhere
    /// after `WITH` in front.
    ///
    /// It is a guess, and may be wrong both ways: functions write as well, and not every statement that could write finds
    /// something to write. Of a long text only the beginning is looked at, and it is taken to write where that does not
    /// say. What takes no snapshot by itself, such as `LOCK TABLE`, is certain not to be among these.
    static func saysThatItWrites(_ sql: String) -> Bool {
        var words = SQLWords(sql)
        guard let first = words.next() else { return words.isCut }
        if writingWords.contains(first) { return true }
        guard first == "with" else { return false }
        while let word = words.next() { if writingWords.contains(word) { return true } }
        return words.isCut
    }

    /// Whether SQL says by its first word that it may return rows with values of any type, or by `RETURNING` anywhere.
    ///
    /// It may return none all the same.
    static func saysThatItReturnsRows(_ sql: String) -> Bool {
        var words = SQLWords(sql)
        guard let first = words.next() else { return words.isCut }
        return readingWords.contains(first) || sql.withBytes { $0.contains(word: "returning") }
    }

    /// The first word of SQL in lower case; empty where it has none, or one that is longer than those that count.
    static func firstWord(of sql: String) -> String {
        var words = SQLWords(sql)
        return words.next() ?? ""
    }

    /// Whether it may end a transaction, by its first word.
    var mayEndTransaction: Bool { Self.endingWords.contains(firstWord) }

    private static let endingWords: Set<String> = ["commit", "end", "rollback", "abort", "prepare"]
    private static let readingWords: Set<String> = ["select", "with", "values", "table", "fetch", "execute", "call"]
    private static let writingWords: Set<String> = ["insert", "update", "delete", "merge"]
}

/// The words at the beginning of SQL in lower case, without those in comments. Words longer than those that count are empty.
private struct SQLWords {
    private let text: [UInt8]
    /// Whether there is more than was looked at.
    let isCut: Bool
    private var position = 0

    private static let bytesMax = 64 << 10
    private static let wordBytesMax = 8

    init(_ sql: String) {
        isCut = sql.utf8.count > Self.bytesMax
        text = Array(sql.utf8.prefix(Self.bytesMax))
    }

    mutating func next() -> String? {
        while let byte = byte(0) {
            switch (byte, self.byte(1)) {
            case (UInt8(ascii: "-"), UInt8(ascii: "-")): skipLine()
            case (UInt8(ascii: "/"), UInt8(ascii: "*")): skipComment()
            case _ where Self.isLetter(byte): return takeWord()
            default: position += 1
            }
        }
        return nil
    }

    private func byte(_ offset: Int) -> UInt8? {
        position + offset < text.count ? text[position + offset] : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private mutating func takeWord() -> String {
        let start = position
        while let byte = byte(0), Self.isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80 { position += 1 }
        guard position - start <= Self.wordBytesMax else { return "" }
        return String(decoding: text[start..<position].map { $0 < 0x80 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private mutating func skipLine() {
        while let byte = byte(0), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    }

    /// Comments may hold comments.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            switch (byte(0), byte(1)) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                position += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                depth -= 1
                position += 2
            case (nil, _): return
            default: position += 1
            }
        } while depth > 0
    }
}
