import PostgresTestSupport

/// Documents in a random choice of all that the subset of YAML has, and the tree that each of them stands for.
struct RandomConfig {
    var generator: SeededGenerator
    /// The document so far.
    var text: [UInt8] = []
    /// The tree of each anchor that may be referred to.
    private var anchors: [String] = []
    /// Whether the last thing written was a block of text, after which empty lines may count.
    var isAfterBlock = false
    /// How many values may still be written.
    private var valuesLeft = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// The next document and its tree.
    mutating func next() -> (document: [UInt8], tree: String) {
        text = []
        anchors = []
        isAfterBlock = false
        valuesLeft = 14
        if chance(30) { write("# A comment\n") }
        let isMarked = chance(10)
        if chance(30) {
            write("%YAML 1.2\n---")
        } else if isMarked {
            write("---")
        }
        let hasMark = !text.isEmpty && text.last != UInt8(ascii: "\n")
        let tree = writeValue(parent: -1, .root, isMarked: hasMark)
        if !isAfterBlock, chance(10) { write("\n") }
        if chance(20) { write("# The end\n") }
        if chance(20) { write("...\n") }
        if text.last == UInt8(ascii: "\n"), !isAfterBlock, chance(8) { text.removeLast() }
        if chance(12) { text = text.flatMap { $0 == UInt8(ascii: "\n") ? [13, 10] : [$0] } }
        if chance(20) { text.insert(contentsOf: [0xEF, 0xBB, 0xBF], at: 0) }
        return (text, tree)
    }

    // MARK: choices

    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &generator) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &generator)! }

    mutating func write(_ string: String) { text.append(contentsOf: string.utf8) }

    mutating func indent(_ count: Int) { text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count)) }

    // MARK: block values

    enum Owner {
        case root, key, dash
    }

    /// Writes a value that belongs to a collection in the column `parent`, and the end of its line; returns the tree.
    private mutating func writeValue(parent: Int, _ owner: Owner, isMarked: Bool = false) -> String {
        valuesLeft -= 1
        isAfterBlock = false
        let isFresh = owner == .root && !isMarked
        let column = parent + Int.random(in: 1...3, using: &generator)
        if !anchors.isEmpty, chance(12), !isFresh {
            return writeAlias()
        }
        var anchor: Int?
        if chance(14), !isFresh {
            anchor = anchors.count
            anchors.append("")
            write(" &a\(anchors.count - 1)")
        }
        let tree: String
        switch valuesLeft > 0 && parent < 24 ? Int.random(in: 0..<10, using: &generator) : 0 {
        case 6, 7: tree = writeMapping(parent: parent, column, owner, isFresh: isFresh, isAnchored: anchor != nil)
        case 8: tree = writeSequence(parent: parent, column, owner, isFresh: isFresh, isAnchored: anchor != nil)
        case 9:
            if !isFresh { write(" ") }
            tree = writeFlow(parent: parent, depth: 0)
            endLine()
        default: tree = writeScalar(parent: parent, isFresh: isFresh, isAnchored: anchor != nil)
        }
        if let anchor { anchors[anchor] = tree }
        return tree
    }

    private mutating func writeAlias() -> String {
        let index = Int.random(in: 0..<anchors.count, using: &generator)
        guard !anchors[index].isEmpty else {
            write(" x")
            endLine()
            return "\"x\""
        }
        write(" *a\(index)")
        endLine()
        return anchors[index]
    }

    /// Ends a line, and writes lines without content after it.
    mutating func endLine() {
        if chance(10) { write(" # said of it") }
        write("\n")
        isAfterBlock = false
        writeEmptyLines()
    }

    private mutating func writeEmptyLines() {
        if !isAfterBlock, chance(12) { write(chance(3) ? "   \n" : "\n") }
        if chance(14) { write("# to the next\n") }
    }

    private mutating func writeMapping(
        parent: Int, _ column: Int, _ owner: Owner, isFresh: Bool, isAnchored: Bool
    ) -> String {
        var column = column
        beginCollection(parent: parent, &column, owner, isFresh: isFresh, isAnchored: isAnchored)
        var parts: [String] = []
        for index in 0..<Int.random(in: 1...4, using: &generator) {
            if index > 0 { indent(column) }
            let key = writeKey(index, inFlow: false)
            write(":")
            parts.append("\(key):\(writeValue(parent: column, .key))")
            if isAfterBlock { writeEmptyLines() }
        }
        return "{\(parts.joined(separator: ","))}"
    }

    private mutating func writeSequence(
        parent: Int, _ column: Int, _ owner: Owner, isFresh: Bool, isAnchored: Bool
    ) -> String {
        var column = owner == .key && parent >= 0 && chance(2) ? parent : column
        beginCollection(parent: parent, &column, owner, isFresh: isFresh, isAnchored: isAnchored)
        var parts: [String] = []
        for index in 0..<Int.random(in: 1...4, using: &generator) {
            if index > 0 { indent(column) }
            write("-")
            parts.append(writeValue(parent: column, .dash))
            if isAfterBlock { writeEmptyLines() }
        }
        return "[\(parts.joined(separator: ","))]"
    }

    /// Goes to where the first key or dash stands: on the line of a dash, or on one of its own.
    private mutating func beginCollection(
        parent: Int, _ column: inout Int, _ owner: Owner, isFresh: Bool, isAnchored: Bool
    ) {
        if owner == .dash, !isAnchored, chance(2) {
            // After the dash, as many spaces as the column asks for.
            column = max(column, parent + 2)
            return indent(column - parent - 1)
        }
        if !isFresh { endLine() }
        indent(column)
    }

    // MARK: flow values

    private mutating func writeFlow(parent: Int, depth: Int) -> String {
        let isMapping = chance(2)
        write(isMapping ? "{" : "[")
        var parts: [String] = []
        let count = Int.random(in: 0...3, using: &generator)
        for index in 0..<count {
            writeFlowSpace(parent: parent)
            if isMapping {
                let start = text.count
                let key = writeKey(index, inFlow: true)
                let isQuoted = text[start] == UInt8(ascii: "\"") || text[start] == UInt8(ascii: "'")
                write(isQuoted && chance(2) ? ":" : ": ")
                if text.last == UInt8(ascii: " ") { writeFlowSpace(parent: parent) }
                parts.append("\(key):\(writeFlowItem(parent: parent, depth: depth))")
            } else {
                parts.append(writeFlowItem(parent: parent, depth: depth))
            }
            writeFlowSpace(parent: parent)
            if index < count - 1 || chance(8) { write(",") }
        }
        writeFlowSpace(parent: parent)
        write(isMapping ? "}" : "]")
        return isMapping ? "{\(parts.joined(separator: ","))}" : "[\(parts.joined(separator: ","))]"
    }

    private mutating func writeFlowItem(parent: Int, depth: Int) -> String {
        valuesLeft -= 1
        if let tree = anchors.last, !tree.isEmpty, chance(8) {
            write("*a\(anchors.count - 1) ")
            return tree
        }
        if valuesLeft > 0, depth < 4, chance(4) { return writeFlow(parent: parent, depth: depth + 1) }
        return writeFlowScalar(parent: parent)
    }

    private mutating func writeFlowSpace(parent: Int) {
        if chance(3) { write(" ") }
        guard chance(12) else { return }
        if chance(3) { write(" # within") }
        write("\n")
        if chance(6) { write("\n") }
        indent(parent + Int.random(in: 1...3, using: &generator))
    }
}
