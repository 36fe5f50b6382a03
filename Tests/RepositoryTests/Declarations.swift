/// What one file declares outside of functions.
struct Declarations {
    /// A type that is not within another.
    struct TopLevelType {
        let name: String
        let isPublic: Bool
    }

    /// An extension of a type.
    struct Extension {
        /// The type's name; of a nested type the name of the outermost one around it.
        let type: String
        let line: Int
        /// The functions and properties that it adds.
        var members: Set<String> = []
    }

    /// What a brace opened.
    private enum Scope {
        case type
        case `extension`(Int)
        case other
    }

    private(set) var types: [TopLevelType] = []
    /// The names of the types within others.
    private(set) var nestedTypes: Set<String> = []
    private(set) var extensions: [Extension] = []
    /// The names of all functions, properties and cases.
    private(set) var members: Set<String> = []

    private var scopes: [Scope] = []
    private var opened: Scope?

    private static let keywords: Set<String> = ["class", "struct", "enum", "protocol", "typealias", "actor"]
    private static let memberKeywords: Set<String> = ["func", "var", "let", "case"]

    init(_ tokens: [SwiftCode.Token]) {
        for (index, token) in tokens.enumerated() {
            if token.text == "{" {
                scopes.append(opened ?? .other)
                opened = nil
            } else if token.text == "}" {
                _ = scopes.popLast()
            } else if index + 1 < tokens.count {
                note(token, at: index, in: tokens)
            }
        }
    }

    private mutating func note(_ token: SwiftCode.Token, at index: Int, in tokens: [SwiftCode.Token]) {
        let next = tokens[index + 1]
        if Self.keywords.contains(token.text), next.isTypeName {
            if scopes.isEmpty {
                types.append(TopLevelType(name: next.text, isPublic: Self.isPublic(index, in: tokens)))
            } else {
                nestedTypes.insert(next.text)
            }
            if token.text != "typealias" { opened = .type }
        } else if token.text == "extension", scopes.isEmpty, next.isTypeName {
            opened = .extension(extensions.count)
            extensions.append(Extension(type: next.text, line: token.line))
        } else if Self.memberKeywords.contains(token.text), next.isMemberName {
            switch scopes.last {
            case .other?: break
            case .extension(let number)?:
                extensions[number].members.insert(next.text)
                members.insert(next.text)
            case .type?, nil:
                members.insert(next.text)
                if token.text == "case" { noteFurtherCases(after: index + 1, in: tokens) }
            }
        }
    }

    /// A line of cases may have several, with values and without.
    private mutating func noteFurtherCases(after index: Int, in tokens: [SwiftCode.Token]) {
        var depth = 0
        var isAfterComma = false
        for token in tokens[(index + 1)...] {
            switch token.text {
            case "(": depth += 1
            case ")": depth -= 1
            case "case", "}", "func", "var", "init", "static": return
            default:
                if depth == 0, isAfterComma { members.insert(token.text) }
            }
            isAfterComma = token.text == ","
        }
    }

    private static let modifiers: Set<String> = [
        "public", "package", "internal", "private", "fileprivate", "final", "indirect",
    ]

    private static func isPublic(_ index: Int, in tokens: [SwiftCode.Token]) -> Bool {
        tokens[..<index].reversed().prefix { modifiers.contains($0.text) }.contains { $0.text == "public" }
    }
}
