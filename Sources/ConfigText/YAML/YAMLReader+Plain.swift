extension YAMLReader {
    /// Reads plain text up to the end of its line, or to a comment, to a colon with space after it or, within brackets and
    /// braces, to one of `,[]{}`. The result is never empty and has no space at its ends.
    mutating func readPlainLine(inFlow: Bool) throws(ConfigError) -> Range<Int> {
        try checkPlainStart(inFlow: inFlow)
        return try readPlainPiece(inFlow: inFlow)
    }

    /// Reads the lines that go on with plain text after the first one, and folds them.
    mutating func readPlainRest(_ first: Range<Int>, parent: Int, inFlow: Bool) throws(ConfigError) -> String {
        guard source.bytes[offset].endsLine, offset < source.end else { return source.text(first) }
        var text: [UInt8] = []
        var last = first
        while let breaks = skipToContinuation(parent: parent, inFlow: inFlow) {
            try checkContinuationStart()
            text.append(contentsOf: source.bytes[last])
            text.appendFolded(breaks: breaks)
            last = try readPlainPiece(inFlow: inFlow)
            skipSpaces()
            if isAtIndicator(.colon) {
                throw error(
                    "key on a line that goes on with the text above",
                    "Indent it as the keys above, or write the text in quotes.")
            }
        }
        guard !text.isEmpty else { return source.text(first) }
        text.append(contentsOf: source.bytes[last])
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func readPlainPiece(inFlow: Bool) throws(ConfigError) -> Range<Int> {
        let start = offset
        var end = offset
        scan: while true {
            let byte = source.bytes[offset]
            switch byte {
            case .lineFeed, .carriageReturn, 0: break scan
            case .space: offset += 1
            // Some readers take it for text and others do not.
            case .tab: throw tab()
            case .colon where source.bytes[offset + 1].isBlank: break scan
            case .colon where inFlow && source.bytes[offset + 1].isFlowIndicator:
                throw error("colon without a space after it", "Write a space after it, or the text in quotes.")
            case .hash where offset > end: break scan
            case _ where inFlow && byte.isFlowIndicator: break scan
            default:
                offset += 1
                end = offset
            }
        }
        // The white space after the text belongs to the line.
        offset = end
        skipSpaces()
        return start..<end
    }

    /// Steps to the line that goes on with plain text, and returns the number of line ends before it. Where there is none it
    /// returns nil and stays where it is.
    private mutating func skipToContinuation(parent: Int, inFlow: Bool) -> Int? {
        let before = (offset, lineStart)
        var breaks = 0
        while source.bytes[offset].endsLine, offset < source.end {
            if source.bytes[offset] == .carriageReturn { offset += 1 }
            offset += 1
            lineStart = offset
            breaks += 1
            skipSpaces()
        }
        let byte = source.bytes[offset]
        let isEnd = isAtEnd || byte == .hash || byte == .tab || inFlow && byte.isFlowIndicator
        if breaks > 0, !isEnd, column > parent { return breaks }
        (offset, lineStart) = before
        return nil
    }

    /// Refuses text that looks like something else on a line of its own.
    private mutating func checkContinuationStart() throws(ConfigError) {
        guard isAtIndicator(.dash) || isAtIndicator(.question) || isAtIndicator(.colon) else { return }
        throw error(
            "line goes on with the text above, and looks like an item",
            "Indent it as the line above that it belongs to, or write the text in quotes.")
    }

    private mutating func checkPlainStart(inFlow: Bool) throws(ConfigError) {
        let next = source.bytes[offset + 1]
        switch source.bytes[offset] {
        case .dash, .question, .colon:
            let isText = !next.isBlank && !(inFlow && (next.isFlowIndicator || source.bytes[offset] != .dash))
            guard !isText else { return }
            switch source.bytes[offset] {
            case .dash: throw error("dash where no item can begin", "Write the text in quotes.")
            case .question: throw error("question mark before a key", "Write the key and its colon on one line.")
            default: throw error("colon without a key before it", "Write the key before it, or the text in quotes.")
            }
        case UInt8(ascii: "!"):
            throw error(
                "tag before a value",
                "Take it out, or write the text in quotes: no value has a type until the schema gives it one.")
        case UInt8(ascii: "&"): throw error("anchor where none can stand", "Write one anchor, before a value.")
        case UInt8(ascii: "*"): throw error("alias where none can stand", "Write it as a value, without an anchor.")
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            throw error("block of text where none can stand", "Write the text in quotes.")
        case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"), .comma, .rightBracket, .rightBrace:
            throw error("text begins with a character that YAML reserves", "Write the text in quotes.")
        default: return
        }
    }
}

extension [UInt8] {
    /// Appends what folding makes of so many line ends: a space of one, one fewer of more.
    mutating func appendFolded(breaks: Int) {
        if breaks == 1 {
            append(.space)
        } else {
            append(contentsOf: repeatElement(.lineFeed, count: breaks - 1))
        }
    }
}
