extension PostgresDecodable {
    /// The type to read a text as that comes without one, such as a field of a record; `unspecified` where the Swift type
    /// has none.
    static var naturalType: PostgresType {
        if let optional = Self.self as? any OptionalValue.Type { return optional.wrappedType }
        if let encodable = Self.self as? any PostgresEncodable.Type { return encodable.postgresType }
        return (Self.self as? any RawRepresentable.Type).map { rawType(of: $0) } ?? .unspecified
    }

    private static func rawType<Value: RawRepresentable>(of value: Value.Type) -> PostgresType {
        (Value.RawValue.self as? any PostgresDecodable.Type)?.naturalType ?? .unspecified
    }
}

/// An optional of anything.
private protocol OptionalValue {
    /// The type to read the wrapped value as.
    static var wrappedType: PostgresType { get }
}

extension Optional: OptionalValue {
    static var wrappedType: PostgresType { (Wrapped.self as? any PostgresDecodable.Type)?.naturalType ?? .unspecified }
}
