import PostgresWire

/// Cuts SQL into text and the names of its parameters, written `:name`.
///
/// It knows as much of the manual's "Lexical Structure" as it takes not to find a name where none is: strings in all
/// their forms, quoted identifiers, comments, dollar quotes, casts (`::`), named notation (`:=`) and slices of arrays.
/// A mistake here could only make a query wrong, never let a value in: what is put in is `$1`.
package struct NamedParameters {
    /// A part of the text.
    package enum Piece: Hashable {
        case sql(String)
        case name(String)
        /// The text has a parameter by number already, which cannot be mixed with names.
        case number
    }

    private let text: [UInt8]
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
        var scanner = NamedParameters(text: Array(text.utf8))
        scanner.scan()
        return scanner.pieces
    }

    private init(text: [UInt8]) {
        self.text = text
        let marks = [UInt8(ascii: ":"), UInt8(ascii: "$")]
        end = marks.compactMap { text.rawSpan.lastIndex(of: $0) }.max().map { $0 + 1 } ?? 0
    }

    private mutating func scan() {
        while position < end, let byte = byte(0) {
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
        cut(to: text.count)
    }

    private func byte(_ offset: Int) -> UInt8? {
        position + offset < text.count ? text[position + offset] : nil
    }

    /// Goes to the next such byte, or to the end.
    private mutating func skip(to byte: UInt8) {
        position = text.rawSpan.firstIndex(of: byte, from: position) ?? text.count
    }

    private mutating func cut(to end: Int) {
        if start < end { pieces.append(.sql(String(decoding: text[start..<end], as: UTF8.self))) }
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
            pieces.append(.name(String(decoding: text[start..<position], as: UTF8.self)))
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

    private mutating func skipWord() {
        let first = position
        while let byte = byte(0), byte.isIdentifierPart { position += 1 }
        let isEscape = position == first + 1 && text[first] | 0x20 == UInt8(ascii: "e")
        if isEscape, byte(0) == UInt8(ascii: "'") { return skipString(hasEscapes: true) }
        // It counts within brackets alone.
        guard brackets.last == UInt8(ascii: "[") else { return }
        isBehindOperand = !Self.operators.contains(String(decoding: text[first..<position], as: UTF8.self).uppercased())
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
            position = min(position + 1, text.count)
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
            position = min(position + 1, text.count)
        } while byte(0) == UInt8(ascii: "\"")
        isBehindOperand = true
    }

    private mutating func skipLineComment() {
        while let byte = byte(0), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
    }

    private mutating func skipBlockComment() {
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

    private mutating func skipDollar() {
        isBehindOperand = true
        if byte(1)?.isASCIIDigit ?? false {
            cut(to: position)
            pieces.append(.number)
            position += 1
            return
        }
        var end = position + 1
        while end < text.count, text[end].isIdentifierPart, text[end] != UInt8(ascii: "$") { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: "$") else {
            position += 1
            return
        }
        let quote = Array(text[position...end])
        position = end + 1
        skip(to: UInt8(ascii: "$"))
        while position < text.count, !text[position...].starts(with: quote) {
            position += 1
            skip(to: UInt8(ascii: "$"))
        }
        position = min(position + quote.count, text.count)
    }

    /// Key words behind which a value begins rather than ends.
    private static let operators: Set<String> = [
        "ALL", "AND", "ANY", "BETWEEN", "BY", "CASE", "DISTINCT", "ELSE", "FROM", "ILIKE", "IN", "IS", "LIKE", "LIMIT",
        "NOT", "OFFSET", "ON", "OR", "RETURNING", "SELECT", "SET", "SIMILAR", "SOME", "SYMMETRIC", "THEN", "TO",
        "USING",
        "VALUES", "WHEN", "WHERE",
    ]
}
