/// The members of an object as a `Decodable` type asks for them. What it does is `TapeObject`'s work, which is compiled
/// once and not for every type of key.
struct TapeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let object: TapeObject

    init(context: DecodingContext, index: Int) throws {
        object = try TapeObject(context: context, index: index)
    }

    var codingPath: [any CodingKey] { object.codingPath }

    var allKeys: [Key] { object.names.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { object.find(key.stringValue) >= 0 }

    func decodeNil(forKey key: Key) throws -> Bool { try object.decoder(key.stringValue).decodeNil() }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try object.plain(key.stringValue, type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try object.plain(key.stringValue, type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try object.decoder(key.stringValue).float(type)
    }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try object.decoder(key.stringValue).float(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try object.plain(key.stringValue, type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try object.plain(key.stringValue, type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try object.plain(key.stringValue, type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try object.plain(key.stringValue, type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try object.plain(key.stringValue, type) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try object.plain(key.stringValue, type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try object.plain(key.stringValue, type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try object.plain(key.stringValue, type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try object.plain(key.stringValue, type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try object.plain(key.stringValue, type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try object.plain(key.stringValue, type) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try object.plain(key.stringValue, type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try object.decode(key.stringValue, type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try object.decoder(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try object.decoder(key.stringValue).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        try object.decoder("super")
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try object.decoder(key.stringValue) }
}
