/// The columns of the rows that follow, or would follow.
package struct RowDescription: Hashable, Sendable {
    /// The columns in the order of a row's cells; there may be none.
    package let columns: [ColumnDescription]

    /// Creates the message.
    package init(columns: [ColumnDescription]) {
        self.columns = columns
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "RowDescription")
        let count = try reader.count(itemBytes: ColumnDescription.bytesMin)
        var columns: [ColumnDescription] = []
        columns.reserveCapacity(count)
        for _ in 0..<count { columns.append(try reader.columnDescription()) }
        self.columns = columns
        try reader.finish()
    }
}
