/// The columns of a row by the keys of a `Decodable` type.
///
/// A key whose column the result does not have is an error, unless the type asks for it by `decodeIfPresent`, as the
/// compiler has it for optional properties: then it is nil, as NULL is.
struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RowDecoder

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] { decoder.layout.columns.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool {
        // A name that several columns have is there: decoding it says what is wrong.
        guard let place = try? decoder.place(of: key) else { return true }
        return decoder.column(place) != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder.isNull(column: column(key).column) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(type, key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(type, key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(type, key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(type, key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(type, key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try any(type, key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(type, key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(type, key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(type, key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try any(type, key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try any(type, key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try any(type, key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try any(type, key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try any(type, key) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try any(type, key) }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        let place = try decoder.place(of: key)
        guard let column = decoder.column(place), try !decoder.isNull(column: column) else { return nil }
        return try decoder.value(type, place: place, column: column)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try ColumnDecoder(row: decoder, column: column(key).column).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try ColumnDecoder(row: decoder, column: column(key).column).unkeyedContainer()
    }

    /// The row itself, for a class whose superclass reads columns of the same row.
    func superDecoder() -> any Decoder { decoder }

    func superDecoder(forKey key: Key) -> any Decoder { decoder }

    // MARK: what the above have in common

    private func value<Value: PostgresDecodable>(_ type: Value.Type, _ key: Key) throws(PostgresError) -> Value {
        try decoder.value(type, column: column(key).column)
    }

    private func optional<Value: PostgresDecodable>(_ type: Value.Type, _ key: Key) throws(PostgresError) -> Value? {
        guard let column = decoder.column(try decoder.place(of: key)) else { return nil }
        return try decoder.value(Value?.self, column: column)
    }

    private func any<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value {
        let (place, column) = try column(key)
        return try decoder.value(type, place: place, column: column)
    }

    private func column(_ key: Key) throws(PostgresError) -> (place: Int, column: Int) {
        let place = try decoder.place(of: key)
        guard let column = decoder.column(place) else {
            let names = [key.stringValue, key.stringValue.inSnakeCase]
            let shown = names[0] == names[1] ? names[0].quotedInOneLine : "\(names[0].quotedInOneLine) or \(names[1])"
            throw decoder.layout.missing("the row has no column \(shown)")
        }
        return (place, column)
    }
}
