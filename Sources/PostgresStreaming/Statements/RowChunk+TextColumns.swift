import PostgresWire

extension RowChunk {
    /// The first of some rows that were just read, whose columns are text.
    static func firstRow(of rows: Range<Int>, in slab: ReceiveSlab, textColumns names: String...) -> Row? {
        let layout = ColumnLayout(names.map(ColumnDescription.init(textColumn:)))
        return RowChunk(slab: slab, layout: layout, rows: rows, firstRowNumber: 0).first
    }
}

extension ColumnDescription {
    /// A column of type `text` in the text format.
    fileprivate init(textColumn name: String) {
        self.init(
            name: name, tableOID: 0, columnNumber: 0, typeOID: PostgresType.text.rawValue, typeSize: -1,
            typeModifier: -1, format: .text)
    }
}
