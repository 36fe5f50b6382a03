/// A type that a cell can become.
///
/// A conformance brings arrays with it: `[Self]`, `[Self?]`, `[[Self]]` and `PostgresArray<Self>` decode too.
///
/// ```swift
/// struct Celsius: PostgresDecodable {
///     let degrees: Double
///     init(cell: borrowing PostgresCell) throws(PostgresError) { degrees = try Double(cell: cell) }
/// }
/// ```
///
/// A `RawRepresentable` type has nothing to write: `enum Mood: String, PostgresDecodable { … }` decodes an enum of
/// Postgres, and a struct around an `Int` decodes what an `Int` does.
public protocol PostgresDecodable: PostgresDecodableElement {
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

extension Optional: PostgresDecodable, PostgresDecodableElement where Wrapped: PostgresDecodable {
    /// Decodes the value.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        self = try Wrapped(cell: cell)
    }

    /// Returns nil.
    @inlinable
    public static func decodeNull() throws(PostgresError) -> Wrapped? { nil }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// Decodes the raw value. One without a case is `valueMalformed`.
    ///
    /// Where the raw value is a String this is for the labels of an enum too, and for whatever else a String decodes.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard let value = Self(rawValue: try RawValue(cell: cell)) else { throw cell.malformed(Self.self) }
        self = value
    }
}
