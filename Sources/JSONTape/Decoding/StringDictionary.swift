/// Dictionaries by name, whose keys are data: no strategy changes them, as with JSONDecoder and JSONEncoder.
protocol StringDictionary {
    static func decodeMembers(_ context: DecodingContext, _ index: Int) throws -> Any
}

extension Dictionary: StringDictionary where Key == String, Value: Decodable {
    static func decodeMembers(_ context: DecodingContext, _ index: Int) throws -> Any {
        let entries = try context.withView(index) { json throws(JSONError) -> [(String, Int)] in
            var members = try json.members()
            var entries: [(String, Int)] = []
            while let member = members.next() { entries.append((member.name, member.index + 1)) }
            return entries
        }
        var dictionary: [String: Value] = [:]
        for (name, entry) in entries { dictionary[name] = try context.decode(Value.self, at: entry) }
        return dictionary
    }
}

/// The same for encoding.
protocol EncodableStringDictionary {
    func encodeMembers(_ encoder: TapeEncoder) throws
}

extension Dictionary: EncodableStringDictionary where Key == String, Value: Encodable {
    func encodeMembers(_ encoder: TapeEncoder) throws {
        encoder.node.becomeObject()
        for (name, value) in self { try encoder.member(name).encode(value) }
    }
}
