/// The elements of an array as a `Decodable` type asks for them.
struct TapeUnkeyedContainer: UnkeyedDecodingContainer {
    private let context: DecodingContext
    private let index: Int
    /// The entry of the next element, at most `end`.
    private var next: Int
    private let end: Int
    private(set) var currentIndex = 0

    init(context: DecodingContext, index: Int) throws {
        self.context = context
        self.index = index
        next = index + 1
        end = try context.withView(index) { json throws(JSONError) in
            guard json.kind == .array else { throw json.mismatch("an array") }
            return index + 1 + Int(json.entry.extent)
        }
    }

    var codingPath: [any CodingKey] { context.codingPath(to: index) }
    var count: Int? { try? context.withView(index) { json in json.count } }
    var isAtEnd: Bool { next == end }

    /// The decoder of the next element, without stepping on: an element that cannot be decoded stays the next one.
    private func decoder() throws -> TapeDecoder {
        guard next < end else {
            throw try context.withView(index) { json in
                JSONError(
                    .valueMissing, "the array has no further element", byteOffset: json.byteOffset,
                    path: json.path + [.index(currentIndex)])
            }
        }
        return TapeDecoder(context: context, index: next)
    }

    private mutating func step() throws {
        next = try context.withView(next) { json in json.index + 1 + Int(json.entry.extent) }
        currentIndex += 1
    }

    @inline(always)
    private mutating func plain<Value: JSONDecodable>(_ type: Value.Type) throws -> Value {
        let value = try decoder().plain(type)
        try step()
        return value
    }

    private mutating func float<Value: JSONDecodable & BinaryFloatingPoint>(_ type: Value.Type) throws -> Value {
        let value = try decoder().float(type)
        try step()
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard try decoder().decodeNil() else { return false }
        try step()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try plain(type) }
    mutating func decode(_ type: String.Type) throws -> String { try plain(type) }
    mutating func decode(_ type: Double.Type) throws -> Double { try float(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try float(type) }
    mutating func decode(_ type: Int.Type) throws -> Int { try plain(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try plain(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try plain(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try plain(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try plain(type) }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try plain(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try plain(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try plain(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try plain(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try plain(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try plain(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try plain(type) }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try context.decode(type, at: decoder().index)
        try step()
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try decoder().container(keyedBy: type)
        try step()
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try decoder().unkeyedContainer()
        try step()
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try decoder()
        try step()
        return decoder
    }
}
