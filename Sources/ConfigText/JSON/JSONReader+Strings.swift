extension JSONReader {
    /// Reads a string whose quotation mark is next, escapes resolved.
    mutating func readString() throws(ConfigError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        var piece = offset
        while true {
            switch source.bytes[offset] {
            case .quote:
                let last = piece..<offset
                offset += 1
                guard !text.isEmpty else { return source.text(last) }
                text.append(contentsOf: source.bytes[last])
                return String(decoding: text, as: UTF8.self)
            case .backslash:
                text.append(contentsOf: source.bytes[piece..<offset])
                text.append(try readEscape())
                piece = offset
            case ..<0x20:
                guard offset < source.end else {
                    throw error("document ends within a string", "Close it with a double quote.", at: start)
                }
                throw error("string with a line end or a tab", "Write it as an escape: \\n or \\t.")
            default: offset += 1
            }
        }
    }

    private mutating func readEscape() throws(ConfigError) -> Unicode.Scalar {
        let start = offset
        let character = source.bytes[offset + 1]
        offset += 2
        switch character {
        case .quote, .backslash, UInt8(ascii: "/"): return Unicode.Scalar(character)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try readUnicodeEscape(from: start)
        default:
            throw error("unknown escape in a string", "Write a backslash as \\\\.", at: start)
        }
    }

    /// Reads the digits of an escape that began at an offset, and the second half of a pair.
    private mutating func readUnicodeEscape(from start: Int) throws(ConfigError) -> Unicode.Scalar {
        let first = try readDigits(from: start)
        guard first != 0 else {
            throw error("string with the character U+0000", "Take it out: Postgres has no text with it.", at: start)
        }
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isPair =
            first < 0xDC00 && source.bytes[offset] == .backslash && source.bytes[offset + 1] == UInt8(ascii: "u")
        if isPair {
            offset += 2
            let second = try readDigits(from: offset - 2)
            if 0xDC00...0xDFFF ~= second {
                let value = 0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00))
                if let scalar = Unicode.Scalar(value) { return scalar }
            }
        }
        throw error(
            "half of a surrogate pair in a string",
            "Write both halves, as in \"\\ud83d\\ude00\", or the character itself.",
            at: start)
    }

    private mutating func readDigits(from start: Int) throws(ConfigError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = source.bytes[offset].hexadecimalValue else {
                throw error("escape without four hexadecimal digits", "Write it as in \"\\u00e9\".", at: start)
            }
            value = value << 4 | digit
            offset += 1
        }
        return value
    }
}
