public import PostgresWire

/// Reads the cells of one row from left to right. It borrows the row and cannot be kept.
///
/// It knows its cells alone: an error that it throws has the column's index, and where a stream or a `Row` decodes with
/// it, the column's name and the row's number are added.
@frozen
public struct RowCursor: ~Escapable {
    @usableFromInline var cells: RowCells

    /// Starts before the first of a row's cells.
    @inlinable
    @_lifetime(copy cells)
    package init(_ cells: consuming RowCells) {
        self.cells = cells
    }

    /// Whether every column has been read.
    @inlinable public var isAtEnd: Bool { cells.isAtEnd }

    /// Reads the next column as `Value`.
    ///
    /// - Throws: what the type's decoder throws, with the column in `decoding`; `columnMismatch` behind the last column;
    ///   `protocolViolation` where the server sent a row that does not hold together.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value
    {
        // Numbers in binary, in a column of just their type, are what most rows are made of. The compiler makes these
        // comparisons; a decoder would cost two calls. Each reads nothing where the cell is anything else.
        if Value.self == Int64.self || Value.self == Int.self && Int.bitWidth == 64 {
            if let number = cells.next(PostgresType.int8.rawValue, as: Int64.self) {
                return unsafe unsafeBitCast(number, to: Value.self)
            }
        } else if Value.self == Int32.self {
            if let number = cells.next(PostgresType.int4.rawValue, as: Int32.self) {
                return unsafe unsafeBitCast(number, to: Value.self)
            }
        } else if Value.self == Double.self {
            if let bits = cells.next(PostgresType.float8.rawValue, as: UInt64.self) {
                return unsafe unsafeBitCast(bits, to: Value.self)
            }
        } else if Value.self == Bool.self {
            if let bit = cells.next(PostgresType.bool.rawValue, as: UInt8.self, atMost: 1) {
                return unsafe unsafeBitCast(bit, to: Value.self)
            }
        } else if Value.self == Int16.self {
            if let number = cells.next(PostgresType.int2.rawValue, as: Int16.self) {
                return unsafe unsafeBitCast(number, to: Value.self)
            }
        } else if Value.self == Float.self {
            if let bits = cells.next(PostgresType.float4.rawValue, as: UInt32.self) {
                return unsafe unsafeBitCast(bits, to: Value.self)
            }
        }
        guard !cells.isAtEnd else { throw Self.noColumnLeft() }
        let column = cells.column
        let columnType = cells.nextType
        let bytes = try nextBytes()
        do throws(PostgresError) {
            guard let bytes else { return try Value.decodeNull() }
            return try Value(cell: PostgresCell(bytes, columnType))
        } catch {
            throw error.located(Value.self, column: column, columnType)
        }
    }

    /// Reads the next column's bytes without looking at them; nil for NULL.
    ///
    /// - Throws: `columnMismatch` behind the last column, `protocolViolation` where the row does not hold together.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func nextBytes() throws(PostgresError) -> RawSpan? {
        guard !cells.isAtEnd else { throw Self.noColumnLeft() }
        do throws(ProtocolViolation) {
            return try cells.next()
        } catch {
            throw Self.violation(error)
        }
    }

    /// Checks, once every column has been read, that the row has no bytes behind them.
    @inlinable
    @inline(always)
    package func finish() throws(PostgresError) {
        do throws(ProtocolViolation) {
            try cells.finish()
        } catch {
            throw Self.violation(error)
        }
    }

    @usableFromInline
    @inline(never)
    static func noColumnLeft() -> PostgresError {
        PostgresError(.columnMismatch, "cannot decode a column behind the row's last one")
    }

    @usableFromInline
    @inline(never)
    static func violation(_ violation: ProtocolViolation) -> PostgresError {
        PostgresError(.protocolViolation, "cannot decode the row: \(violation.message)", isConnectionUsable: false)
    }
}
