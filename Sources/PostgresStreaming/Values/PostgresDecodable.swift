/// A type that a cell can become.
public protocol PostgresDecodable: SendableMetatype {
    /// Decodes a cell that is not NULL, in text or binary format.
    ///
    /// - Throws: `typeMismatch` for a column type that this type does not hold exactly, `valueMalformed` for bytes that
    ///   are no value of the column's type. Never a value that is merely close.
    init(cell: borrowing PostgresCell) throws(PostgresError)

    /// Decodes a NULL; only optionals can.
    static func decodeNull() throws(PostgresError) -> Self
}

extension PostgresDecodable {
    /// Throws `unexpectedNull`.
    @inline(never)
    public static func decodeNull() throws(PostgresError) -> Self {
        throw PostgresError(.unexpectedNull, "cannot decode NULL into \(Self.self)", hint: "Decode into an optional.")
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Decodes the value.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        self = try Wrapped(cell: cell)
    }

    /// Returns nil.
    @inlinable
    public static func decodeNull() throws(PostgresError) -> Wrapped? { nil }
}
