import PostgresWire

/// A value with the text form that Postgres prints and parses: what `description` gives, what `init(_:)` reads, and how
/// the value is written in JSON and other formats of `Codable`.
public protocol PostgresTextConvertible: LosslessStringConvertible, Codable, PostgresEncodable {}

extension PostgresTextConvertible {
    /// Appends the text form.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) { bytes += description.utf8 }

    /// Encodes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Decodes the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "the text is no \(Self.self)")
        }
        self = value
    }
}

/// What types with a text form write to have it read and printed; the rest follows.
protocol TextForm {
    /// Reads the value where the reader stands, and no more than belongs to it; nil where there is none.
    init?(reading reader: inout TextReader)

    /// Appends the text form.
    func write(to text: inout [UInt8])
}

extension TextForm {
    /// Reads a text that holds the value and nothing else.
    init?(wholeText text: RawSpan) {
        var reader = TextReader(text)
        self.init(reading: &reader)
        guard reader.isAtEnd else { return nil }
    }

    /// Reads a text that holds the value and nothing else.
    init?(wholeText text: String) {
        let bytes = Array(text.utf8)
        self.init(wholeText: bytes.rawSpan)
    }

    /// The text form.
    var text: String {
        var text: [UInt8] = []
        write(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension PostgresCell {
    /// Reads the cell's text form, all of it.
    func text<Value: TextForm>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        guard let value = Value(wholeText: bytes) else { throw malformed(Value.self) }
        return value
    }
}
