extension YAMLReader {
    /// Reads text in quotation marks of either kind; its further lines are indented more than `parent`.
    mutating func readQuoted(parent: Int) throws(ConfigError) -> ConfigScalar {
        let start = offset
        let position = source.position(at: offset)
        let mark = source.bytes[offset]
        offset += 1
        var text: [UInt8] = []
        var piece = offset
        while true {
            switch source.bytes[offset] {
            case .apostrophe where mark == .apostrophe && source.bytes[offset + 1] == .apostrophe:
                text.append(contentsOf: source.bytes[piece...offset])
                offset += 2
                piece = offset
            case mark:
                let last = piece..<offset
                offset += 1
                guard !text.isEmpty else { return try scalar(source.text(last), .quoted, at: position) }
                text.append(contentsOf: source.bytes[last])
                return try scalar(String(decoding: text, as: UTF8.self), .quoted, at: position)
            case .backslash where mark == .quote:
                text.append(contentsOf: source.bytes[piece..<offset])
                try readEscape(into: &text, parent: parent, from: start)
                piece = offset
            case .space, .tab, .lineFeed, .carriageReturn:
                let (space, breaks) = try skipQuotedSpace(parent: parent, from: start)
                guard breaks > 0 else { continue }
                text.append(contentsOf: source.bytes[piece..<space])
                text.appendFolded(breaks: breaks)
                piece = offset
            case 0: throw unclosed(start)
            default: offset += 1
            }
        }
    }

    /// Steps over white space and line ends; answers with where it began and how many line ends there were.
    private mutating func skipQuotedSpace(parent: Int, from start: Int) throws(ConfigError) -> (Int, breaks: Int) {
        let space = offset
        while source.bytes[offset] == .space || source.bytes[offset] == .tab { offset += 1 }
        let breaks = try skipQuotedBreaks(parent: parent, from: start)
        return (space, breaks)
    }

    /// Steps over line ends and the indentation of what follows; answers with how many line ends there were.
    private mutating func skipQuotedBreaks(parent: Int, from start: Int) throws(ConfigError) -> Int {
        var breaks = 0
        while true {
            if source.bytes[offset] == .carriageReturn { offset += 1 }
            guard source.bytes[offset] == .lineFeed else { break }
            offset += 1
            lineStart = offset
            breaks += 1
            skipSpaces()
        }
        guard breaks > 0 else { return 0 }
        guard offset < source.end else { throw unclosed(start) }
        guard source.bytes[offset] != .tab else {
            throw tab()
        }
        try checkContinuation(parent)
        return breaks
    }

    private mutating func unclosed(_ start: Int) -> ConfigError {
        error("document ends within quoted text", "Close it with the mark that it begins with.", at: start)
    }

    private mutating func readEscape(into text: inout [UInt8], parent: Int, from start: Int) throws(ConfigError) {
        let escape = offset
        let character = source.bytes[offset + 1]
        offset += 2
        switch character {
        case .lineFeed, .carriageReturn:
            offset = escape + 1
            let breaks = try skipQuotedBreaks(parent: parent, from: start)
            text.append(contentsOf: repeatElement(.lineFeed, count: breaks - 1))
        case UInt8(ascii: "x"): text.append(try readDigits(2, from: escape))
        case UInt8(ascii: "u"): text.append(try readDigits(4, from: escape))
        case UInt8(ascii: "U"): text.append(try readDigits(8, from: escape))
        case 0 where escape + 1 == source.end: throw unclosed(start)
        case UInt8(ascii: "0"): throw nullCharacter(at: escape)
        default:
            guard let scalar = Self.escapes[character] else {
                throw error(
                    "unknown escape in double quotes", "Write a backslash as \\\\, or the text in single quotes.",
                    at: escape)
            }
            text.append(scalar)
        }
    }

    /// The escapes of one character (YAML 1.2.2, 5.7).
    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t", .tab: "\t",
        UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r",
        UInt8(ascii: "e"): "\u{1B}", .space: " ", .quote: "\"", UInt8(ascii: "/"): "/", .backslash: "\\",
        UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}", UInt8(ascii: "L"): "\u{2028}",
        UInt8(ascii: "P"): "\u{2029}",
    ]

    private mutating func readDigits(_ count: Int, from escape: Int) throws(ConfigError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = source.bytes[offset].hexadecimalValue else {
                throw error("escape without \(count) hexadecimal digits", "Write it as in \"\\u00e9\".", at: escape)
            }
            value = value << 4 | digit
            offset += 1
        }
        guard value != 0 else { throw nullCharacter(at: escape) }
        guard let scalar = Unicode.Scalar(value) else {
            throw error(
                "escape that names no character",
                "Write the character itself, or as in \"\\U0001f600\": YAML has no surrogate pairs.", at: escape)
        }
        return scalar
    }

    private mutating func nullCharacter(at escape: Int) -> ConfigError {
        error("text with the character U+0000", "Take it out: Postgres has no text with it.", at: escape)
    }
}
