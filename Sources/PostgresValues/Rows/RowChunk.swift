public import PostgresWire

/// The rows that one read brought: the unit in which a stream delivers, and the fastest way to go through it.
///
/// A chunk keeps its receive buffer alive; let go of it and the buffer is used again. Keep `detached()` copies.
@frozen
public struct RowChunk: Sendable, RandomAccessCollection {
    /// The buffer that the rows lie in.
    @usableFromInline package let slab: ReceiveSlab
    /// The columns of the result.
    @usableFromInline package let layout: ColumnLayout
    /// The indices of the rows in the buffer.
    @usableFromInline package let rows: Range<Int>
    /// The number of the first row in its result, from 1.
    @usableFromInline package let firstRowNumber: Int

    /// Takes rows of a buffer.
    @inlinable
    package init(slab: ReceiveSlab, layout: ColumnLayout, rows: Range<Int>, firstRowNumber: Int) {
        self.slab = slab
        self.layout = layout
        self.rows = rows
        self.firstRowNumber = firstRowNumber
    }

    /// The columns of the result.
    public var columns: [PostgresColumn] { layout.columns }

    /// The bytes of the rows on the wire.
    package var byteCount: Int { slab.byteCount(ofRows: rows) }

    /// Returns a copy of the chunk that keeps no more than the bytes of its rows alive, and does not count against the
    /// stream's memory limit any more.
    public func detached() -> RowChunk {
        RowChunk(slab: slab.detached(rows), layout: layout, rows: 0..<rows.count, firstRowNumber: firstRowNumber)
    }

    /// Zero.
    @inlinable public var startIndex: Int { 0 }

    /// The number of rows, never zero.
    @inlinable public var endIndex: Int { rows.count }

    /// Returns a row that may be kept; unlike `cells` it takes references to the buffer and to the columns.
    @inlinable
    public subscript(position: Int) -> Row {
        precondition(position >= 0 && position < rows.count, "a row's index lies within its chunk")
        return Row(
            slab: slab, layout: layout, index: rows.lowerBound + position, number: firstRowNumber + position)
    }

    /// Returns the cells of a row, borrowed from the chunk: no reference counts, no allocation. Errors of decoding them
    /// have the column's index, but not its name and not the row's number, which the caller knows.
    @inlinable
    @_lifetime(borrow self)
    public func cells(_ position: Int) -> RowCursor {
        precondition(position >= 0 && position < rows.count, "a row's index lies within its chunk")
        let cursor = unsafe RowCursor(slab.cells(ofRow: rows.lowerBound + position, types: layout.types))
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }
}
