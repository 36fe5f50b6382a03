import PostgresValues

extension CopyRow {
    /// Appends a row as the writer of a COPY does; nothing of it where this throws.
    mutating func append(_ row: some RowEncodable) throws(PostgresError) {
        beginRow()
        do throws(PostgresError) {
            try row.encode(into: &self)
        } catch {
            throw failed(error)
        }
        try endRow()
    }
}
