extension YAMLReader {
    /// Reads a collection in brackets or braces, whose lines are indented further than `parent`.
    mutating func readFlow(parent: Int, depth: Int) throws(ConfigError) -> ConfigNode {
        let start = offset
        return source.bytes[offset] == .leftBracket
            ? .sequence(try readFlowSequence(parent: parent, depth: depth + 1, from: start))
            : .mapping(try readFlowMapping(parent: parent, depth: depth + 1, from: start))
    }

    private mutating func readFlowSequence(parent: Int, depth: Int, from start: Int) throws(ConfigError)
        -> ConfigSequence
    {
        let position = try beginCollection(depth)
        var items: [ConfigNode] = []
        offset += 1
        while true {
            try skipInFlow(parent, from: start)
            if source.bytes[offset] == .rightBracket { break }
            items.append(try readFlowValue(parent: parent, depth: depth))
            try skipInFlow(parent, from: start)
            if source.bytes[offset] == .rightBracket { break }
            guard source.bytes[offset] == .comma else { throw missingComma(isSequence: true) }
            offset += 1
        }
        offset += 1
        return ConfigSequence(items: items, position: position)
    }

    private mutating func readFlowMapping(parent: Int, depth: Int, from start: Int) throws(ConfigError) -> ConfigMapping
    {
        var builder = MappingBuilder(position: try beginCollection(depth))
        offset += 1
        while true {
            try skipInFlow(parent, from: start)
            if source.bytes[offset] == .rightBrace { break }
            let key = try readFlowKey(parent: parent)
            let colonEnd = offset
            try skipInFlow(parent, from: start)
            let isMissing = source.bytes[offset] == .comma || source.bytes[offset] == .rightBrace
            let value: ConfigNode =
                isMissing
                ? .scalar(try scalar("", .plain, at: source.position(at: colonEnd)))
                : try readFlowValue(parent: parent, depth: depth)
            builder.append(key, value, &duplicates)
            try skipInFlow(parent, from: start)
            if source.bytes[offset] == .rightBrace { break }
            guard source.bytes[offset] == .comma else { throw missingComma(isSequence: false) }
            offset += 1
        }
        offset += 1
        return builder.mapping
    }

    /// Reads a key and its colon.
    private mutating func readFlowKey(parent: Int) throws(ConfigError) -> ConfigScalar {
        let (start, line) = (offset, lineStart)
        var key: ConfigScalar
        var isQuoted = false
        switch source.bytes[offset] {
        case .quote, .apostrophe:
            key = try readQuoted(parent: parent)
            isQuoted = true
        case .leftBracket, .leftBrace, UInt8(ascii: "&"), UInt8(ascii: "*"):
            throw error("key that is not plain or quoted text", "Write a name and a colon, or the text in quotes.")
        default:
            let position = source.position(at: offset)
            key = try plainKey(try readPlainLine(inFlow: true), at: position)
        }
        skipSpaces()
        guard line == lineStart, source.bytes[offset] == .colon, isQuoted || source.bytes[offset + 1].isBlank else {
            throw error("no colon after a key in braces", "Write the key, a colon and a space on one line.")
        }
        guard offset - start <= ConfigLimits.keyBytesMax else {
            throw ConfigError.longKey(at: source.position(at: start))
        }
        offset += 1
        return key
    }

    private mutating func readFlowValue(parent: Int, depth: Int) throws(ConfigError) -> ConfigNode {
        guard source.bytes[offset] == UInt8(ascii: "&") else {
            return try readFlowContent(parent: parent, depth: depth)
        }
        let start = offset
        let name = try beginAnchor()
        let before = size
        size.depth = depth
        try skipInFlow(parent, from: start)
        try checkAnchored()
        let value = try readFlowContent(parent: parent, depth: depth)
        endAnchor(name, value, since: before, depth: depth)
        return value
    }

    private mutating func readFlowContent(parent: Int, depth: Int) throws(ConfigError) -> ConfigNode {
        switch source.bytes[offset] {
        case .leftBracket, .leftBrace: return try readFlow(parent: parent, depth: depth)
        case UInt8(ascii: "*"): return try readAlias(depth: depth)
        case .quote, .apostrophe: return .scalar(try readQuoted(parent: parent))
        case .comma, .rightBracket, .rightBrace:
            throw error("no value where one is needed", "Write \"\" for empty text.")
        default:
            let position = source.position(at: offset)
            let first = try readPlainLine(inFlow: true)
            let text = try readPlainRest(first, parent: parent, inFlow: true)
            return .scalar(try scalar(text, .plain, at: position))
        }
    }

    /// Steps to the next character of a collection that began at an offset.
    private mutating func skipInFlow(_ parent: Int, from start: Int) throws(ConfigError) {
        let line = lineStart
        try skipToContent()
        guard offset < source.end else {
            throw error("document ends within a collection", "Close its bracket or brace.", at: start)
        }
        guard lineStart != line else { return }
        try checkContinuation(parent)
    }

    /// Refuses a line within brackets, braces or quotation marks that is not indented, or looks like the end of a document.
    mutating func checkContinuation(_ parent: Int) throws(ConfigError) {
        guard !isAtEnd else {
            throw error("marker of a document within a value", "Indent the line, or close the value.")
        }
        guard column > parent else {
            throw error("line within a value is not indented", "Indent it further than the key or dash of the value.")
        }
    }

    private mutating func missingComma(isSequence: Bool) -> ConfigError {
        if source.bytes[offset] == .colon {
            return isSequence
                ? error("pair without braces in brackets", "Write [{key: value}].")
                : error("second colon in a pair", "Write the value in quotes.")
        }
        return error(
            "no comma between two values",
            "Write a comma, or quote the text: brackets, braces and commas are no text here.")
    }
}
