/// How a `Decodable` type is decoded where it leaves that open.
///
/// With nothing set here, types that are ``JSONDecodable`` as well are decoded by that, which is faster; as soon as
/// something is set, only those do that are ``JSONScalarDecodable``.
public struct JSONDecodingOptions: Sendable {
    /// How names of members become coding keys.
    public enum Keys: Sendable {
        /// As they are written.
        case asWritten
        /// `created_at` becomes `createdAt`; underscores at either end stay.
        case convertFromSnakeCase
        /// By a function of the path that ends with the name.
        case custom(@Sendable (_ path: [any CodingKey]) -> any CodingKey)
    }

    /// How numbers are decoded that JSON cannot write.
    public enum NonConformingFloats: Hashable, Sendable {
        /// Not at all.
        case refused
        /// From these strings.
        case strings(positiveInfinity: String, negativeInfinity: String, nan: String)
    }

    /// How names of members become coding keys: as they are written unless set.
    public var keys = Keys.asWritten
    /// How infinities and NaN are decoded into `Double` and `Float`: not at all unless set.
    public var nonConformingFloats = NonConformingFloats.refused
    /// What decoders hand on to the types' own initialisers.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]
    private(set) var conversions: [ObjectIdentifier: any JSONConversion] = [:]

    /// Nothing set.
    public init() {}

    /// Has every value of that type decoded by `body`, wherever in the document it is and whatever it conforms to.
    ///
    /// What `body` throws becomes a `JSONError` with path and offset; throw ``JSONView/failure(_:_:)``, whose message
    /// you choose, or anything else, whose message is not passed on.
    public mutating func convert<Value>(
        _ type: Value.Type, _ body: @escaping @Sendable (borrowing JSONView) throws -> Value
    ) {
        conversions[ObjectIdentifier(type)] = TypedConversion(body: body)
    }

    /// Whether everything is as it is where nothing is set.
    var saysNothing: Bool { isEmpty && userInfo.isEmpty }

    /// Whether the types' own ways may be taken.
    var isEmpty: Bool {
        guard case .asWritten = keys, nonConformingFloats == .refused else { return false }
        return conversions.isEmpty
    }
}

/// A type whose form in JSON is its own affair, whatever the options say: an identifier, a point in time.
///
/// A `Decodable` type that conforms is decoded by ``JSONDecodable/init(json:)`` wherever it comes, unless the options
/// have a conversion for it. Types of other modules, such as Foundation's, get their form this way.
public protocol JSONScalarDecodable: JSONDecodable {}

/// A conversion of values of one type.
protocol JSONConversion: Sendable {
    func value<Value>(_ type: Value.Type, _ json: borrowing JSONView) throws -> Value
}

private struct TypedConversion<Converted>: JSONConversion {
    let body: @Sendable (borrowing JSONView) throws -> Converted

    func value<Value>(_ type: Value.Type, _ json: borrowing JSONView) throws -> Value {
        // It is looked up by the type, so the cast always succeeds.
        guard let value = try body(json) as? Value else { throw json.failure(.valueInvalid, "a conversion fails") }
        return value
    }
}
