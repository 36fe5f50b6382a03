import PostgresWire

/// Sends rows of a COPY into a table; see `PostgresCopying.copyIn(into:as:options:_:)`.
///
/// It stays in the closure that it was given to; after that every call throws `invalidState`.
public struct PostgresCopyWriter {
    private let run: CopyInRun
    private let rows: Rows

    /// The rows that were encoded and not sent, and their columns.
    private final class Rows {
        var row: CopyRow

        init(_ row: CopyRow) { self.row = row }
    }

    /// Begins with the header, where the format has one.
    init(_ run: CopyInRun, _ columns: CopyColumns, _ format: PostgresCopyFormat) throws(PostgresError) {
        self.run = run
        var row = try CopyRow(columns: columns.columns, format: format)
        try row.appendHeader()
        rows = Rows(row)
    }

    /// The rows that were written so far; what the server has taken is told when the COPY ends.
    public var rowCount: Int { rows.row.rowCount }

    /// The bytes of data that were sent so far.
    public var sentBytes: Int { run.sentBytes }

    /// Writes a row: a value for each column, nil for NULL.
    ///
    /// A value is written as the type that its column has, exactly or not at all. Rows are gathered; this waits only for a
    /// server that does not keep up.
    ///
    /// - Throws: `parameterInvalid` for a value that does not fit its column, and `columnMismatch` for another number of values
    ///   than columns, both with nothing of the row sent; the server's error about an earlier row, as soon as it is known; the
    ///   connection's failure, `cancelled`, `queryTimedOut`.
    public nonisolated(nonsending) func write<each Value: PostgresEncodableElement>(
        _ values: repeat each Value
    ) async throws(PostgresError) {
        try run.checkOpen()
        try rows.row.append { (row: inout CopyRow) throws(PostgresError) in
            repeat try (each values).write(to: &row)
        }
        if rows.row.encodedByteCount >= run.bufferBytes { try await send() }
    }

    /// Writes a row that encodes itself.
    ///
    /// - Throws: as for values; what the row's own code throws.
    public nonisolated(nonsending) func write(row: some RowEncodable) async throws(PostgresError) {
        try run.checkOpen()
        try rows.row.append(row)
        if rows.row.encodedByteCount >= run.bufferBytes { try await send() }
    }

    private nonisolated(nonsending) func send() async throws(PostgresError) {
        try run.say(rows.row.encoded)
        rows.row.removeEncoded()
        try await run.exchange()
    }

    /// Sends what is left, and the trailer.
    nonisolated(nonsending) func finish() async throws(PostgresError) {
        rows.row.appendTrailer()
        if rows.row.encodedByteCount > 0 { try await send() }
    }
}

extension PostgresCopyWriter: CustomReflectable {
    /// Shows nothing, so that no `dump` prints values.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
