/// One column as a `Decodable` type sees it that is no Postgres value itself, such as an enum with a raw value.
struct ColumnDecoder: Decoder, SingleValueDecodingContainer {
    let row: RowDecoder
    let column: Int

    var codingPath: [any CodingKey] { [ColumnKey(name: row.layout.columns[column].name, index: column)] }
    var userInfo: [CodingUserInfoKey: Any] { row.userInfo }

    func decodeNil() -> Bool { (try? row.isNull(column: column)) ?? false }

    func decode(_ type: Bool.Type) throws -> Bool { try row.value(type, column: column) }
    func decode(_ type: String.Type) throws -> String { try row.value(type, column: column) }
    func decode(_ type: Double.Type) throws -> Double { try row.value(type, column: column) }
    func decode(_ type: Float.Type) throws -> Float { try row.value(type, column: column) }
    func decode(_ type: Int.Type) throws -> Int { try row.value(type, column: column) }
    func decode(_ type: Int8.Type) throws -> Int8 { try any(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try row.value(type, column: column) }
    func decode(_ type: Int32.Type) throws -> Int32 { try row.value(type, column: column) }
    func decode(_ type: Int64.Type) throws -> Int64 { try row.value(type, column: column) }
    func decode(_ type: UInt.Type) throws -> UInt { try any(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try any(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try any(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try any(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try any(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try any(type) }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw inseparable }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw inseparable }

    private func any<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard let decodable = type as? any PostgresDecodable.Type else {
            // The standard library's own types would ask for themselves again and again.
            guard !Self.asksForItself(type) else {
                let columnType = row.layout.columns[column].type
                throw PostgresError(
                    .typeMismatch, "cannot decode \(columnType.inMessages) into \(type)",
                    hint: TypeAdvice.decoding(columnType, into: type))
            }
            return try row.nested(type, column: column)
        }
        guard let value = try row.value(decodable, column: column) as? Value else {
            preconditionFailure("a type that was found by itself is itself")
        }
        return value
    }

    private static func asksForItself<Value>(_ type: Value.Type) -> Bool { type is any FixedWidthInteger.Type }

    private var inseparable: PostgresError {
        PostgresError(
            .unsupported, "cannot decode \(row.layout.columns[column].type) into a type with members of its own",
            hint: "Select the column as json or jsonb, or make the type PostgresDecodable.")
    }
}

/// A column in a coding path.
struct ColumnKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(name: String, index: Int) {
        stringValue = name
        intValue = index
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init?(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
