public import JSONTape

extension JSONValue: PostgresDecodable, PostgresDecodableElement, PostgresEncodable, PostgresEncodableElement {
    /// Decodes a `json` or a `jsonb`: a copy of the document, to keep and look into.
    ///
    /// - Throws: `documentMalformed` for a document that is refused, such as one too deep.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type.isJSON else { throw cell.typeMismatch(JSONValue.self) }
        let text = try cell.textBytes(for: JSONValue.self)
        do throws(JSONError) {
            try self.init(parsing: text)
        } catch {
            throw PostgresError(error, decoding: cell.type, into: JSONValue.self)
        }
    }

    /// `jsonb`
    public static var postgresType: PostgresType { .jsonb }

    /// Appends the document as it is written.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(PostgresType.jsonbVersion)
        encodeText(into: &bytes)
    }

    /// Appends the document's text as it is written.
    public func encodeText(into bytes: inout [UInt8]) {
        let text = view.bytes
        unsafe text.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends the document as a `jsonb`, a `json`, or a text.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try JSONParameter(value: self, options: JSONEncodingOptions()).encode(into: &bytes, as: type)
    }
}
