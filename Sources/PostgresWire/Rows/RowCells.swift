/// The cells of one row from left to right. It borrows the slab and cannot outlive it.
@frozen
@usableFromInline
package struct RowCells: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline let types: Span<ColumnType>
    /// `0 <= offset <= bytes.byteCount`
    @usableFromInline package private(set) var offset = 0
    /// `0 <= column <= types.count`
    @usableFromInline package private(set) var column = 0

    /// Creates the cells in `bytes`, what follows the column count of a DataRow.
    @inlinable
    @_lifetime(copy bytes, copy types)
    package init(_ bytes: RawSpan, types: Span<ColumnType>) {
        self.bytes = bytes
        self.types = types
    }

    /// Whether every column has been read.
    @inlinable package var isAtEnd: Bool { column == types.count }

    /// The type of the cell that `next` gives; a caller asks `isAtEnd` first.
    @inlinable package var nextType: ColumnType { types[column] }

    /// Steps to the cell of `column`, which lies at `offset`, as `offset` said when `next` stood before it.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func step(to column: Int, at offset: Int) {
        precondition(column >= 0 && column <= types.count && offset >= 0 && offset <= bytes.byteCount)
        self.column = column
        self.offset = offset
    }

    /// Reads one cell; nil is NULL.
    ///
    /// Only −1 is NULL. A length below that, or one that reaches beyond the row, is a violation.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    package mutating func next() throws(ProtocolViolation) -> RawSpan? {
        let first = offset &+ 4
        guard first <= bytes.byteCount else { throw Self.shortRow() }
        let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
        guard length >= 0 else {
            guard length == -1 else { throw Self.shortRow() }
            offset = first
            column &+= 1
            return nil
        }
        guard length <= bytes.byteCount &- first else { throw Self.shortRow() }
        offset = first &+ length
        column &+= 1
        return bytes.extracting(first..<offset)
    }

    /// Reads the integer that is a cell in binary, if the column is of just this type and the cell holds one of at most
    /// `limit`. For anything else, NULL and the end among it, nothing is read and the result is nil.
    @inlinable
    @inline(always)
    @_lifetime(self: copy self)
    package mutating func next<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ typeOID: UInt32, as integer: Integer.Type, atMost limit: Integer = .max
    ) -> Integer? {
        guard column < types.count else { return nil }
        let type = types[column]
        let first = offset &+ 4
        let end = first &+ MemoryLayout<Integer>.size
        guard type.typeOID == typeOID, type.format == .binary, end <= bytes.byteCount,
            bytes.bigEndian(at: offset, as: Int32.self) == Int32(truncatingIfNeeded: MemoryLayout<Integer>.size)
        else { return nil }
        let value = bytes.bigEndian(at: first, as: Integer.self)
        guard value <= limit else { return nil }
        offset = end
        column &+= 1
        return value
    }

    /// Checks, behind the last column, that the row ends where its cells do.
    @inlinable
    @inline(always)
    package func finish() throws(ProtocolViolation) {
        guard column == types.count, offset == bytes.byteCount else { throw Self.shortRow() }
    }

    @usableFromInline
    @inline(never)
    static func shortRow() -> ProtocolViolation {
        ProtocolViolation(.malformedMessage, "DataRow message's cells do not fit its length")
    }
}
