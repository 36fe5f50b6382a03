/// The members of one object for a decoder.
struct TapeObject {
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
            guard json.entry.isKind(.object) else { throw json.mismatch("an object") }
            return index + 1 + Int(json.entry.extent)
        }
        table = KeyTable.needed(for: context, object: index, end: end)
    }

    var codingPath: [any CodingKey] { context.codingPath(to: index) }

    /// The names as coding keys.
    var names: [String] { table.map { table in table.names } ?? KeyTable.names(context, index) }

    /// The entry of the value with that name, or −1.
    func find(_ name: String) -> Int {
        if let table { return table.find(name) }
        return context.findMember(name, of: index, end: end)
    }

    /// The decoder of the value with that name.
    func decoder(_ name: String) throws -> TapeDecoder { TapeDecoder(context: context, index: try place(name)) }

    /// Decodes a value of a type whose form in JSON is plain.
    @inline(always)
    func plain<Value: JSONDecodable>(_ name: String, _ type: Value.Type) throws -> Value {
        let place = try place(name)
        return try context.withView(place) { json throws(JSONError) in try Value(json: json) }
    }

    /// Decodes a value of any type.
    func decode<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
        try context.decode(type, at: place(name))
    }

    /// The entry of the value with that name, which has to be there.
    private func place(_ name: String) throws -> Int {
        let found = find(name)
        guard found >= 0 else { throw try missing(name) }
        return found
    }

    @inline(never)
    private func missing(_ name: String) throws -> JSONError {
        try context.withView(index) { json in
            JSONError(
                .valueMissing, "there is no such member", byteOffset: json.byteOffset, path: json.path + [.key(name)])
        }
    }
}
