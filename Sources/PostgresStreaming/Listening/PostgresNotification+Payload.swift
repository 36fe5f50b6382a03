extension PostgresNotification {
    /// Decodes the payload, which is a JSON document, into a type that is `Decodable` or `JSONDecodable`.
    ///
    /// With PostgresFoundation dates are read in ISO 8601, `Data` in Base64, `Decimal` with all of its digits. For other
    /// options decode a `JSONValue`, which has its own `decode`.
    ///
    /// - Throws: `documentMismatch` for a document that has not what the type needs, with the path to the place;
    ///   `documentMalformed` for a payload that is no document; `typeMismatch` for a type that is neither.
    public func payload<Value>(as type: Value.Type = Value.self) throws(PostgresError) -> Value {
        try JSONText(payload, called: "a payload").decode(type)
    }
}
