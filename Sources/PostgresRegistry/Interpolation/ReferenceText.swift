/// A text with references, such as `postgres://app:${PASSWORD}@db/shop`, cut into its parts.
///
/// It is cut once, and what a reference gives is never looked at again.
struct ReferenceText: Sendable, Hashable {
    /// What a reference names.
    enum Reference: Sendable, Hashable {
        /// `${NAME}`, `${NAME:-default}` and `${NAME:?why}`.
        case variable(String, fallback: String?, reason: String?)
        /// `${file:path}`
        case file(String)
        /// `${command:program words}`
        case command(String)
    }

    enum Part: Sendable, Hashable {
        case literal(String)
        case reference(Reference)
    }

    /// What keeps a text from being cut.
    struct Failure: Error {
        let message: String
        let hint: String?
    }

    let parts: [Part]

    /// Whether nothing is to be filled in.
    var isLiteral: Bool { parts.allSatisfy { if case .literal = $0 { true } else { false } } }

    /// Cuts a text. `$${` stands for `${`; a dollar sign before anything else is itself.
    init(_ text: String) throws(Failure) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(.reference(try Self.takeReference(from: &rest)))
            } else {
                literal.append("$")
                rest = rest.dropFirst()
            }
        }
        literal += rest
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    private static func takeReference(from rest: inout Substring) throws(Failure) -> Reference {
        guard let end = rest.firstIndex(of: "}") else {
            throw Failure(
                message: "has a \"${\" without \"}\"", hint: "Write \"$${\" for a \"${\" that stands for itself.")
        }
        let inside = rest[..<end].dropFirst(2)
        rest = rest[end...].dropFirst()
        guard !inside.contains("${") else {
            throw Failure(message: "has a reference within a reference", hint: "References are not filled in twice.")
        }
        if inside.hasPrefix("file:") { return .file(String(inside.dropFirst(5))) }
        if inside.hasPrefix("command:") { return .command(String(inside.dropFirst(8))) }
        let name = inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = name.first, !first.isNumber else { throw notAReference }
        let tail = inside[name.endIndex...]
        if tail.isEmpty { return .variable(String(name), fallback: nil, reason: nil) }
        if tail.hasPrefix(":-") { return .variable(String(name), fallback: String(tail.dropFirst(2)), reason: nil) }
        if tail.hasPrefix(":?") { return .variable(String(name), fallback: nil, reason: String(tail.dropFirst(2))) }
        throw notAReference
    }

    private static var notAReference: Failure {
        Failure(
            message: "has a \"${…}\" that is no reference",
            hint: "Write ${NAME}, ${NAME:-default}, ${NAME:?why it is needed}, ${file:path} or ${command:program}.")
    }
}
