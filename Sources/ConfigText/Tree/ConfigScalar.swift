/// Text of a document. It has no type: `no`, `0777`, `1:30`, `1e3` and `null` are the characters that were written, until
/// the schema of the document says what they mean.
package struct ConfigScalar: Sendable, Hashable {
    /// How the text was written.
    package enum Style: Sendable, Hashable {
        /// Without quotation marks; in JSON a number, `true`, `false` or `null`. A value that is not there is plain and empty.
        case plain
        /// In quotation marks, or as a block after `|` or `>`: surely text.
        case quoted
    }

    /// The text, escapes resolved and lines folded. It never contains U+0000.
    package let text: String
    /// How it was written.
    package let style: Style
    /// Where it begins, its quotation mark or `|` included.
    package let position: ConfigPosition

    /// Creates a scalar.
    package init(text: String, style: Style, position: ConfigPosition) {
        self.text = text
        self.style = style
        self.position = position
    }
}

/// What prints a scalar by accident does not print what it holds, which may be a secret.
extension ConfigScalar: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where the scalar is; never its text.
    package var description: String { "text at \(position)" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// Shows the position alone.
    package var customMirror: Mirror { Mirror(self, children: ["position": position]) }
}
