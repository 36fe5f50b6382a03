/// A text as a literal of SQL, which no character of it can end. The text holds no NUL.
package struct SQLLiteral {
    /// The literal, with its quotes.
    package let text: String

    /// A backslash means something in a plain literal where `standard_conforming_strings` is off, and the same in an
    /// escape literal either way.
    package init(_ value: String) {
        var literal = ""
        for character in value.unicodeScalars {
            if character == "'" || character == "\\" { literal.unicodeScalars.append(character) }
            literal.unicodeScalars.append(character)
        }
        text = literal.contains("\\") ? "E'\(literal)'" : "'\(literal)'"
    }
}
