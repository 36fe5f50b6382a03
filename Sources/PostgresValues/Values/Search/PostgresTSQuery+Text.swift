// Queries may be nested as deep as they are long, so nothing here calls itself.

extension PostgresTSQuery: TextForm, PostgresTextConvertible {
    /// Reads the text form, with parentheses, `!`, `&`, `|`, `<->` and `<2>`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The query with the operators between their operands, such as `'fat' & ( 'cat' | 'rat':AB )`.
    public var description: String { text }

    /// A step of printing that is still to be done.
    private enum Step {
        case item(Int, within: Int, isRightOfPhrase: Bool)
        case text(String)
    }

    func write(to text: inout [UInt8]) {
        guard !items.isEmpty else { return }
        let ends = itemEnds()
        var steps = [Step.item(0, within: 0, isRightOfPhrase: false)]
        while let step = steps.popLast() {
            switch step {
            case .text(let part): text += part.utf8
            case .item(let index, let outer, let isRightOfPhrase):
                let item = items[index]
                let priority = item.priority
                if case .lexeme(let word, let weights, let isPrefix) = item {
                    text.append(lexeme: word)
                    text.append(weights, isPrefix: isPrefix)
                    continue
                }
                if priority < outer || (isRightOfPhrase && item.isPhrase) {
                    text += "( ".utf8
                    steps.append(.text(" )"))
                }
                if item == .not {
                    steps.append(.item(index + 1, within: priority, isRightOfPhrase: false))
                    text.append(UInt8(ascii: "!"))
                } else {
                    // The last step that is put here is the first one that is done: what stands to the left.
                    steps.append(.item(index + 1, within: priority, isRightOfPhrase: item.isPhrase))
                    steps.append(.text(" \(item.symbol) "))
                    steps.append(.item(ends[index + 1], within: priority, isRightOfPhrase: false))
                }
            }
        }
    }

    /// For every item the index behind what belongs to it.
    private func itemEnds() -> [Int] {
        var ends = [Int](repeating: 0, count: items.count)
        for index in items.indices.reversed() {
            switch items[index] {
            case .lexeme: ends[index] = index + 1
            case .not: ends[index] = ends[index + 1]
            case .and, .or, .phrase: ends[index] = ends[ends[index + 1]]
            }
        }
        return ends
    }

    /// Reads operands and operators with a stack for those whose right side is not known yet.
    init?(reading reader: inout TextReader) {
        // Postfix: what stands to the left, to the right, the operator. Backwards it is the order that is kept.
        var postfix: [Item] = []
        var open: [Item?] = []
        var isOperandNext = true
        reader.skipSpaces()
        guard !reader.isAtEnd else {
            self.init(items: [])
            return
        }
        while !reader.isAtEnd {
            if isOperandNext {
                if reader.skip("(") {
                    open.append(nil)
                } else if reader.skip("!") {
                    open.append(.not)
                } else {
                    guard let word = reader.lexeme(), let item = reader.weights(of: word) else { return nil }
                    postfix.append(item)
                    isOperandNext = false
                }
            } else if reader.skip(")") {
                while let last = open.last, let item = last {
                    postfix.append(item)
                    open.removeLast()
                }
                guard open.popLast() != nil else { return nil }
            } else {
                guard let item = reader.queryOperator() else { return nil }
                while let last = open.last, let before = last, before.priority >= item.priority {
                    postfix.append(before)
                    open.removeLast()
                }
                open.append(item)
                isOperandNext = true
            }
            reader.skipSpaces()
        }
        guard !isOperandNext else { return nil }
        while let last = open.popLast() {
            guard let item = last else { return nil }
            postfix.append(item)
        }
        self.init(items: postfix.reversed())
    }
}

extension PostgresTSQuery.Item {
    /// How closely an operator binds.
    fileprivate var priority: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .phrase: 3
        case .not: 4
        case .lexeme: 5
        }
    }

    fileprivate var isPhrase: Bool {
        if case .phrase = self { return true }
        return false
    }

    fileprivate var symbol: String {
        switch self {
        case .or: "|"
        case .and: "&"
        case .phrase(let distance): distance == 1 ? "<->" : "<\(distance)>"
        case .not, .lexeme: ""
        }
    }
}

extension TextReader {
    @_lifetime(self: copy self)
    fileprivate mutating func skipSpaces() { while skip(" ") {} }

    /// Reads an operator that stands between two operands.
    @_lifetime(self: copy self)
    fileprivate mutating func queryOperator() -> PostgresTSQuery.Item? {
        if skip("&") { return .and }
        if skip("|") { return .or }
        if skip(word: "<->") { return .phrase(distance: 1) }
        guard skip("<"), let distance = digits(1...5), skip(">") else { return nil }
        return .phrase(distance: distance)
    }

    /// Reads the weights and the star behind a word.
    @_lifetime(self: copy self)
    fileprivate mutating func weights(of word: String) -> PostgresTSQuery.Item? {
        var weights: Set<PostgresTSWeight> = []
        var isPrefix = false
        if skip(":") {
            while !isAtEnd {
                if skip("*") {
                    isPrefix = true
                } else if let weight = PostgresTSWeight(letter: next) {
                    weights.insert(weight)
                    _ = byte()
                } else {
                    break
                }
            }
        }
        return .lexeme(word, weights: weights, isPrefix: isPrefix)
    }
}

extension [UInt8] {
    /// Appends the star and the weights behind a word.
    fileprivate mutating func append(_ weights: Set<PostgresTSWeight>, isPrefix: Bool) {
        guard isPrefix || !weights.isEmpty else { return }
        append(UInt8(ascii: ":"))
        if isPrefix { append(UInt8(ascii: "*")) }
        for weight in PostgresTSWeight.allCases.reversed() where weights.contains(weight) { append(weight.letter) }
    }
}
