public import PostgresWire

/// Which row of which result a cursor reads, for errors to name it. Nothing of it is looked at before one is thrown.
@safe
@frozen
@usableFromInline
struct RowPlace {
    // Whoever is borrowed by the cursor holds the layout; a reference of its own would be counted once per row.
    @usableFromInline let layout: Unmanaged<ColumnLayout>?
    /// From 1; 0 where the iterator knows the number and not the cursor.
    @usableFromInline let rowNumber: Int

    /// Creates the place of a row whose iterator knows where it stands.
    @inlinable
    init() {
        unsafe layout = nil
        rowNumber = 0
    }

    /// Creates the place of a row; `layout` has to outlive it.
    @inlinable
    init(_ layout: ColumnLayout, rowNumber: Int) {
        unsafe self.layout = Unmanaged.passUnretained(layout)
        self.rowNumber = rowNumber
    }

    /// Returns the error with where it happened, unless that is known already or the row itself does not hold together.
    @usableFromInline
    @inline(never)
    func located<Value>(
        _ error: PostgresError, _ value: Value.Type, column: Int, _ type: ColumnType
    ) -> PostgresError {
        guard error.decoding == nil, error.code != .protocolViolation else { return error }
        let names = unsafe layout?._withUnsafeGuaranteedRef { $0.columns } ?? []
        return PostgresError(
            error,
            in: PostgresError.DecodingContext(
                columnName: names.indices.contains(column) ? names[column].name : nil, columnIndex: column,
                columnType: PostgresType(rawValue: type.typeOID), swiftType: "\(Value.self)",
                rowNumber: rowNumber > 0 ? rowNumber : nil))
    }
}

extension PostgresError {
    /// Returns the error with what a cursor within an iterator does not know: the column's name and the row's number.
    func located(in layout: ColumnLayout, rowNumber: Int) -> PostgresError {
        guard var context = decoding, context.rowNumber == nil else { return self }
        if layout.columns.indices.contains(context.columnIndex) {
            context.columnName = layout.columns[context.columnIndex].name
        }
        context.rowNumber = rowNumber
        return PostgresError(self, in: context)
    }
}
