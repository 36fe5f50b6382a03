extension JSONTape {
    /// Decodes a document into any `Decodable` type.
    ///
    /// - Throws: what `scan` throws; what the document lacks or has otherwise than the type needs. Errors of the types'
    ///   own initialisers are passed on by code and place, but not their texts, which may quote values.
    @_disfavoredOverload
    public mutating func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: RawSpan, options: JSONDecodingOptions = JSONDecodingOptions()
    ) throws(JSONError) -> Value {
        let view = try scan(bytes)
        return try view.decode(type, options: options)
    }
}

extension JSONView {
    /// Decodes the value into any `Decodable` type.
    ///
    /// - Throws: what the value lacks or has otherwise than the type needs.
    @_disfavoredOverload
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, options: JSONDecodingOptions = JSONDecodingOptions()
    ) throws(JSONError) -> Value {
        try DecodingContext.decode(type, self, options)
    }
}
