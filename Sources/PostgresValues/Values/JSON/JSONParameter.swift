public import JSONTape

/// A value that is sent as a JSON document, with how it is written.
struct JSONParameter<Value: Encodable>: PostgresEncodable {
    let value: Value
    let options: JSONEncodingOptions

    static var postgresType: PostgresType { .jsonb }

    func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(PostgresType.jsonbVersion)
        try encodeText(into: &bytes)
    }

    func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        do throws(JSONError) {
            bytes += try JSONTape.encode(value, options: options)
        } catch {
            throw PostgresError(.parameterInvalid, "cannot encode \(Value.self) as JSON: \(error)")
        }
    }

    func encode(into bytes: inout [UInt8], as type: PostgresType) throws(PostgresError) -> PostgresCell.Format {
        switch type {
        case .jsonb, .unspecified: try encode(into: &bytes)
        case _ where type.isPlainText: try encodeText(into: &bytes)
        case _ where !type.isBuiltIn:
            try encodeText(into: &bytes)
            return .text
        default: throw .cannotEncode(Value.self, as: type)
        }
        return .binary
    }
}

extension PostgresType {
    /// What stands before the text of a `jsonb` in binary.
    static let jsonbVersion: UInt8 = 1
}

extension PostgresQuery.StringInterpolation {
    /// Binds a value as a JSON document; nil is NULL.
    ///
    /// It is declared as a `jsonb`, which may also go into a column of type `json`; `\(json: value, as: .json)` keeps the
    /// order of its members there. JSON's own null is `\(json: PostgresJSON(nil as Order?))`.
    ///
    /// - Parameters:
    ///   - value: the value. Running the query throws `parameterInvalid` where it has no form in JSON.
    ///   - type: what the parameter is declared as.
    ///   - options: how the value is written where it leaves that open.
    public mutating func appendInterpolation<Value: Encodable>(
        json value: Value?, as type: PostgresType = .jsonb, options: JSONEncodingOptions = JSONEncodingOptions()
    ) {
        appendInterpolation(value.map { JSONParameter(value: $0, options: options) }, as: type)
    }
}
