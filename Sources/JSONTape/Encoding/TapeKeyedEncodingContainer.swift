/// The members of an object that is being put together.
struct TapeKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: TapeEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil(forKey key: Key) throws { try encoder.nested(key).encodeNil() }
    mutating func encode(_ value: Bool, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: String, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Double, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Float, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Int, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Int8, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Int16, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Int32, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Int64, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: Int128, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: UInt, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: UInt8, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: UInt16, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: UInt32, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: UInt64, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: UInt128, forKey key: Key) throws { try encoder.nested(key).encode(value) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws { try encoder.nested(key).encode(value) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder.nested(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.nested(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { encoder.nested(TapeKey(stringValue: "super")) }

    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.nested(key) }
}

/// The elements of an array that is being put together.
struct TapeUnkeyedEncodingContainer: UnkeyedEncodingContainer {
    let encoder: TapeEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.node.count }

    mutating func encodeNil() throws { try encoder.appended().encodeNil() }
    mutating func encode(_ value: Bool) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: String) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Double) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Float) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Int) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Int8) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Int16) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Int32) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Int64) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: Int128) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: UInt) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: UInt8) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: UInt16) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: UInt32) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: UInt64) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: UInt128) throws { try encoder.appended().encode(value) }
    mutating func encode(_ value: some Encodable) throws { try encoder.appended().encode(value) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder.appended().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.appended().unkeyedContainer() }

    mutating func superEncoder() -> any Encoder { encoder.appended() }
}
