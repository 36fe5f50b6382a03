public import PostgresWire

/// One column of a result.
public struct PostgresColumn: Hashable, Sendable {
    /// The name; several columns may have the same.
    public let name: String
    /// The type.
    public let type: PostgresType
    /// The type's modifier, such as the length of a `varchar(n)`; −1 for none.
    public let typeModifier: Int32
    /// The table and the number of the column in it, where the column is a plain column of a table.
    public let origin: Origin?

    /// Where a column's values come from.
    public struct Origin: Hashable, Sendable {
        /// The object ID of the table.
        public let tableOID: UInt32
        /// The column's number in the table, from 1.
        public let columnNumber: Int16
    }

    /// Takes what the server says of a column.
    package init(_ description: ColumnDescription) {
        name = description.name
        type = PostgresType(rawValue: description.typeOID)
        typeModifier = description.typeModifier
        origin =
            description.tableOID == 0
            ? nil : Origin(tableOID: description.tableOID, columnNumber: description.columnNumber)
    }
}

/// The columns of one result, made once and shared by all of its rows.
@usableFromInline
package final class ColumnLayout: Sendable {
    /// The columns from left to right.
    package let columns: [PostgresColumn]
    /// The types and formats of the columns, as the rows' cells are read with them.
    @usableFromInline package let types: ColumnTypes
    /// The indices of the columns of each name.
    private let indices: [String: [Int]]

    /// Takes what the server says of the columns.
    package init(_ descriptions: [ColumnDescription]) {
        columns = descriptions.map(PostgresColumn.init)
        types = ColumnTypes(descriptions.map { ColumnType(typeOID: $0.typeOID, format: $0.format) })
        indices = Dictionary(grouping: columns.indices) { [columns] in columns[$0].name }
    }

    /// Takes some of the columns of another layout.
    package init(_ layout: ColumnLayout, columns range: Range<Int>) {
        columns = Array(layout.columns[range])
        types = ColumnTypes(range.map { layout.types[$0] })
        indices = Dictionary(grouping: columns.indices) { [columns] in columns[$0].name }
    }

    /// About how much memory it takes. Names of columns are shared by all who hold them.
    package var byteCount: Int {
        let column = MemoryLayout<PostgresColumn>.stride + MemoryLayout<ColumnType>.stride + MemoryLayout<Int>.stride
        return columns.reduce(columns.count * column + indices.count * Self.bytesPerName) { $0 + $1.name.heapByteCount }
    }

    /// An entry of the dictionary, which is three eighths full at least, and an array.
    private static let bytesPerName = 112

    /// The indices of the columns of that name: none, one, or several.
    func indices(named name: String) -> [Int] { indices[name] ?? [] }

    /// The index of the only column of that name.
    ///
    /// - Throws: `columnMismatch` where there is none, or several, of which none is better than the others.
    package func index(named name: String) throws(PostgresError) -> Int {
        let found = indices(named: name)
        guard let index = found.first else { throw missing("the row has no column \(name.quotedInOneLine)") }
        guard found.count == 1 else { throw ambiguous(name, count: found.count) }
        return index
    }

    /// Returns the error for a column that is not there, with those that are.
    func missing(_ message: String) -> PostgresError {
        let names = columns.prefix(Self.shownColumnsMax).map(\.name.quotedInOneLine).joined(separator: ", ")
        let more = columns.count > Self.shownColumnsMax ? " and \(columns.count - Self.shownColumnsMax) more" : ""
        return PostgresError(
            .columnMismatch, message,
            hint: columns.isEmpty ? "The row has no columns at all." : "The columns are \(names)\(more).")
    }

    /// Returns the error for a name that several columns have.
    func ambiguous(_ name: String, count: Int) -> PostgresError {
        PostgresError(
            .columnMismatch, "the row has \(count) columns \(name.quotedInOneLine)",
            hint: "Give them different names with AS, or read them by index.")
    }

    private static let shownColumnsMax = 20
}
