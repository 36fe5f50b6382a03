public import PostgresWire

/// One row, for keeping and for passing on.
///
/// A row keeps the whole receive buffer that it lies in alive, up to 256 KiB for one row, and it counts against the
/// stream's memory limit: keep `detached()` copies, or copy out what you need. Decoding while streaming, by `decode` on the stream or by chunks, needs no row and is faster.
@frozen
public struct Row: Sendable {
    @usableFromInline let slab: ReceiveSlab
    @usableFromInline let layout: ColumnLayout
    @usableFromInline let index: Int
    /// The row's number in its result, from 1.
    @usableFromInline let number: Int

    @inlinable
    init(slab: ReceiveSlab, layout: ColumnLayout, index: Int, number: Int) {
        self.slab = slab
        self.layout = layout
        self.index = index
        self.number = number
    }

    /// The columns of the result.
    public var columns: [PostgresColumn] { layout.columns }

    /// Returns a copy of the row that keeps no more than its own bytes alive, and does not count against the stream's
    /// memory limit any more. It costs two allocations and a copy of the bytes.
    public func detached() -> Row {
        Row(slab: slab.detached(index..<index + 1), layout: layout, index: 0, number: number)
    }

    /// The row's cells from left to right.
    @inlinable public var cells: RowCursor {
        @_lifetime(borrow self) get {
            let cells = unsafe slab.cells(ofRow: index, types: layout.types)
            let cursor = RowCursor(cells, place: RowPlace(layout, rowNumber: number))
            return unsafe _overrideLifetime(cursor, borrowing: self)
        }
    }

    /// Decodes the row's columns, all of them, into a tuple.
    ///
    /// - Throws: `columnMismatch` where the row has more or fewer columns, or what a column's decoder throws.
    @inlinable
    public func decode<each Value: PostgresDecodable>(
        _ type: (repeat each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        var cursor = cells
        let values = try (repeat cursor.next((each Value).self))
        guard cursor.isAtEnd else { throw Self.columnsLeft() }
        try cursor.finish()
        return values
    }

    /// Decodes the row's only column.
    ///
    /// - Throws: `columnMismatch` where the row has more columns or none, or what the column's decoder throws.
    @inlinable
    public func decode<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        var cursor = cells
        let value = try cursor.next(Value.self)
        guard cursor.isAtEnd else { throw Self.columnsLeft() }
        try cursor.finish()
        return value
    }

    /// Decodes one column by its index from 0.
    public func decode<Value: PostgresDecodable>(
        column index: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard columns.indices.contains(index) else {
            throw PostgresError(.columnMismatch, "the row has \(columns.count) columns and none at index \(index)")
        }
        var cursor = cells
        for _ in 0..<index { _ = try cursor.nextBytes() }
        return try cursor.next()
    }

    /// Decodes one column by its name, which has to be there and to be the only one of that name.
    public func decode<Value: PostgresDecodable>(
        column name: String, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        try decode(column: layout.index(named: name))
    }

    /// The value of one column by its index from 0, as in `try row[0, as: Int.self]`.
    public subscript<Value: PostgresDecodable>(index: Int, as type: Value.Type) -> Value {
        get throws(PostgresError) { try decode(column: index) }
    }

    /// The value of one column by its name, as in `try row["id", as: Int.self]`.
    public subscript<Value: PostgresDecodable>(name: String, as type: Value.Type) -> Value {
        get throws(PostgresError) { try decode(column: name) }
    }

    @usableFromInline
    @inline(never)
    static func columnsLeft() -> PostgresError {
        PostgresError(
            .columnMismatch, "the row has more columns than are decoded",
            hint: "Select the columns you decode, or read them by name.")
    }
}
