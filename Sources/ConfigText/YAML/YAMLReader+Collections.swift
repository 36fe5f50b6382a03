extension YAMLReader {
    /// Reads a block sequence whose first dash is next.
    mutating func readSequence(isUnindented: Bool, depth: Int) throws(ConfigError) -> ConfigSequence {
        let position = try beginCollection(depth)
        let dashes = column
        var items: [ConfigNode] = []
        while true {
            offset += 1
            items.append(try readValue(Place(parent: dashes, isCompact: true), depth: depth))
            guard try continues(at: dashes) else { break }
            guard isAtIndicator(.dash) else {
                if isUnindented { break }
                throw error(
                    "no dash before an item of a sequence", "Write a dash and a space, or indent the line further.")
            }
        }
        return ConfigSequence(items: items, position: position)
    }

    /// Reads a block mapping: its first key has been read, and the colon is next.
    mutating func readMapping(_ firstKey: ConfigScalar, column: Int, depth: Int) throws(ConfigError) -> ConfigMapping {
        if let excess = size.addCollection(depth: depth) { throw excess.error(at: firstKey.position) }
        var builder = MappingBuilder(position: firstKey.position)
        var key = firstKey
        while true {
            offset += 1
            builder.append(key, try readValue(Place(parent: column, isOfKey: true), depth: depth), &duplicates)
            guard try continues(at: column) else { return builder.mapping }
            key = try readKey()
        }
    }

    /// Counts a collection, and returns where it begins.
    mutating func beginCollection(_ depth: Int) throws(ConfigError) -> ConfigPosition {
        let position = source.position(at: offset)
        if let excess = size.addCollection(depth: depth) { throw excess.error(at: position) }
        return position
    }

    /// Whether the collection in this column goes on with the next line.
    private mutating func continues(at collection: Int) throws(ConfigError) -> Bool {
        guard !isAtEnd, column >= collection else { return false }
        guard column == collection else {
            throw error(
                "line is indented like none above that it could belong to", "Indent it as the line that it follows.")
        }
        return true
    }

    /// Reads a key at the beginning of a line, up to its colon.
    private mutating func readKey() throws(ConfigError) -> ConfigScalar {
        let (start, line) = (offset, lineStart)
        var key: ConfigScalar
        switch source.bytes[offset] {
        case .quote, .apostrophe:
            key = try readQuoted(parent: -1)
            guard line == lineStart else {
                throw error("key on more than one line", "Write line ends in it as \\n in double quotes.", at: start)
            }
        case .dash where isAtIndicator(.dash):
            throw error(
                "item of a sequence among the keys of a mapping", "Write a key and a colon, or indent the line.")
        case UInt8(ascii: "&"), UInt8(ascii: "*"), .leftBracket, .leftBrace, UInt8(ascii: "|"), UInt8(ascii: ">"):
            throw error("key that is not plain or quoted text", "Write a name and a colon, or the text in quotes.")
        default:
            let position = source.position(at: offset)
            key = try plainKey(try readPlainLine(inFlow: false), at: position)
        }
        guard isAtKeyColon() else {
            throw error("no colon after a key", "Write a colon and a space after it, or indent a line that goes on.")
        }
        guard offset - start <= ConfigLimits.keyBytesMax else {
            throw ConfigError.longKey(at: source.position(at: start))
        }
        return key
    }

    /// Makes a key of plain text, which may not be that of a merge.
    mutating func plainKey(_ text: Range<Int>, at position: ConfigPosition) throws(ConfigError) -> ConfigScalar {
        let key = try scalar(source.text(text), .plain, at: position)
        guard key.text != "<<" else {
            throw ConfigError(
                "merge key", hint: "Name a template of the document instead, or repeat the values.", position: position)
        }
        return key
    }
}
