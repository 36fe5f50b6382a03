import JSONTape

/// Scans a text; true where it is taken.
func isAccepted(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> Bool { error(of: bytes, limits: limits) == nil }

/// The error that a document is refused with; nil where it is taken.
func error(of bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: unsafe bytes.span.bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// The error that `body` throws; nil where it throws none.
func error(of body: () throws -> Void) -> JSONError? {
    do {
        try body()
        return nil
    } catch {
        return error as? JSONError
    }
}

extension JSONTape {
    /// Decodes a text.
    static func decode<Value: JSONDecodable>(
        _ type: Value.Type = Value.self, from text: String, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) -> Value {
        var tape = JSONTape(limits: limits)
        let bytes = Array(text.utf8)
        return try tape.decode(type, from: unsafe bytes.span.bytes)
    }

    /// Decodes a text.
    @_disfavoredOverload
    static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from text: String, options: JSONDecodingOptions = JSONDecodingOptions()
    ) throws(JSONError) -> Value {
        var tape = JSONTape()
        let bytes = Array(text.utf8)
        return try tape.decode(type, from: unsafe bytes.span.bytes, options: options)
    }
}
