/// The words and marks of a file's code, without its comments and without the text of its literals. What is interpolated
/// into a literal is code.
struct SwiftCode {
    /// A word, or one mark.
    struct Token {
        let text: String
        /// The line's number, from 1.
        let line: Int

        /// Whether it is the name of a type, by the way it is written.
        var isTypeName: Bool { text.utf8.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ?? false }

        /// Whether it is the name of a member, or a keyword.
        var isMemberName: Bool {
            text.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
        }
    }

    private(set) var tokens: [Token] = []
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        tokens.reserveCapacity(bytes.count / 5)
        read(untilParenthesisCloses: false)
    }

    private mutating func read(untilParenthesisCloses isInterpolation: Bool) {
        var depth = 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: " "): break
            case UInt8(ascii: "/") where byte(after: 1) == UInt8(ascii: "/"):
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
                continue
            case UInt8(ascii: "\""):
                readLiteral()
                continue
            case let byte where Self.isPartOfWord(byte):
                readWord()
                continue
            case let byte:
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if isInterpolation, depth == 0 { return }
                tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
            }
            index += 1
        }
    }

    private func byte(after distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private mutating func readWord() {
        let start = index
        while index < bytes.count, Self.isPartOfWord(bytes[index]) { index += 1 }
        tokens.append(Token(text: String(decoding: bytes[start..<index], as: UTF8.self), line: line))
    }

    private mutating func readLiteral() {
        let quote = UInt8(ascii: "\"")
        let width = byte(after: 1) == quote && byte(after: 2) == quote ? 3 : 1
        index += width
        while index < bytes.count {
            let isAtQuotes = (0..<width).allSatisfy { byte(after: $0) == quote }
            if isAtQuotes {
                index += width
                return
            }
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            let isInterpolation = byte(after: 1) == UInt8(ascii: "(")
            // A line of a long literal may end with a backslash.
            if byte(after: 1) == UInt8(ascii: "\n") { line += 1 }
            index += 2
            guard isInterpolation else { continue }
            read(untilParenthesisCloses: true)
            index += 1
        }
    }
}
