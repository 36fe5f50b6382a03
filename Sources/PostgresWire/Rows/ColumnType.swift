/// The type of a column and the format its cells come in: all that a decoder asks per cell.
@frozen
@usableFromInline
package struct ColumnType: Hashable, Sendable, BitwiseCopyable {
    /// The object ID of the type.
    /// How the cells are written.
    @usableFromInline package let typeOID: UInt32
    @usableFromInline package let format: FormatCode

    /// Creates a type.
    @inlinable
    package init(typeOID: UInt32, format: FormatCode) {
        self.typeOID = typeOID
        self.format = format
    }
}

/// The column types of one result, at an address that stays, so that a walk over rows needs no reference count.
@safe
@usableFromInline
package final class ColumnTypes: @unchecked Sendable {
    // Written by the initialiser alone; that is what the `@unchecked` above stands for.
    @usableFromInline let types: UnsafeMutableBufferPointer<ColumnType>

    /// Copies the types of a result, in the order of its columns.
    package init(_ types: [ColumnType]) {
        unsafe self.types = .allocate(capacity: types.count)
        _ = unsafe self.types.initialize(fromContentsOf: types)
    }

    deinit { unsafe types.deallocate() }

    /// The number of columns.
    @inlinable package var count: Int { unsafe types.count }

    /// The type and format of one column.
    package subscript(index: Int) -> ColumnType {
        precondition(index >= 0 && index < count, "a column's index lies within its row")
        return unsafe types[index]
    }
}
