/// Reads a strict subset of YAML 1.2: what all readers of YAML understand alike, and what a person reads alike.
///
/// The collections, scalars, comments, anchors and aliases of YAML are there. Refused are tags, merge keys, several
/// documents, keys that are collections or have no colon on their line, keys that are there twice, pairs without braces in
/// a flow sequence, a block of text that is all there is, tabs that are not in quoted text, and line ends that are not the same in all versions of YAML. What is written
/// within brackets, braces and quotation marks is indented as everything else.
///
/// It goes over the document once. Whenever a value has been read, the next character is the first one of a later line.
struct YAMLReader: DocumentReader {
    var source: SourceText
    /// Where the next character is.
    var offset: Int
    /// Where its line begins.
    var lineStart: Int
    var size: DocumentSize
    /// The values that aliases may stand for.
    var anchors: [String: Anchor] = [:]
    /// The keys that are there twice.
    var duplicates: [ConfigError] = []

    /// A value with a name.
    struct Anchor {
        /// The value; nil as long as it is being read.
        var value: ConfigNode?
        /// What each alias adds to the document.
        var share = DocumentSize.Share(nodes: 0, textBytes: 0, depth: 0)
    }

    /// Reads a document whose bytes were checked.
    init(_ source: SourceText, limits: ConfigLimits) {
        self.source = source
        offset = source.start
        lineStart = source.start
        size = DocumentSize(limits: limits)
    }

    // MARK: the document

    /// Reads the document: directives, the root, and nothing after it.
    mutating func readDocument() throws(ConfigError) -> ConfigNode {
        try skipToContent()
        let hasDirectives = try skipDirectives()
        let isMarked = isAtMarker(.dash)
        if isMarked {
            offset += 3
        } else if hasDirectives {
            throw error("directive without a document", "Write --- on a line after it.")
        } else if isAtEnd, offset < source.end {
            throw error("end of a document that has not begun", "Take the ... out.")
        }
        let root = try readValue(Place(parent: -1, isLineStart: !isMarked), depth: 0)
        if isAtMarker(UInt8(ascii: ".")) {
            offset += 3
            try endLine("text after the end of the document")
        }
        guard offset == source.end else { throw unexpectedRest() }
        return root
    }

    private mutating func skipDirectives() throws(ConfigError) -> Bool {
        guard source.bytes[offset] == UInt8(ascii: "%"), offset == lineStart else { return false }
        let version = Array("%YAML 1.2".utf8)
        let isVersion = version.indices.allSatisfy { source.bytes[min(offset + $0, source.end)] == version[$0] }
        guard isVersion, source.bytes[offset + version.count].isBlank else {
            throw error("directive other than %YAML 1.2", "Take it out: tags and other versions are not read.")
        }
        offset += version.count
        try endLine("text after a directive")
        guard source.bytes[offset] != UInt8(ascii: "%") else { throw error("second directive", "Take it out.") }
        return true
    }

    /// The error for what follows the document.
    private mutating func unexpectedRest() -> ConfigError {
        isAtMarker(.dash) || isAtMarker(UInt8(ascii: "."))
            ? error("second document", "Write one document in a file.")
            : error("text after the end of the document", "Indent it as the lines above that it belongs to.")
    }

    // MARK: lines

    /// The column of the next character, from 0. What may stand before it on its line where that counts is ASCII.
    var column: Int { offset - lineStart }

    /// Whether the next character is beyond the end, or begins a line that ends the document.
    var isAtEnd: Bool { offset == source.end || isAtMarker(.dash) || isAtMarker(UInt8(ascii: ".")) }

    /// Whether the next three characters are such a marker, `---` or `...`, at the beginning of a line.
    func isAtMarker(_ byte: UInt8) -> Bool {
        offset == lineStart && source.bytes[offset] == byte && source.bytes[offset + 1] == byte
            && source.bytes[offset + 2] == byte && source.bytes[offset + 3].isBlank
    }

    /// Steps over spaces, comments and the ends of lines to the next character that is none of these.
    mutating func skipToContent() throws(ConfigError) {
        while true {
            skipSpaces()
            switch source.bytes[offset] {
            case .lineFeed:
                offset += 1
                lineStart = offset
            case .carriageReturn: offset += 1
            case .hash:
                guard offset == lineStart || source.bytes[offset - 1] == .space else {
                    throw error("comment without a space before it", "Write a space before #, or quote the text.")
                }
                while !source.bytes[offset].endsLine { offset += 1 }
            case .tab:
                throw tab()
            default: return
            }
        }
    }

    /// Steps over spaces.
    mutating func skipSpaces() {
        while source.bytes[offset] == .space { offset += 1 }
    }

    /// Steps to the first character of a later line; there must be nothing before that.
    mutating func endLine(_ message: String, _ hint: String? = nil) throws(ConfigError) {
        let line = lineStart
        try skipToContent()
        guard lineStart != line || offset == source.end else { throw error(message, hint) }
    }

    /// An error at the next character, or at another one.
    mutating func error(_ message: String, _ hint: String? = nil, at place: Int? = nil) -> ConfigError {
        ConfigError(message, hint: hint, position: source.position(at: place ?? offset))
    }

    /// The error for a tab outside of quotation marks, blocks of text and comments.
    mutating func tab() -> ConfigError {
        error("tab where spaces are needed", "Write spaces, or \\t in double quotes for a tab of the text.")
    }

    // MARK: scalars

    /// Counts a scalar and makes it.
    mutating func scalar(
        _ text: String, _ style: ConfigScalar.Style, at position: ConfigPosition
    ) throws(ConfigError) -> ConfigScalar {
        if let excess = size.addScalar(textBytes: text.utf8.count) { throw excess.error(at: position) }
        return ConfigScalar(text: text, style: style, position: position)
    }
}
