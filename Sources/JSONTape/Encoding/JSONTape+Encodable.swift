extension JSONTape {
    /// Returns the JSON text of a value, compact and in UTF-8, for a parameter of type `jsonb` or `json`.
    ///
    /// - Throws: `notEncodable` for numbers that JSON cannot write and for values that write nothing.
    public static func encode(
        _ value: some Encodable, options: JSONEncodingOptions = JSONEncodingOptions()
    ) throws(JSONError) -> [UInt8] {
        let root = EncodingNode()
        let encoder = TapeEncoder(node: root, codingPath: [], options: options)
        do {
            try encoder.encode(value)
        } catch let error as JSONError {
            throw error
        } catch {
            throw JSONError(.notEncodable, "the value refuses to be encoded")
        }
        guard !root.isEmpty else { throw JSONError(.notEncodable, "the value writes nothing") }
        var bytes: [UInt8] = []
        root.append(to: &bytes)
        return bytes
    }
}
