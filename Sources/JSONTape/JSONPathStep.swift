/// One step from a value to another within it. Literals make steps: `value.at("owner", "tags", 0)`.
public enum JSONPathStep: Hashable, Sendable {
    /// To the member of an object.
    case key(String)
    /// To the element of an array, from 0.
    case index(Int)

    /// Names longer than this are cut off in texts.
    private static let keyCharactersMax = 64

    /// The steps as a program would write them, on one line.
    static func text(_ steps: [JSONPathStep]) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += (text.isEmpty ? "" : ".") + printable(key)
            }
        }
        return text
    }

    /// A name is somebody else's text: nothing in it may break out of its line.
    private static func printable(_ key: String) -> String {
        let scalars = key.unicodeScalars.prefix(keyCharactersMax).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: "\u{FFFD}"
            default: scalar
            }
        }
        let isCut = key.unicodeScalars.count > keyCharactersMax
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text) + (isCut ? "…" : "")
    }
}

extension JSONPathStep: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// The step to a member.
    public init(stringLiteral value: String) { self = .key(value) }

    /// The step to an element.
    public init(integerLiteral value: Int) { self = .index(value) }
}
