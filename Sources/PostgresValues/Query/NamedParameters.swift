import PostgresWire

/// Cuts SQL into text and the names of its parameters, written `:name`.
///
/// It knows as much of the manual's "Lexical Structure" as it takes not to find a name where none is: strings in all
/// their forms, quoted identifiers, comments, dollar quotes, casts (`::`), named notation (`:=`) and slices of arrays.
/// A mistake here could only make a query wrong, never let a value in: what is put in is `$1`.
package struct NamedParameters: ~Copyable, ~Escapable {
    /// A part of the text.
    package enum Piece: Hashable {
        case sql(String)
        case name(String)
        /// The text has a parameter by number already, which cannot be mixed with names.
        case number
    }

    private let text: RawSpan
    /// After this there is no parameter.
    private let end: Int
    private var pieces: [Piece] = []
    private var position = 0
    /// Where the text began that is not among the pieces yet.
    private var start = 0
    /// The brackets that are open.
    private var brackets: [UInt8] = []
    /// Whether what stands before could be the left bound of a slice: in brackets, a colon behind it is the slice's.
    private var isBehindOperand = false

    /// Cuts the text. Takes time in proportion to its length.
    package static func pieces(of text: String) -> [Piece] {
        text.withBytes { bytes in
            var scanner = NamedParameters(text: bytes)
            scanner.scan()
            return scanner.pieces
        }
    }

    @_lifetime(copy text)
    private init(text: RawSpan) {
        self.text = text
        let marks = [UInt8(ascii: ":"), UInt8(ascii: "$")]
        end = marks.compactMap { text.lastIndex(of: $0) }.max().map { $0 + 1 } ?? 0
    }

    private mutating func scan() {
        while position < end {
            // What may be in front of a slice's colon counts in brackets alone.
            if brackets.last != UInt8(ascii: "[") { skipPlain() }
            guard let byte = byte(0) else { break }
            switch byte {
            case UInt8(ascii: "'"): skipString(hasEscapes: false)
            case UInt8(ascii: "\""): skipQuotedIdentifier()
            case UInt8(ascii: "-") where self.byte(1) == UInt8(ascii: "-"): skipLineComment()
            case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "*"): skipBlockComment()
            case UInt8(ascii: "$"): skipDollar()
            case UInt8(ascii: ":"): takeColon()
            case UInt8(ascii: "["), UInt8(ascii: "("): open(byte)
            case UInt8(ascii: "]"), UInt8(ascii: ")"): close()
            case UInt8(ascii: " "), 0x09...0x0D: position += 1
            case _ where byte.isIdentifierStart: skipWord()
            case _ where byte.isASCIIDigit: skipNumber()
            default:
                position += 1
                isBehindOperand = false
            }
        }
        cut(to: text.byteCount)
    }

    private func byte(_ offset: Int) -> UInt8? {
        position + offset < text.byteCount ? text.byte(at: position + offset) : nil
    }

    private func string(_ range: Range<Int>) -> String {
        unsafe text.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Goes to the next such byte, or to the end.
    private mutating func skip(to byte: UInt8) {
        position = text.firstIndex(of: byte, from: position) ?? text.byteCount
    }

    private mutating func cut(to end: Int) {
        if start < end { pieces.append(.sql(string(start..<end))) }
        start = end
    }

    // MARK: what colons mean

    private mutating func takeColon() {
        switch byte(1) {
        case UInt8(ascii: ":"), UInt8(ascii: "="):
            position += 2
            isBehindOperand = false
        case .some(let next) where next.isIdentifierStart && !(brackets.last == UInt8(ascii: "[") && isBehindOperand):
            cut(to: position)
            position += 1
            start = position
            while let byte = byte(0), byte.isIdentifierPart, byte != UInt8(ascii: "$") { position += 1 }
            pieces.append(.name(string(start..<position)))
            start = position
            isBehindOperand = true
        default:
            position += 1
            isBehindOperand = false
        }
    }

    private mutating func open(_ bracket: UInt8) {
        brackets.append(bracket)
        position += 1
        isBehindOperand = false
    }

    private mutating func close() {
        _ = brackets.popLast()
        position += 1
        isBehindOperand = true
    }

    // MARK: what has no parameters in it

    /// Goes to the next byte that may begin something, over the words and numbers in front of it.
    private mutating func skipPlain() {
        let first = position
        position = text.firstIndexOfMark(from: position) ?? text.byteCount
        guard position > first, let byte = byte(0) else { return }
        let before = text.extracting(first..<position)
        if byte == UInt8(ascii: "'"), before.endsInEscapeMark {
            skipString(hasEscapes: true)
        } else if byte == UInt8(ascii: "$"), before.endsInWord {
            skipWord()
        }
    }

    private mutating func skipWord() {
        let first = position
        while let byte = byte(0), byte.isIdentifierPart { position += 1 }
        let isEscape = position == first + 1 && text.byte(at: first) | 0x20 == UInt8(ascii: "e")
        if isEscape, byte(0) == UInt8(ascii: "'") { return skipString(hasEscapes: true) }
        // It counts within brackets alone.
        guard brackets.last == UInt8(ascii: "[") else { return }
        isBehindOperand = !Self.operators.contains(string(first..<position).uppercased())
    }

    private mutating func skipNumber() {
        while let byte = byte(0), byte.isIdentifierPart && byte != UInt8(ascii: "$") || byte == UInt8(ascii: ".") {
            position += 1
        }
        isBehindOperand = true
    }

    private mutating func skipString(hasEscapes: Bool) {
        repeat {
            position += 1
            if hasEscapes {
                while let byte = byte(0), byte != UInt8(ascii: "'") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
            } else {
                skip(to: UInt8(ascii: "'"))
            }
            position = min(position + 1, text.byteCount)
            // A doubled quote is one; and a string goes on behind a line break, with the escapes it began with.
        } while byte(0) == UInt8(ascii: "'") || hasEscapes && skipToContinuation()
        isBehindOperand = true
    }

    /// Steps to a quote that is separated from the position by white space with a line break; false where there is none.
    private mutating func skipToContinuation() -> Bool {
        let before = position
        var hasLineBreak = false
        while let byte = byte(0) {
            if byte == UInt8(ascii: "'"), hasLineBreak { return true }
            if byte == UInt8(ascii: "-"), self.byte(1) == UInt8(ascii: "-") {
                skipLineComment()
            } else if byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) {
                hasLineBreak = hasLineBreak || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
                position += 1
            } else {
                break
            }
        }
        position = before
        return false
    }

    private mutating func skipQuotedIdentifier() {
        repeat {
            position += 1
            skip(to: UInt8(ascii: "\""))
            position = min(position + 1, text.byteCount)
        } while byte(0) == UInt8(ascii: "\"")
        isBehindOperand = true
    }

    private mutating func skipLineComment() {
        while let byte = byte(0), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        // What of the comment is not part of a bracket that was counted. Both brackets have an asterisk.
        var rest = position
        position += 1
        while position < text.byteCount {
            if position > rest, text.byte(at: position - 1) == UInt8(ascii: "/") {
                depth += 1
                position += 1
                rest = position
            } else if byte(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
                rest = position
                if depth == 0 { return }
            } else {
                position += 1
            }
            skip(to: UInt8(ascii: "*"))
        }
    }

    private mutating func skipDollar() {
        isBehindOperand = true
        if byte(1)?.isASCIIDigit ?? false {
            cut(to: position)
            pieces.append(.number)
            position += 1
            return
        }
        var end = position + 1
        while end < text.byteCount, text.byte(at: end).isIdentifierPart, text.byte(at: end) != UInt8(ascii: "$") {
            end += 1
        }
        guard end < text.byteCount, text.byte(at: end) == UInt8(ascii: "$") else {
            position += 1
            return
        }
        let quote = text.extracting(position..<end + 1)
        position = end + 1
        skip(to: UInt8(ascii: "$"))
        while position < text.byteCount, !text.hasBytes(of: quote, at: position) {
            position += 1
            skip(to: UInt8(ascii: "$"))
        }
        position = min(position + quote.byteCount, text.byteCount)
    }

    /// Key words behind which a value begins rather than ends.
    private static let operators: Set<String> = [
        "ALL", "AND", "ANY", "BETWEEN", "BY", "CASE", "DISTINCT", "ELSE", "FROM", "ILIKE", "IN", "IS", "LIKE", "LIMIT",
        "NOT", "OFFSET", "ON", "OR", "RETURNING", "SELECT", "SET", "SIMILAR", "SOME", "SYMMETRIC", "THEN", "TO",
        "USING",
        "VALUES", "WHEN", "WHERE",
    ]
}

extension RawSpan {
    /// Whether it ends in the `E` that stands before a string with escapes, and in no longer word.
    fileprivate var endsInEscapeMark: Bool {
        byteCount > 0 && byte(at: byteCount - 1) | 0x20 == UInt8(ascii: "e")
            && (byteCount == 1 || !byte(at: byteCount - 2).isIdentifierPart)
    }

    /// Whether it ends in an identifier or a key word, rather than in a number or another token.
    fileprivate var endsInWord: Bool {
        var start = byteCount
        while start > 0, byte(at: start - 1).isIdentifierPart { start -= 1 }
        return start < byteCount && byte(at: start).isIdentifierStart
    }

    /// Whether these bytes stand at an index.
    fileprivate func hasBytes(of other: RawSpan, at index: Int) -> Bool {
        index <= byteCount - other.byteCount
            && (0..<other.byteCount).allSatisfy { byte(at: index + $0) == other.byte(at: $0) }
    }

    /// Returns the index of the first mark from `start` on; nil where there is none.
    fileprivate func firstIndexOfMark(from start: Int) -> Int? {
        var offset = start
        while offset < byteCount, !byte(at: offset).isMark { offset += 1 }
        return offset < byteCount ? offset : nil
    }
}

extension UInt8 {
    /// Whether the byte begins or ends a string, an identifier in quotes, a comment, a parameter or a bracket:
    /// one of `"$'()-/:[]`.
    fileprivate var isMark: Bool { self < 0x80 && isIn(0x0400_A394_0000_0000, 0x2800_0000) }
}
