import JSONTape

/// A JSON document in a text that is no column of a row.
package struct JSONText {
    private let text: String
    private let name: String

    /// - Parameter name: what an error calls the document.
    package init(_ text: String, called name: String) {
        self.text = text
        self.name = name
    }

    /// Decodes the document.
    ///
    /// - Throws: `documentMismatch` for one that has not what the type needs; `documentMalformed` for one that is refused;
    ///   `typeMismatch` for a type that is neither `Decodable` nor `JSONDecodable`.
    package func decode<Value>(_ type: Value.Type) throws(PostgresError) -> Value {
        do throws(JSONError) {
            if let own = type as? any JSONDecodable.Type { return try decode(own, as: type) }
            if let decodable = type as? any Decodable.Type { return try decode(decodable, as: type) }
        } catch {
            throw PostgresError(error, decoding: name, into: type)
        }
        throw PostgresError(
            .typeMismatch, "cannot decode \(name) into \(type)", hint: "Make the type Decodable or JSONDecodable.")
    }

    /// `Own` is `Value`, which only the caller's metatype knows.
    private func decode<Own: JSONDecodable, Value>(_ own: Own.Type, as type: Value.Type) throws(JSONError) -> Value {
        cast(
            try SharedTapes.withTape { tape throws(JSONError) in
                try unsafe tape.decode(own, from: text.utf8.span.bytes)
            })
    }

    /// `Known` is `Value`, which only the caller's metatype knows.
    private func decode<Known: Decodable, Value>(
        _ known: Known.Type, as type: Value.Type
    ) throws(JSONError) -> Value {
        cast(
            try SharedTapes.withTape { tape throws(JSONError) in
                try unsafe tape.decode(known, from: text.utf8.span.bytes)
            })
    }

    private func cast<Known, Value>(_ known: Known) -> Value {
        guard let value = known as? Value else { preconditionFailure("a type that was found by itself is itself") }
        return value
    }
}
