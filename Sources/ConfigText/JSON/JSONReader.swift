/// Reads JSON by RFC 8259, with keys that are all different and without U+0000.
///
/// Numbers, `true`, `false` and `null` become plain text, as they are written.
struct JSONReader: DocumentReader {
    var source: SourceText
    /// Where the next character is.
    var offset: Int
    private var size: DocumentSize
    /// The keys that are there twice.
    private(set) var duplicates: [ConfigError] = []

    /// Reads a document whose bytes were checked.
    init(_ source: SourceText, limits: ConfigLimits) {
        self.source = source
        offset = source.start
        size = DocumentSize(limits: limits)
    }

    /// Reads the document, which is one value.
    mutating func readDocument() throws(ConfigError) -> ConfigNode {
        try skipSpace()
        let root = try readValue(depth: 0)
        try skipSpace()
        guard offset == source.end else {
            throw error("text after the end of the JSON document", "A JSON document is one value.")
        }
        return root
    }

    private mutating func readValue(depth: Int) throws(ConfigError) -> ConfigNode {
        switch source.bytes[offset] {
        case .leftBrace: .mapping(try readObject(depth: depth + 1))
        case .leftBracket: .sequence(try readArray(depth: depth + 1))
        case .quote: .scalar(try readStringScalar())
        case .dash, UInt8(ascii: "0")...UInt8(ascii: "9"): .scalar(try readPlain(endOfNumber()))
        case UInt8(ascii: "t"): .scalar(try readPlain(endOfWord("true")))
        case UInt8(ascii: "f"): .scalar(try readPlain(endOfWord("false")))
        case UInt8(ascii: "n"): .scalar(try readPlain(endOfWord("null")))
        default: throw missingValue()
        }
    }

    // MARK: collections

    private mutating func readObject(depth: Int) throws(ConfigError) -> ConfigMapping {
        var builder = MappingBuilder(position: try begin(depth))
        guard try !take(.rightBrace) else { return builder.mapping }
        while true {
            guard source.bytes[offset] == .quote else { throw missingKey() }
            let key = try readKey()
            guard try take(.colon) else { throw error("no colon after a key", "Write \"key\": value.") }
            builder.append(key, try readValue(depth: depth), &duplicates)
            if try take(.rightBrace) { return builder.mapping }
            let comma = offset
            guard try take(.comma) else { throw missingComma("}") }
            if source.bytes[offset] == .rightBrace { throw trailingComma(at: comma) }
        }
    }

    private mutating func readArray(depth: Int) throws(ConfigError) -> ConfigSequence {
        let position = try begin(depth)
        var items: [ConfigNode] = []
        guard try !take(.rightBracket) else { return ConfigSequence(items: items, position: position) }
        while true {
            items.append(try readValue(depth: depth))
            if try take(.rightBracket) { return ConfigSequence(items: items, position: position) }
            let comma = offset
            guard try take(.comma) else { throw missingComma("]") }
            if source.bytes[offset] == .rightBracket { throw trailingComma(at: comma) }
        }
    }

    /// Steps over the opening bracket of a collection and the space after it.
    private mutating func begin(_ depth: Int) throws(ConfigError) -> ConfigPosition {
        let position = source.position(at: offset)
        if let excess = size.addCollection(depth: depth) { throw excess.error(at: position) }
        offset += 1
        try skipSpace()
        return position
    }

    /// Steps over space and then, where it is next, over a character and the space after it.
    private mutating func take(_ byte: UInt8) throws(ConfigError) -> Bool {
        try skipSpace()
        guard source.bytes[offset] == byte else { return false }
        offset += 1
        try skipSpace()
        return true
    }

    private mutating func skipSpace() throws(ConfigError) {
        while source.bytes[offset].isBlank && offset < source.end { offset += 1 }
        if source.bytes[offset] == .hash || source.bytes[offset] == UInt8(ascii: "/") {
            throw error("JSON has no comments", "Take the comment out, or write the document in YAML.")
        }
    }

    // MARK: scalars

    private mutating func readKey() throws(ConfigError) -> ConfigScalar {
        let start = offset
        let key = try readStringScalar()
        guard offset - start <= ConfigLimits.keyBytesMax else { throw ConfigError.longKey(at: key.position) }
        return key
    }

    private mutating func readStringScalar() throws(ConfigError) -> ConfigScalar {
        let position = source.position(at: offset)
        return try scalar(try readString(), .quoted, at: position)
    }

    /// Reads what stands there without quotation marks, up to an offset.
    private mutating func readPlain(_ end: Int) throws(ConfigError) -> ConfigScalar {
        let range = offset..<end
        guard !source.bytes[end].isNameCharacter else {
            throw error("text without quotation marks", "Write it in double quotes.")
        }
        let position = source.position(at: offset)
        offset = end
        return try scalar(source.text(range), .plain, at: position)
    }

    private mutating func scalar(
        _ text: String, _ style: ConfigScalar.Style, at position: ConfigPosition
    ) throws(ConfigError) -> ConfigScalar {
        if let excess = size.addScalar(textBytes: text.utf8.count) { throw excess.error(at: position) }
        return ConfigScalar(text: text, style: style, position: position)
    }

    private mutating func endOfWord(_ word: StaticString) throws(ConfigError) -> Int {
        let isThere = word.description.utf8.enumerated().allSatisfy { source.bytes[offset + $0.offset] == $0.element }
        guard isThere else { throw error("text without quotation marks", "Write it in double quotes.") }
        return offset + word.utf8CodeUnitCount
    }

    private mutating func endOfNumber() throws(ConfigError) -> Int {
        var end = offset
        if source.bytes[end] == .dash { end += 1 }
        let integer = end
        end = endOfDigits(end)
        guard end > integer else { throw error("minus sign without a digit") }
        guard source.bytes[integer] != UInt8(ascii: "0") || end == integer + 1 else {
            throw error("number with a leading zero", "Write it in double quotes if the zero counts.")
        }
        if source.bytes[end] == UInt8(ascii: ".") {
            let fraction = end + 1
            end = endOfDigits(fraction)
            guard end > fraction else { throw error("number without a digit after its point") }
        }
        if source.bytes[end] | 0x20 == UInt8(ascii: "e") {
            let isSigned = source.bytes[end + 1] == .dash || source.bytes[end + 1] == UInt8(ascii: "+")
            let exponent = end + (isSigned ? 2 : 1)
            end = endOfDigits(exponent)
            guard end > exponent else { throw error("number without a digit in its exponent") }
        }
        return end
    }

    private func endOfDigits(_ start: Int) -> Int {
        var end = start
        while source.bytes[end].isDigit { end += 1 }
        return end
    }
}
