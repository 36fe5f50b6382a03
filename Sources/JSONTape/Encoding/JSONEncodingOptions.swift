/// How an `Encodable` value is written where it leaves that open.
public struct JSONEncodingOptions: Sendable {
    /// How coding keys become names of members.
    public enum Keys: Sendable {
        /// As they are.
        case asWritten
        /// `createdAt` becomes `created_at`.
        case convertToSnakeCase
    }

    /// How coding keys become names of members: as they are unless set.
    public var keys = Keys.asWritten
    /// How infinities and NaN are written: not at all unless set.
    public var nonConformingFloats = JSONDecodingOptions.NonConformingFloats.refused
    /// What encoders hand on to the values' own functions.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]
    private(set) var conversions: [ObjectIdentifier: @Sendable (Any, inout JSONOutput) throws -> Void] = [:]

    /// Nothing set.
    public init() {}

    /// Has every value of that type written by `body`.
    public mutating func convert<Value>(
        _ type: Value.Type, _ body: @escaping @Sendable (Value, inout JSONOutput) throws -> Void
    ) {
        conversions[ObjectIdentifier(type)] = { value, output in
            if let value = value as? Value { try body(value, &output) }
        }
    }
}

/// A type whose form in JSON is its own affair when it is written, whatever the options say: an identifier, a point in
/// time. What ``JSONScalarDecodable`` is for decoding.
///
/// An `Encodable` type that conforms is written by `encodeJSON(into:)` wherever it comes, unless the options have a conversion
/// for it. Types of other modules, such as Foundation's, get their form this way.
public protocol JSONScalarEncodable {
    /// Writes the one value.
    ///
    /// - Throws: `notEncodable` for a value that has no form in JSON.
    func encodeJSON(into output: inout JSONOutput) throws(JSONError)
}
