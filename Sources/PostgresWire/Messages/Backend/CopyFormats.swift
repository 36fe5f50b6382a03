/// How the data of a copy is written: the fields that the three responses to COPY share.
package struct CopyFormats: Hashable, Sendable {
    /// The format of the copy as a whole: lines of text, or the binary copy format.
    package let overall: FormatCode
    /// The format of each column; all are text if the copy as a whole is.
    package let columns: [FormatCode]

    /// Creates the fields.
    package init(overall: FormatCode, columns: [FormatCode]) {
        self.overall = overall
        self.columns = columns
    }

    /// Decodes the body of the message called `name` in the manual.
    package init(validating body: RawSpan, of name: StaticString) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: name)
        guard let overall = FormatCode(rawValue: Int16(try reader.uint8())) else {
            throw reader.malformed("holds an unknown format")
        }
        var columns: [FormatCode] = []
        for _ in 0..<(try reader.count(itemBytes: 2)) {
            let column = try reader.formatCode()
            guard overall == .binary || column == .text else {
                throw reader.malformed("holds a binary column in a copy of text")
            }
            columns.append(column)
        }
        self.overall = overall
        self.columns = columns
        try reader.finish()
    }
}
