/// Steps over the rows of a chunk without touching a reference count.
///
/// Whoever holds a walk keeps the slab and the column types beside it; that is the one promise behind the pointers.
@safe
@frozen
@usableFromInline
package struct RowWalk {
    @usableFromInline var next: UnsafePointer<UInt32>?
    @usableFromInline let end: UnsafePointer<UInt32>?
    @usableFromInline let base: UnsafeMutableRawPointer?
    @usableFromInline let types: UnsafeBufferPointer<ColumnType>

    /// Creates a walk over nothing.
    @inlinable
    package init() {
        unsafe next = nil
        unsafe end = nil
        unsafe base = nil
        unsafe types = UnsafeBufferPointer(start: nil, count: 0)
    }

    /// Creates a walk over the rows at `rows`, indices into the slab's table.
    @inlinable
    package init(_ rows: Range<Int>, of slab: ReceiveSlab, types: ColumnTypes) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= slab.rowCapacity)
        unsafe next = UnsafePointer(slab.rowOffsets + rows.lowerBound)
        unsafe end = UnsafePointer(slab.rowOffsets + rows.upperBound)
        unsafe base = slab.base
        unsafe self.types = UnsafeBufferPointer(types.types)
    }

    /// Whether no row is left.
    @inlinable package var isAtEnd: Bool { unsafe next == end }

    /// How many rows are left.
    @inlinable package var count: Int {
        guard let next = unsafe next, let end = unsafe end else { return 0 }
        return unsafe end - next
    }

    /// Steps to the next row; only where `isAtEnd` is false.
    @inlinable
    @inline(always)
    @_lifetime(&self)
    package mutating func advance() -> RowCells {
        guard let row = unsafe next, let base = unsafe base else {
            preconditionFailure("a walk over nothing has no next row")
        }
        unsafe next = row + 1
        let bytes = unsafe RawSpan(_unsafeBytes: ReceiveSlab.cells(at: row.pointee, from: base))
        let cells = RowCells(bytes, types: unsafe Span(_unsafeElements: types))
        return unsafe _overrideLifetime(cells, mutating: &self)
    }
}
