import PostgresWire

/// A type that can be a parameter of a query.
public protocol PostgresEncodable: SendableMetatype {
    /// The type that the parameter is declared with; `unspecified` has the server infer it from where it stands.
    static var postgresType: PostgresType { get }

    /// How `encode` writes the value; binary unless said otherwise.
    static var postgresFormat: PostgresCell.Format { get }

    /// Appends the value's bytes, without a length.
    func encode(into bytes: inout [UInt8])
}

extension PostgresEncodable {
    /// Binary.
    public static var postgresFormat: PostgresCell.Format { .binary }
}

extension BoundParameters {
    /// Appends a value as the type's codec writes it.
    mutating func append<Value: PostgresEncodable>(_ value: Value?) {
        guard let value else { return appendNull(type: Value.postgresType.rawValue) }
        append(type: Value.postgresType.rawValue, format: Value.postgresFormat == .binary ? .binary : .text) { bytes in
            value.encode(into: &bytes)
        }
    }
}
