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
            let cursor = unsafe RowCursor(slab.cells(ofRow: index, types: layout.types))
            return unsafe _overrideLifetime(cursor, borrowing: self)
        }
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
        do throws(PostgresError) {
            return try cursor.next()
        } catch {
            throw error.located(in: layout, rowNumber: number)
        }
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
}
