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

    init(_ description: ColumnDescription) {
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
final class ColumnLayout: Sendable {
    let columns: [PostgresColumn]
    @usableFromInline let types: ColumnTypes
    private let indices: [String: Int]

    init(_ descriptions: [ColumnDescription]) {
        columns = descriptions.map(PostgresColumn.init)
        types = ColumnTypes(descriptions.map { ColumnType(typeOID: $0.typeOID, format: $0.format) })
        indices = Dictionary(zip(columns.map(\.name), columns.indices)) { first, _ in first }
    }

    /// The first column of that name.
    func index(named name: String) -> Int? { indices[name] }
}
