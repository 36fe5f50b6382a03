/// A stored property as its declaration tells it, with the types that it lies in.
struct StoredProperty {
    let path: String
    /// The names of the types around it and its own, with dots between them.
    let name: String
    /// Whether it belongs to a class or an actor, which lives on.
    let isOfClass: Bool
    let isVariable: Bool
    let isStatic: Bool
    /// The type where it is written, else the value.
    let type: String

    /// Whether it may come to hold more than it did: a variable of a type of collections, wherever it is; and in classes
    /// also constants, and text. What is constant in a value was made whole and cannot grow.
    var canGrow: Bool {
        guard !type.contains("->") else { return false }
        if isStatic { return isShared || isVariable && isCollection }
        if isOfClass { return isCollection || isText }
        return isVariable && isCollection || isShared
    }

    private var isCollection: Bool {
        // An InlineArray has as many elements as its type says.
        let type = type.replacing("InlineArray<", with: "")
        let marks = ["[", "Set<", "Array<", "Dictionary<", "AsyncStream", "InsertOnlyTable<", "UnsafeMutable"]
        return marks.contains { type.contains($0) }
    }

    private var isText: Bool { type.hasPrefix("String") || type.hasPrefix("\"") }

    private var isShared: Bool { isCollection && (type.hasPrefix("Locked<") || type.hasPrefix("InsertOnlyTable<")) }
}

extension StoredProperty {
    /// What a brace opened: a type with its name, or anything else.
    private enum Scope {
        case type(String, isClass: Bool)
        case other
    }

    /// Every stored property of a file.
    static func all(of file: Repository.File) -> [StoredProperty] {
        var properties: [StoredProperty] = []
        var scopes: [Scope] = []
        var opened: Scope?
        var isInText = false
        for (index, line) in file.lines.enumerated() {
            if line.text.contains("\"\"\"") {
                isInText = line.text.ranges(of: "\"\"\"").count == 1 ? !isInText : isInText
                continue
            }
            guard !isInText, !line.code.isEmpty else { continue }
            let code = withoutTexts(line.code)
            let next = index + 1 < file.lines.count ? file.lines[index + 1].code : ""
            if let property = StoredProperty(code, before: next, in: scopes, of: file.path) {
                properties.append(property)
            }
            opened = typeOpened(by: code) ?? opened
            for byte in code.utf8 {
                if byte == UInt8(ascii: "{") {
                    scopes.append(opened ?? .other)
                    opened = nil
                } else if byte == UInt8(ascii: "}") {
                    _ = scopes.popLast()
                }
            }
        }
        return properties
    }

    /// The code with nothing in its literals.
    private static func withoutTexts(_ code: String) -> String {
        guard code.utf8.contains(UInt8(ascii: "\"")) else { return code }
        var bytes: [UInt8] = []
        var (isInside, isEscaped) = (false, false)
        for byte in code.utf8 {
            if byte == UInt8(ascii: "\""), !isEscaped { isInside.toggle() }
            if !isInside || byte == UInt8(ascii: "\"") && !isEscaped { bytes.append(byte) }
            isEscaped = isInside && byte == UInt8(ascii: "\\") && !isEscaped
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let types = ["class ", "actor ", "struct ", "enum ", "extension ", "protocol "]

    // What every declaration has one of is looked for first, because most lines are none.
    private static func typeOpened(by code: String) -> Scope? {
        guard code.utf8.first != UInt8(ascii: "."), types.contains(where: code.contains) else { return nil }
        let pattern =
            #/
            ^(?:@\w+(?:\([^)]*\))?\ +)*(?:[a-z]+(?:\([a-z]+\))?\ +)*?
            (class|actor|struct|enum|extension|protocol)\ +(\w[\w.]*)
            /#
        guard let match = code.firstMatch(of: pattern) else { return nil }
        return .type(String(match.output.2), isClass: match.output.1 == "class" || match.output.1 == "actor")
    }

    private init?(_ code: String, before next: String, in scopes: [Scope], of path: String) {
        guard case .type(_, let isOfClass)? = scopes.last, code.contains("let ") || code.contains("var ") else {
            return nil
        }
        let pattern = /^(?:@\w+(?:\([^)]*\))? +)*((?:[a-z]+(?:\([a-z]+\))? +)*?)(let|var) +(\w+) *(.*)$/
        guard let match = code.wholeMatch(of: pattern) else { return nil }
        let rest = String(match.output.4)
        let isWatched = ["didSet", "willSet"].contains { rest.contains($0) || next.hasPrefix($0) }
        // What has a body and no value is computed.
        if rest.prefix(while: { $0 != "=" }).contains("{"), !isWatched { return nil }
        let types = scopes.compactMap { scope in if case .type(let name, _) = scope { name } else { nil } }
        self.path = path
        name = (types + [String(match.output.3)]).joined(separator: ".")
        self.isOfClass = isOfClass
        isVariable = match.output.2 == "var"
        isStatic = match.output.1.contains("static")
        type = Self.type(rest)
    }

    /// The type where it is written, else the value.
    private static func type(_ rest: String) -> String {
        let isTyped = rest.hasPrefix(":")
        let text = rest.drop { ":= ".contains($0) }
        return String(isTyped ? text.prefix { $0 != "=" } : text)
    }
}
