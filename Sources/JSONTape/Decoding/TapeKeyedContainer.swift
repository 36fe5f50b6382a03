/// The members of an object as a `Decodable` type asks for them.
struct TapeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let context: DecodingContext
    /// The object's entry, and the one behind its last.
    private let index: Int
    private let end: Int
    /// The entries of the values by coding key, where names are converted or there are many of them.
    private let table: KeyTable?

    init(context: DecodingContext, index: Int) throws {
        self.context = context
        self.index = index
        end = try context.withView(index) { json throws(JSONError) in
            guard json.kind == .object else { throw json.mismatch("an object") }
            return index + 1 + Int(json.entry.extent)
        }
        table = KeyTable.needed(for: context, object: index, end: end)
    }

    var codingPath: [any CodingKey] { context.codingPath(to: index) }

    var allKeys: [Key] {
        let names = table.map { table in table.names } ?? KeyTable.names(context, index)
        return names.compactMap { Key(stringValue: $0) }
    }

    func contains(_ key: Key) -> Bool { find(key) >= 0 }

    func decodeNil(forKey key: Key) throws -> Bool { (try decoder(key)).decodeNil() }

    /// The entry of the value with that key, or −1.
    private func find(_ key: Key) -> Int {
        if let table { return table.find(key.stringValue) }
        let hint = context.hint(index)
        let name = key.stringValue
        let found =
            (try? context.withView(index) { json in
                var members = JSONMembers(copy json)
                members.index = hint
                return members.indexGoingRound(of: name)
            }) ?? -1
        // The same name is often asked for again: is it there, is it null, what is it?
        if found >= 0 { context.setHint(index, found - 1) }
        return found
    }

    /// The decoder of the value with that key.
    private func decoder(_ key: Key) throws -> TapeDecoder {
        let found = find(key)
        guard found >= 0 else { throw try missing(key) }
        return TapeDecoder(context: context, index: found)
    }

    private func missing(_ key: Key) throws -> JSONError {
        try context.withView(index) { json in
            JSONError(
                .valueMissing, "there is no such member", byteOffset: json.byteOffset,
                path: json.path + [.key(key.stringValue)])
        }
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).plain(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder(key).plain(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder(key).float(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder(key).float(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).plain(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder(key).plain(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder(key).plain(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder(key).plain(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder(key).plain(type) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try decoder(key).plain(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder(key).plain(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder(key).plain(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder(key).plain(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder(key).plain(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder(key).plain(type) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try decoder(key).plain(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try context.decode(type, at: decoder(key).index)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        guard let key = Key(stringValue: "super") else { return TapeDecoder(context: context, index: index) }
        return try decoder(key)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
}
