/// What a RowDescription says about one column (the manual calls it a field).
package struct ColumnDescription: Hashable, Sendable {
    /// The column's name; several columns may have the same.
    package let name: String
    /// The object ID of the table whose column this is, or 0.
    package let tableOID: UInt32
    /// The number of the column in that table, or 0.
    package let columnNumber: Int16
    /// The object ID of the type.
    package let typeOID: UInt32
    /// The size of the type in bytes (`pg_type.typlen`); negative if values differ in size.
    package let typeSize: Int16
    /// The modifier of the type (`pg_attribute.atttypmod`), whose meaning is the type's own; −1 if there is none.
    package let typeModifier: Int32
    /// How the cells are written; always text when a statement is described, because nobody has chosen yet.
    package let format: FormatCode

    /// Creates a description.
    package init(
        name: String, tableOID: UInt32, columnNumber: Int16, typeOID: UInt32, typeSize: Int16, typeModifier: Int32,
        format: FormatCode
    ) {
        self.name = name
        self.tableOID = tableOID
        self.columnNumber = columnNumber
        self.typeOID = typeOID
        self.typeSize = typeSize
        self.typeModifier = typeModifier
        self.format = format
    }

    /// The bytes that a description takes at least: the terminator of an empty name and the numbers.
    package static let bytesMin = 19
}

extension MessageReader {
    /// Reads the description of one column.
    @_lifetime(self: copy self)
    package mutating func columnDescription() throws(ProtocolViolation) -> ColumnDescription {
        ColumnDescription(
            name: try string(), tableOID: try integer(), columnNumber: try integer(), typeOID: try integer(),
            typeSize: try integer(), typeModifier: try integer(), format: try formatCode())
    }
}
