extension YAMLReader {
    /// What follows the `|` or `>` of a block of text.
    private struct Header {
        /// Whether lines are joined by spaces, after `>`.
        var isFolded = false
        /// How far the text is indented beyond its collection, where the header says so.
        var indentation: Int?
        /// `-` where the last line end is taken off, `+` where all are kept.
        var chomping: UInt8?
    }

    /// Reads a block of text whose `|` or `>` is next, and steps to the line after it.
    mutating func readBlockScalar(parent: Int) throws(ConfigError) -> ConfigScalar {
        // What such a block begins and ends with is not the same to all readers.
        guard parent >= 0 else { throw error("block of text that is the whole document", "Write the text in quotes.") }
        let position = source.position(at: offset)
        let header = try readHeader()
        let text = try readLines(header, parent: parent)
        try skipToContent()
        return try scalar(text, .quoted, at: position)
    }

    private mutating func readHeader() throws(ConfigError) -> Header {
        var header = Header(isFolded: source.bytes[offset] == UInt8(ascii: ">"))
        offset += 1
        while !source.bytes[offset].isBlank {
            switch source.bytes[offset] {
            case UInt8(ascii: "1")...UInt8(ascii: "9") where header.indentation == nil:
                header.indentation = Int(source.bytes[offset] - UInt8(ascii: "0"))
            case .dash where header.chomping == nil, UInt8(ascii: "+") where header.chomping == nil:
                header.chomping = source.bytes[offset]
            default:
                throw error(
                    "text after the | or > of a block of text",
                    "Begin the text on the next line, or write it in quotes.")
            }
            offset += 1
        }
        skipSpaces()
        if source.bytes[offset] == .hash {
            while !source.bytes[offset].endsLine { offset += 1 }
        }
        guard source.bytes[offset].endsLine else {
            throw error(
                "text after the | or > of a block of text", "Begin the text on the next line, or write it in quotes.")
        }
        skipLineEnd()
        return header
    }

    /// Steps over the end of a line, where there is one.
    private mutating func skipLineEnd() {
        if source.bytes[offset] == .carriageReturn { offset += 1 }
        guard source.bytes[offset] == .lineFeed else { return }
        offset += 1
        lineStart = offset
    }

    private mutating func readLines(_ header: Header, parent: Int) throws(ConfigError) -> String {
        var breaks = 0
        let indentation: Int
        if let given = header.indentation {
            indentation = parent + given
            breaks = try skipEmptyLines(indentation)
        } else {
            (indentation, breaks) = try findIndentation(parent + 1)
        }
        var text: [UInt8] = []
        var hasBreak = false
        var wasMore = false
        while column == indentation, !source.bytes[offset].endsLine {
            let isMore = source.bytes[offset] == .space || source.bytes[offset] == .tab
            if hasBreak, header.isFolded, !wasMore, !isMore {
                if breaks == 0 { text.append(.space) }
            } else if hasBreak {
                text.append(.lineFeed)
            }
            text.append(contentsOf: repeatElement(.lineFeed, count: breaks))
            let start = offset
            while !source.bytes[offset].endsLine { offset += 1 }
            text.append(contentsOf: source.bytes[start..<offset])
            wasMore = isMore
            hasBreak = offset < source.end
            skipLineEnd()
            breaks = try skipEmptyLines(indentation)
        }
        if hasBreak, header.chomping != .dash { text.append(.lineFeed) }
        if header.chomping == UInt8(ascii: "+") { text.append(contentsOf: repeatElement(.lineFeed, count: breaks)) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Steps over lines that are empty, and up to so many spaces of the line after them; answers with their number.
    private mutating func skipEmptyLines(_ indentation: Int) throws(ConfigError) -> Int {
        var breaks = 0
        while true {
            while column < indentation, source.bytes[offset] == .space { offset += 1 }
            if source.bytes[offset] == .tab, column < indentation { throw tabInIndentation() }
            guard source.bytes[offset].endsLine, offset < source.end else { return breaks }
            skipLineEnd()
            breaks += 1
        }
    }

    /// Steps to the first line that is not empty; answers with its indentation and the number of lines before it.
    private mutating func findIndentation(_ least: Int) throws(ConfigError) -> (Int, breaks: Int) {
        var breaks = 0
        var longest = 0
        while true {
            skipSpaces()
            if source.bytes[offset] == .tab { throw tabInIndentation() }
            guard source.bytes[offset].endsLine, offset < source.end else { break }
            longest = max(longest, column)
            skipLineEnd()
            breaks += 1
        }
        guard column >= least, offset < source.end else { return (max(longest, least), breaks) }
        guard longest <= column else {
            throw error(
                "first line of a block of text is indented less than an empty line before it",
                "Take the spaces out of the empty line, or give the indentation after the | or >.")
        }
        return (column, breaks)
    }

    private mutating func tabInIndentation() -> ConfigError {
        error(
            "tab where spaces are needed", "Indent with spaces; text that begins with a tab needs a digit after the |.")
    }
}
