public import PostgresWire

/// Reads the cells of one row from left to right. It borrows the row and cannot be kept.
@frozen
public struct RowCursor: ~Escapable {
    @usableFromInline var cells: RowCells
    @usableFromInline let place: RowPlace

    /// Creates a cursor; what it borrows keeps the layout of `place` alive.
    @inlinable
    @_lifetime(copy cells)
    init(_ cells: consuming RowCells, place: RowPlace = RowPlace()) {
        self.cells = cells
        self.place = place
    }

    /// Whether every column has been read.
    @inlinable public var isAtEnd: Bool { cells.isAtEnd }

    /// Reads the next column as `Value`.
    ///
    /// - Throws: what the type's decoder throws, with the column and the row in `decoding`; `columnMismatch` behind the last column; `protocolViolation` where the
    ///   server sent a row that does not hold together.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value
    {
        guard !cells.isAtEnd else { throw Self.noColumnLeft() }
        let column = cells.column
        let columnType = cells.nextType
        let bytes = try nextBytes()
        do throws(PostgresError) {
            guard let bytes else { return try Value.decodeNull() }
            return try Value(cell: PostgresCell(bytes, columnType))
        } catch {
            throw place.located(error, Value.self, column: column, columnType)
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
    func finish() throws(PostgresError) {
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
