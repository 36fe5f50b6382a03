extension JSONReader {
    /// An error at the next character, or at another one.
    mutating func error(_ message: String, _ hint: String? = nil, at place: Int? = nil) -> ConfigError {
        ConfigError(message, hint: hint, position: source.position(at: place ?? offset))
    }

    /// The error where the document ends, or has another character than a value begins with.
    mutating func missingValue() -> ConfigError {
        switch source.bytes[offset] {
        case _ where offset == source.end:
            error("document ends where a value is needed")
        case .apostrophe: error("text in single quotes", "JSON has double quotes alone.")
        case .comma, .rightBracket, .rightBrace, .colon: error("no value where one is needed")
        default: error("text without quotation marks", "Write it in double quotes.")
        }
    }

    /// The error where a key does not begin with a quotation mark.
    mutating func missingKey() -> ConfigError {
        offset == source.end
            ? error("document ends within an object")
            : error("key without double quotes", "Write \"key\": value.")
    }

    /// The error where a collection goes on without a comma.
    mutating func missingComma(_ end: String) -> ConfigError {
        offset == source.end
            ? error("document ends within a collection", "Close it with \(end).")
            : error("no comma between two values", "Write a comma, or close the collection with \(end).")
    }

    /// The error for a comma after a collection's last value.
    mutating func trailingComma(at place: Int) -> ConfigError {
        error("comma after the last value", "Take it out: JSON allows none there.", at: place)
    }
}
