extension JSONTape {
    /// Decodes a document into any `Decodable` type.
    ///
    /// - Parameters:
    ///   - type: what the document becomes.
    ///   - bytes: the document.
    ///   - options: how the type is decoded; nil for the options that the tape was made with, which is faster.
    /// - Throws: what `scan` throws; what the document lacks or has otherwise than the type needs. Errors of the types'
    ///   own initialisers are passed on by code and place, but not their texts, which may quote values.
    @_disfavoredOverload
    public mutating func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: RawSpan, options: JSONDecodingOptions? = nil
    ) throws(JSONError) -> Value {
        // One context serves document after document, unless somebody kept a decoder, which must not see the next one.
        if !isKnownUniquelyReferenced(&context) { context = DecodingContext(self.options) }
        var context = context
        if let options, !options.saysNothing || !self.options.saysNothing { context = DecodingContext(options) }
        try fill(bytes)
        return try context.decode(type, lending: JSONView(bytes, storage.tape, 0))
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
        try DecodingContext(options).decode(type, lending: self)
    }
}
