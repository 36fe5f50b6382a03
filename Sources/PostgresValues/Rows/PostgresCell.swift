public import PostgresWire

/// One cell of a row where it lies in the receive buffer: its bytes, its type and how it is written.
///
/// It borrows the row and cannot be kept; what should outlive the row is copied out of it.
@frozen
public struct PostgresCell: ~Escapable {
    /// How a cell is written (manual: "Formats and Format Codes").
    @frozen
    public enum Format: Hashable, Sendable {
        /// As `psql` would show it.
        case text
        /// As the type's binary send function writes it.
        case binary
    }

    /// The value as it came, without its length.
    public let bytes: RawSpan
    @usableFromInline let columnType: ColumnType

    @inlinable
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ columnType: ColumnType) {
        self.bytes = bytes
        self.columnType = columnType
    }

    /// Creates a cell from bytes that lie somewhere else than in a row.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, type: PostgresType, format: Format) {
        self.init(bytes, ColumnType(typeOID: type.rawValue, format: format == .binary ? .binary : .text))
    }

    /// Returns the same bytes as a value of another type, such as the base type of one that users define.
    @_lifetime(copy self)
    public func reinterpreted(as type: PostgresType) -> PostgresCell {
        PostgresCell(bytes, ColumnType(typeOID: type.rawValue, format: columnType.format))
    }

    /// The column's type.
    @inlinable public var type: PostgresType { PostgresType(rawValue: columnType.typeOID) }

    /// How the value is written.
    @inlinable public var format: Format { columnType.format == .binary ? .binary : .text }

    /// Checks that `Value` decodes values of the cell's type, whatever the bytes are: a decoder looks at the type first.
    ///
    /// - Throws: `typeMismatch` where it does not.
    func checkType<Value: PostgresDecodable>(_ value: Value.Type) throws(PostgresError) {
        do throws(PostgresError) {
            _ = try Value(cell: self)
        } catch {
            if error.code == .typeMismatch { throw error }
        }
    }

    /// Returns the error for a type that `Value` cannot hold; its hint says what to write instead.
    @inline(never)
    public func typeMismatch<Value>(_ value: Value.Type) -> PostgresError {
        PostgresError(
            .typeMismatch, "cannot decode \(type.inMessages) into \(Value.self)",
            hint: TypeAdvice.decoding(type, into: Value.self))
    }

    /// Returns the error for bytes that are not a value of the cell's type.
    @inline(never)
    public func malformed<Value>(_ value: Value.Type) -> PostgresError {
        let problem = "\(bytes.byteCount) bytes that are no such value"
        return PostgresError(.valueMalformed, "cannot decode \(type) into \(Value.self): \(problem)")
    }
}
