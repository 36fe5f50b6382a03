public import JSONTape

extension PostgresNumeric: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes a number with all of its digits, or the text of one, as `NaN` and the infinities are written.
    public init(json: borrowing JSONView) throws(JSONError) {
        let text: String
        if json.kind == .number {
            text = unsafe json.bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        } else {
            text = try json.decode(String.self)
        }
        guard let value = PostgresNumeric(text) else {
            let code: JSONErrorCode = json.kind == .number ? .numberOutOfRange : .valueInvalid
            throw json.failure(code, "cannot decode PostgresNumeric: no such number")
        }
        self = value
    }

    /// Writes a number with all of its digits, as `to_jsonb` does; `NaN` and the infinities as text.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) {
        guard isFinite else { return output.write(description) }
        output.write(try JSONValue(parsing: description))
    }
}
