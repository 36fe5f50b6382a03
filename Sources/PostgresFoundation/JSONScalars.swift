public import FoundationEssentials
public import JSONTape
import PostgresStreaming

// The forms that Foundation's types have in JSON wherever this module is part of a program, unless the options of a decoder
// or encoder have another: those that `convertFoundationTypes()` sets.

extension Date: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes a date and time with its offset in ISO 8601; see ``JSONDate/iso8601``.
    public init(json: borrowing JSONView) throws(JSONError) { self = try JSONDate.iso8601.date(json) }

    /// Writes the date and time in ISO 8601, in UTC.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) {
        try JSONDate.iso8601.write(self, &output)
    }
}

extension Data: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes Base64.
    public init(json: borrowing JSONView) throws(JSONError) {
        guard let data = Data(base64Encoded: try json.decode(String.self)) else {
            throw json.failure(.valueInvalid, "cannot decode Data: not Base64")
        }
        self = data
    }

    /// Writes Base64.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) { output.write(base64EncodedString()) }
}

extension Decimal: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes a number, exactly or not at all.
    public init(json: borrowing JSONView) throws(JSONError) {
        guard json.kind == .number else { throw json.mismatch("a number") }
        let digits = unsafe json.bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        guard let numeric = PostgresNumeric(digits), let decimal = Decimal(exactly: numeric) else {
            throw json.failure(.numberOutOfRange, "cannot decode Decimal, which has no such value")
        }
        self = decimal
    }

    /// Writes a number with all of its digits.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) {
        guard !isNaN, let digits = try? numeric.description else {
            throw JSONError(.notEncodable, "cannot encode Decimal: it is no number")
        }
        output.write(try JSONValue(parsing: digits))
    }
}

extension URL: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes text that is a URL.
    public init(json: borrowing JSONView) throws(JSONError) {
        guard let url = URL(string: try json.decode(String.self)) else {
            throw json.failure(.valueInvalid, "cannot decode URL: not a URL")
        }
        self = url
    }

    /// Writes the absolute form.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) { output.write(absoluteString) }
}

extension UUID: JSONScalarDecodable, JSONScalarEncodable {
    /// Decodes text that is a UUID.
    public init(json: borrowing JSONView) throws(JSONError) {
        guard let uuid = UUID(uuidString: try json.decode(String.self)) else {
            throw json.failure(.valueInvalid, "cannot decode UUID: not a UUID")
        }
        self = uuid
    }

    /// Writes the digits with hyphens.
    public func encodeJSON(into output: inout JSONOutput) throws(JSONError) { output.write(uuidString) }
}
