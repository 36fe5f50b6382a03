extension YAMLReader {
    /// Where a value of a block collection may stand.
    struct Place {
        /// The column of the collection that it belongs to; -1 for the root.
        let parent: Int
        /// Whether it belongs to a key, whose sequence may have the key's own column.
        var isOfKey = false
        /// Whether a block collection may begin on the same line, as after a dash.
        var isCompact = false
        /// Whether nothing stands before the value on its line.
        var isLineStart = false
    }

    /// Reads a value after a key's colon, after a dash, or the root, and steps to the line after it.
    mutating func readValue(_ place: Place, depth: Int) throws(ConfigError) -> ConfigNode {
        let indicatorEnd = offset
        var place = place
        try skipToContent(&place)
        guard source.bytes[offset] == UInt8(ascii: "&"), !isMissing(place) else {
            return try readContent(place, depth: depth, indicatorEnd)
        }
        let name = try beginAnchor()
        let before = size
        size.depth = depth
        place.isLineStart = false
        place.isCompact = false
        try skipToContent(&place)
        guard !isMissing(place) else { throw error("anchor without a value", "Write the value after it.") }
        try checkAnchored()
        let value = try readContent(place, depth: depth, indicatorEnd)
        endAnchor(name, value, since: before, depth: depth)
        return value
    }

    /// Steps to the next character, and notes where a line begins before it.
    private mutating func skipToContent(_ place: inout Place) throws(ConfigError) {
        let line = lineStart
        try skipToContent()
        if lineStart != line { place.isLineStart = true }
    }

    /// Whether the next character belongs to something else, so that there is no value.
    private func isMissing(_ place: Place) -> Bool {
        if offset == source.end { return true }
        guard place.isLineStart else { return false }
        return isAtEnd || column < place.parent
            || column == place.parent && !(place.isOfKey && isAtIndicator(.dash))
    }

    private mutating func readContent(
        _ place: Place, depth: Int, _ indicatorEnd: Int
    ) throws(ConfigError) -> ConfigNode {
        guard !isMissing(place) else {
            return .scalar(try scalar("", .plain, at: source.position(at: indicatorEnd)))
        }
        switch source.bytes[offset] {
        case .dash where isAtIndicator(.dash):
            guard place.isLineStart || place.isCompact else {
                throw error("sequence on the line of its key", "Begin it on a line of its own.")
            }
            let isUnindented = place.isOfKey && column == place.parent
            return .sequence(try readSequence(isUnindented: isUnindented, depth: depth + 1))
        case .leftBracket, .leftBrace: return try readFlowCollection(place, depth: depth)
        case UInt8(ascii: "|"), UInt8(ascii: ">"): return .scalar(try readBlockScalar(parent: place.parent))
        case UInt8(ascii: "*"):
            let value = try readAlias(depth: depth)
            try endValue()
            return value
        case .quote, .apostrophe: return try readQuotedOrMapping(place, depth: depth)
        default: return try readPlainOrMapping(place, depth: depth)
        }
    }

    private mutating func readFlowCollection(_ place: Place, depth: Int) throws(ConfigError) -> ConfigNode {
        let value = try readFlow(parent: place.parent, depth: depth)
        try endValue()
        return value
    }

    private mutating func readQuotedOrMapping(_ place: Place, depth: Int) throws(ConfigError) -> ConfigNode {
        let (start, line, keyColumn) = (offset, lineStart, column)
        let text = try readQuoted(parent: place.parent)
        guard isAtKeyColon(), line == lineStart else {
            try endValue()
            return .scalar(text)
        }
        try checkKey(place, from: start)
        return .mapping(try readMapping(text, column: keyColumn, depth: depth + 1))
    }

    private mutating func readPlainOrMapping(_ place: Place, depth: Int) throws(ConfigError) -> ConfigNode {
        let (start, keyColumn) = (offset, column)
        let position = source.position(at: start)
        let first = try readPlainLine(inFlow: false)
        guard isAtKeyColon() else {
            let text = try readPlainRest(first, parent: place.parent, inFlow: false)
            try endValue()
            return .scalar(try scalar(text, .plain, at: position))
        }
        try checkKey(place, from: start)
        let key = try plainKey(first, at: position)
        return .mapping(try readMapping(key, column: keyColumn, depth: depth + 1))
    }

    /// Refuses a key on the line of another key, of an anchor or of `---`.
    private mutating func checkKey(_ place: Place, from start: Int) throws(ConfigError) {
        guard place.isLineStart || place.isCompact else {
            throw error(
                "second colon in a line",
                "Write the value in quotes if the colon is text; begin a mapping on the next line.")
        }
        guard offset - start <= ConfigLimits.keyBytesMax else {
            throw ConfigError.longKey(at: source.position(at: start))
        }
    }

    /// Whether such an indicator is next, with white space or the end of the line after it.
    func isAtIndicator(_ byte: UInt8) -> Bool {
        source.bytes[offset] == byte && source.bytes[offset + 1].isBlank
    }

    /// Steps over spaces, and tells whether the colon of a key is next.
    mutating func isAtKeyColon() -> Bool {
        skipSpaces()
        return isAtIndicator(.colon)
    }

    /// Steps to the line after a value.
    private mutating func endValue() throws(ConfigError) {
        let line = lineStart
        try skipToContent()
        guard lineStart == line, offset < source.end else { return }
        throw isAtIndicator(.colon) || source.bytes[offset] == .colon
            ? error(
                "colon after a value",
                "Write a key on one line with its colon and a space; it is neither a collection nor an alias.")
            : error("text after a value", "Write the whole value in quotes, or begin a new line.")
    }
}
