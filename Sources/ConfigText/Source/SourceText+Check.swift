extension SourceText {
    /// Refuses what is not UTF-8, and the characters that a document of this format cannot hold.
    mutating func check(_ format: ConfigFormat) throws(ConfigError) {
        var offset = start
        while offset < end {
            let byte = bytes[offset]
            if byte >= 0x20 && byte < 0x7F || byte == .lineFeed || byte == .tab {
                offset += 1
                continue
            }
            guard let (scalar, count) = scalar(at: offset) else {
                throw ConfigError(
                    "document is not encoded in UTF-8", hint: "Save the file in UTF-8.", position: position(at: offset))
            }
            if let refusal = refusal(of: scalar, at: offset, format) {
                throw ConfigError(refusal.message, hint: refusal.hint, position: position(at: offset))
            }
            offset += count
        }
    }

    private func refusal(of scalar: UInt32, at offset: Int, _ format: ConfigFormat) -> (message: String, hint: String)?
    {
        switch scalar {
        case 0x0D where bytes[offset + 1] == .lineFeed: nil
        case 0x0D: ("carriage return without a line feed", "End lines with a line feed.")
        case 0: ("document holds the character U+0000", "Take it out: Postgres has no text with it.")
        case ..<0x20: ("document holds the control character \(Self.name(of: scalar))", Self.escapeHint)
        case _ where format == .json: nil
        case 0x85, 0x2028, 0x2029:
            (
                "\(Self.name(of: scalar)) ends a line in some versions of YAML and not in others",
                "Write it as an escape in double quotes: \"\\N\", \"\\L\", or \"\\P\"."
            )
        case 0xFEFF:
            ("byte order mark within the document", "Take it out: it may stand at the beginning of the file alone.")
        case 0x7F...0x9F, 0xFFFE, 0xFFFF:
            ("document holds the character \(Self.name(of: scalar))", Self.escapeHint)
        default: nil
        }
    }

    private static let escapeHint = "Write it as an escape in double quotes, such as \"\\u001b\"."

    private static func name(of scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// The scalar that begins at an offset, and its length; nil where there is none (RFC 3629).
    private func scalar(at offset: Int) -> (value: UInt32, count: Int)? {
        let first = bytes[offset]
        // Zeros follow the last byte and continue nothing.
        let second = bytes[offset + 1]
        switch first {
        case ..<0x80: return (UInt32(first), 1)
        case 0xC2...0xDF where second & 0xC0 == 0x80:
            return (UInt32(first & 0x1F) << 6 | UInt32(second & 0x3F), 2)
        case 0xE0...0xEF where second & 0xC0 == 0x80 && bytes[offset + 2] & 0xC0 == 0x80:
            let value = UInt32(first & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(bytes[offset + 2] & 0x3F)
            return value < 0x800 || 0xD800...0xDFFF ~= value ? nil : (value, 3)
        case 0xF0...0xF4
        where second & 0xC0 == 0x80 && bytes[offset + 2] & 0xC0 == 0x80 && bytes[offset + 3] & 0xC0 == 0x80:
            let upper = UInt32(first & 0x07) << 18 | UInt32(second & 0x3F) << 12
            let value = upper | UInt32(bytes[offset + 2] & 0x3F) << 6 | UInt32(bytes[offset + 3] & 0x3F)
            return 0x10000...0x10FFFF ~= value ? (value, 4) : nil
        default: return nil
        }
    }
}
