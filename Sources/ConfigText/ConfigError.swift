/// What is wrong at one place of a document. It names the place and never holds a value.
package struct ConfigError: Error, Sendable, Hashable {
    /// What cannot be read, in words: one line, lower case.
    package let message: String
    /// A sentence that says what to write instead.
    package let hint: String?
    /// Where it is.
    package let position: ConfigPosition

    /// Creates an error, such as one of a document's schema.
    package init(_ message: String, hint: String? = nil, position: ConfigPosition) {
        self.message = message
        self.hint = hint
        self.position = position
    }
}

extension ConfigError: CustomStringConvertible {
    /// Position, message and hint on one line.
    package var description: String { "\(position): \(message)" + (hint.map { " (\($0))" } ?? "") }
}

extension ConfigError {
    /// The error for a key that is longer than both formats allow.
    static func longKey(at position: ConfigPosition) -> ConfigError {
        ConfigError("key is longer than \(ConfigLimits.keyBytesMax) bytes", position: position)
    }
}
