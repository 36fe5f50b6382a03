extension Substring: PostgresEncodable {
    /// Unspecified, as for a String: the server infers the type.
    public static var postgresType: PostgresType { .unspecified }

    /// Text.
    public static var postgresFormat: PostgresCell.Format { .text }

    /// Appends the UTF-8, as a String does.
    public func encode(into bytes: inout [UInt8]) { String(self).encode(into: &bytes) }

    /// Appends the UTF-8, as a String does: the server reads it as the text form of its type, whatever that is.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try String(self).encode(into: &bytes, as: type)
    }
}
