/// One row of a result, every cell copied out.
///
/// The streaming path does not build it: there rows are framed in runs and read where they lie in the slab. This type
/// is for the few rows that are read outside a stream, and for tests that compare.
package struct DataRow: Hashable, Sendable {
    /// The value of each column in the column's format; `nil` is NULL.
    package let cells: [[UInt8]?]

    /// Creates the row.
    package init(cells: [[UInt8]?]) {
        self.cells = cells
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "DataRow")
        var cells: [[UInt8]?] = []
        for _ in 0..<(try reader.count(itemBytes: 4)) { cells.append(try reader.value()) }
        self.cells = cells
        try reader.finish()
    }
}

extension DataRow: Redacted {
    package var description: String { "DataRow(\(cells.count) cells)" }
}
