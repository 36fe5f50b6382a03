/// The decoder of one value: two words, so that passing it on as `any Decoder` allocates nothing.
struct TapeDecoder: Decoder {
    let context: DecodingContext
    let index: Int

    var codingPath: [any CodingKey] { context.codingPath(to: index) }
    var userInfo: [CodingUserInfoKey: Any] { context.options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try TapeKeyedContainer<Key>(context: context, index: index))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try TapeUnkeyedContainer(context: context, index: index)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// Decodes a value of a type whose form in JSON is plain.
    @inline(always)
    func plain<Value: JSONDecodable>(_ type: Value.Type) throws -> Value {
        try context.withView(index) { json throws(JSONError) in try Value(json: json) }
    }

    /// Decodes a floating-point number, from a string where the options say so.
    func float<Value: JSONDecodable & BinaryFloatingPoint>(_ type: Value.Type) throws -> Value {
        guard case .strings(let positive, let negative, let nan) = context.options.nonConformingFloats else {
            return try plain(type)
        }
        return try context.withView(index) { json throws(JSONError) in
            guard json.kind == .string else { return try Value(json: json) }
            switch try String(json: json) {
            case positive: return .infinity
            case negative: return -.infinity
            case nan: return .nan
            default: throw json.mismatch("a number")
            }
        }
    }
}

extension TapeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { (try? context.withView(index) { json in json.isNull }) ?? false }

    func decode(_ type: Bool.Type) throws -> Bool { try plain(type) }
    func decode(_ type: String.Type) throws -> String { try plain(type) }
    func decode(_ type: Double.Type) throws -> Double { try float(type) }
    func decode(_ type: Float.Type) throws -> Float { try float(type) }
    func decode(_ type: Int.Type) throws -> Int { try plain(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try plain(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try plain(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try plain(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try plain(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try plain(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try plain(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try plain(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try plain(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try plain(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try plain(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try plain(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try context.decode(type, at: index) }
}
