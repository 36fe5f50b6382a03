import JSONTape

/// A value that is a JSON document in Postgres: in a `json` or `jsonb` column, or as a parameter.
///
/// What comes out of a column is `Decodable` or `JSONDecodable`, and is decoded where the document lies in the receive
/// buffer; what is sent is `Encodable`.
///
/// ```swift
/// struct Order: Codable { let item: String, count: Int }
/// try await connection.execute("INSERT INTO note (body) VALUES (\(json: Order(item: "pen", count: 2)))")
/// let row = try await connection.query("SELECT body FROM note LIMIT 1").only()
/// let order = try row["body", as: PostgresJSON<Order>.self].value
/// print(order.item, order.count)
/// ```
///
/// In a `Decodable` row a property of a type that is no Postgres value needs nothing: it is decoded out of `json` and
/// `jsonb` by itself. `@PostgresJSON` is for types that would be read otherwise, such as `@PostgresJSON var tags: [String]`,
/// where the column holds `["a", "b"]` and no array of Postgres.
///
/// With PostgresFoundation, dates are read and written in ISO 8601, `Data` in Base64, `Decimal` with all of its digits. For
/// other options there are `\(json: value, options: …)`, and `JSONValue`, which is a value of such columns too, with its
/// `decode(_:options:)`.
@propertyWrapper
public struct PostgresJSON<Value> {
    /// The value.
    public var wrappedValue: Value

    /// Wraps a value.
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// Wraps a value.
    public init(_ value: Value) { wrappedValue = value }

    /// The value.
    public var value: Value { wrappedValue }
}

extension PostgresJSON: Equatable where Value: Equatable {}
extension PostgresJSON: Hashable where Value: Hashable {}
extension PostgresJSON: Sendable where Value: Sendable {}

// One conformance for both kinds of types: a type can have only one, whatever its conditions.
extension PostgresJSON: PostgresDecodable, PostgresDecodableElement {
    /// Decodes a `json` or a `jsonb`.
    ///
    /// - Throws: `typeMismatch` for columns of other types, and for a `Value` that is neither `Decodable` nor
    ///   `JSONDecodable`; `documentMismatch` for a document that has not what the type needs, with the path to the place;
    ///   `documentMalformed` for one that is refused as a whole, such as one too deep.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type.isJSON else { throw Self.noDocument(cell) }
        if let own = Value.self as? any JSONDecodable.Type {
            wrappedValue = try cell.document(own, as: Value.self)
        } else if let decodable = Value.self as? any Decodable.Type {
            wrappedValue = try cell.document(decodable, as: Value.self)
        } else {
            throw PostgresError(
                .typeMismatch, "cannot decode \(cell.type) into \(Value.self)",
                hint: "Make the type Decodable or JSONDecodable.")
        }
    }

    private static func noDocument(_ cell: borrowing PostgresCell) -> PostgresError {
        guard cell.type.isPlainText else { return cell.typeMismatch(Value.self) }
        return PostgresError(
            .typeMismatch, "cannot decode \(cell.type) into \(Value.self)", hint: "Cast the column in SQL (::jsonb).")
    }

    /// Decodes NULL where `Value` is an optional.
    public static func decodeNull() throws(PostgresError) -> PostgresJSON {
        guard let optional = Value.self as? any ExpressibleByNilLiteral.Type,
            let value = optional.init(nilLiteral: ()) as? Value
        else {
            throw PostgresError(
                .unexpectedNull, "cannot decode NULL into \(Value.self)", hint: "Decode into an optional.")
        }
        return PostgresJSON(value)
    }
}

extension PostgresJSON: PostgresEncodable, PostgresEncodableElement where Value: Encodable {
    /// `jsonb`
    public static var postgresType: PostgresType { .jsonb }

    /// Appends the document.
    ///
    /// - Throws: `parameterInvalid` for a value that has no form in JSON.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try parameter.encode(into: &bytes) }

    /// Appends the document's text.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        try parameter.encodeText(into: &bytes)
    }

    /// Appends the document as a `jsonb`, a `json`, or a text.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try parameter.encode(into: &bytes, as: type)
    }

    private var parameter: JSONParameter<Value> { JSONParameter(value: wrappedValue, options: JSONEncodingOptions()) }
}

extension PostgresJSON: Decodable where Value: Decodable {
    /// Decodes what `Value` decodes from; a column of a row is a document.
    public init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Value.self)
    }
}

extension PostgresJSON: Encodable where Value: Encodable {
    /// Encodes the value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}
