import PostgresWire

/// A value of any type as it came, copied out of its row: for types that nothing here knows, and for those that are known
/// only later.
public struct PostgresRawValue: PostgresDecodable, Hashable, Sendable {
    /// The type.
    public let type: PostgresType
    /// How the value is written.
    public let format: PostgresCell.Format
    /// The value's bytes.
    public let bytes: [UInt8]

    /// Takes any cell that is not NULL. Allocates and copies.
    public init(cell: borrowing PostgresCell) {
        type = cell.type
        format = cell.format
        bytes = [UInt8](copying: cell.bytes)
    }

    /// Decodes the value.
    ///
    /// In the text format a value from within a record says nothing about its type; it is read as the type that `Value`
    /// is sent as.
    public func decode<Value: PostgresDecodable>(_ value: Value.Type = Value.self) throws(PostgresError) -> Value {
        let type = type == .unspecified ? Value.naturalType : type
        return try Value(cell: PostgresCell(bytes.rawSpan, type: type, format: format))
    }
}
