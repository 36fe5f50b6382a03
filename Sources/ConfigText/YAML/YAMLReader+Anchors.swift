extension YAMLReader {
    /// Reads an anchor whose `&` is next, and notes that its value is being read.
    mutating func beginAnchor() throws(ConfigError) -> String {
        let start = offset
        let name = try readAnchorName()
        guard anchors.updateValue(Anchor(), forKey: name) == nil else {
            throw error("second anchor of one name", "Give each anchor a name of its own.", at: start)
        }
        return name
    }

    /// Refuses an alias after an anchor.
    mutating func checkAnchored() throws(ConfigError) {
        guard source.bytes[offset] == UInt8(ascii: "*") else { return }
        throw error("alias with an anchor", "Use the anchor of the value that it stands for.")
    }

    /// Notes the value of an anchor and what it adds to the document.
    mutating func endAnchor(_ name: String, _ value: ConfigNode, since before: DocumentSize, depth: Int) {
        let share = DocumentSize.Share(
            nodes: size.nodes - before.nodes, textBytes: size.textBytes - before.textBytes, depth: size.depth - depth)
        anchors[name] = Anchor(value: value, share: share)
        size.depth = max(size.depth, before.depth)
    }

    /// Reads an alias whose `*` is next, and returns what it stands for.
    mutating func readAlias(depth: Int) throws(ConfigError) -> ConfigNode {
        let start = offset
        let name = try readAnchorName()
        guard let anchor = anchors[name] else {
            throw error(
                "alias of an anchor that is not above it",
                "Write &name before the value it stands for, or the text in quotes.", at: start)
        }
        guard let value = anchor.value else {
            throw error("alias within the value of its own anchor", "A value cannot contain itself.", at: start)
        }
        if let excess = size.addAlias(to: anchor.share, depth: depth) {
            throw excess.error(at: source.position(at: start))
        }
        return value
    }

    private mutating func readAnchorName() throws(ConfigError) -> String {
        let start = offset + 1
        offset = start
        while source.bytes[offset].isNameCharacter { offset += 1 }
        let byte = source.bytes[offset]
        let isEnd = byte.isBlank || byte == .comma || byte == .rightBracket || byte == .rightBrace
        guard offset > start, isEnd else {
            throw error(
                "anchor or alias without a proper name", "Write letters, digits, _ and - alone, or the text in quotes.")
        }
        guard offset - start <= ConfigLimits.keyBytesMax else {
            throw ConfigError.longKey(at: source.position(at: start))
        }
        return source.text(start..<offset)
    }
}
