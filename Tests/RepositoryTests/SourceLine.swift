/// One line of a file and what can be told of it without its neighbours.
struct SourceLine: Sendable {
    /// Counted from 1.
    let number: Int
    let text: String
    /// The text without its indentation and without a comment.
    let code: String

    init(number: Int, text: String) {
        self.number = number
        self.text = text
        let indented = text.drop { $0 == " " }
        // A URL in a string is not a comment.
        if let comment = indented.firstRange(of: "//"), !indented[..<comment.lowerBound].hasSuffix(":") {
            code = String(indented[..<comment.lowerBound])
        } else {
            code = String(indented)
        }
    }

    /// The names and keywords of the code.
    var words: [Substring] { code.split { !($0.isLetter || $0.isNumber || $0 == "_") } }

    /// The module that the line imports.
    var importedModule: String? {
        let words = code.split(separator: " ").drop { $0.hasPrefix("@") || Self.accessLevels.contains(String($0)) }
        guard words.first == "import", let module = words.dropFirst().first else { return nil }
        return module.split(separator: ".").first.map(String.init)
    }

    /// Who may use what the line declares, where the line says so.
    var declaredAccess: String? {
        for word in code.split(separator: " ") where !word.hasPrefix("@") {
            let name = String(word.prefix { $0 != "(" })
            if Self.accessLevels.contains(name), !word.contains("(") { return importedModule == nil ? name : nil }
            guard Self.modifiers.contains(name) || Self.accessLevels.contains(name) else { return nil }
        }
        return nil
    }

    private static let accessLevels: Set<String> = ["public", "open", "package", "internal", "fileprivate", "private"]
    private static let modifiers: Set<String> = [
        "final", "static", "mutating", "nonmutating", "consuming", "indirect", "convenience", "nonisolated",
        "override", "required", "borrowing", "prefix", "infix", "postfix", "unsafe", "lazy", "weak", "unowned",
    ]
}
