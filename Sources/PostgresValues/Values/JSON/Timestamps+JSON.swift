public import JSONTape

// Documents have times in ISO 8601, with a T between date and time, which the text form of Postgres has not.

extension PostgresTimestampTZ: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes text in ISO 8601 with an offset, as `to_jsonb` writes it, or in the text form of Postgres.
    public init(json: borrowing JSONView) throws(JSONError) {
        guard let value = PostgresTimestampTZ(try json.timeText()) else {
            throw json.failure(.valueInvalid, "cannot decode PostgresTimestampTZ: not a date and time with an offset")
        }
        self = value
    }

    /// Writes the time in UTC as `to_jsonb` does: `2026-01-31T12:30:00+00:00`, or `infinity`.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) {
        let text = description
        output.write(text.hasSuffix("+00") ? "\(text.withT):00" : text.withT)
    }
}

extension PostgresTimestamp: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes text in ISO 8601 without an offset, as `to_jsonb` writes it, or in the text form of Postgres.
    public init(json: borrowing JSONView) throws(JSONError) {
        guard let value = PostgresTimestamp(try json.timeText()) else {
            throw json.failure(.valueInvalid, "cannot decode PostgresTimestamp: not a date and time")
        }
        self = value
    }

    /// Writes the time as `to_jsonb` does: `2026-01-31T12:30:00`, or `infinity`.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) { output.write(description.withT) }
}

extension JSONView {
    /// A string with a space in place of the T of ISO 8601, and an offset in place of its Z.
    fileprivate func timeText() throws(JSONError) -> String {
        var bytes = Array(try decode(String.self).utf8)
        // A date has ten characters at least.
        guard let place = bytes.firstIndex(where: { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "t") }), place >= 10
        else { return String(decoding: bytes, as: UTF8.self) }
        bytes[place] = UInt8(ascii: " ")
        if let last = bytes.last, last == UInt8(ascii: "Z") || last == UInt8(ascii: "z") {
            bytes.removeLast()
            bytes += "+00".utf8
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// The text with a T in place of its first space.
    fileprivate var withT: String {
        guard let place = firstIndex(of: " ") else { return self }
        return "\(self[..<place])T\(self[index(after: place)...])"
    }
}
