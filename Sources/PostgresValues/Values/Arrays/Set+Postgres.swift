extension Set: PostgresEncodable, PostgresEncodableElement where Element: PostgresEncodable {
    // Optionals, because an array of UInt8 is a bytea and a set of them is none.
    private var array: [Element?] { Array<Element?>(self) }

    /// The elements'.
    public static var infersPostgresType: Bool { Element.infersPostgresType }

    /// The array type of the elements' type.
    public static var postgresType: PostgresType { [Element?].postgresType }

    /// Text where the server is to infer the type, else binary.
    public static var postgresFormat: PostgresCell.Format { [Element?].postgresFormat }

    /// The same: arrays of sets are arrays of more dimensions.
    public static var postgresArrayType: PostgresType { postgresType }

    /// Appends the elements as an array, in no particular order.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try array.encode(into: &bytes) }

    /// Appends the elements as the text form of an array, in no particular order.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) { try array.encodeText(into: &bytes) }

    /// Appends the elements as an array of the type that the server named, in no particular order.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try array.encode(into: &bytes, as: type)
    }

    /// Writes the sets as arrays of the next dimension.
    public static func encodeArray(
        _ sets: [Set], within elements: inout PostgresArrayWriter
    ) throws(PostgresError) {
        try [Element?].encodeArray(sets.map(\.array), within: &elements)
    }
}
