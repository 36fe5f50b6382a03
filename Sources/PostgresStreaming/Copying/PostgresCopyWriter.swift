import PostgresWire

/// Sends rows of a COPY into a table; see `PostgresCopying.copyIn(into:as:options:_:)`.
///
/// It stays in the closure that it was given to; after that every call throws `invalidState`.
public struct PostgresCopyWriter {
    @usableFromInline let rows: CopyRowBuffer

    /// Begins with the header, where the format has one.
    init(_ run: CopyInRun, _ columns: CopyColumns, _ format: PostgresCopyFormat) throws(PostgresError) {
        var row = try CopyRow(columns: columns.columns, format: format)
        try row.appendHeader()
        rows = CopyRowBuffer(run, row)
    }

    /// The rows that were written so far; what the server has taken is told when the COPY ends.
    public var rowCount: Int { rows.row.value.rowCount }

    /// The bytes of data that were sent so far.
    public var sentBytes: Int { rows.sentBytes }

    /// Writes a row: a value for each column, nil for NULL.
    ///
    /// A value is written as the type that its column has, exactly or not at all. Rows are gathered; this waits only for a
    /// server that does not keep up.
    ///
    /// - Throws: `parameterInvalid` for a value that does not fit its column, and `columnMismatch` for another number of values
    ///   than columns, both with nothing of the row sent; the server's error about an earlier row, as soon as it is known; the
    ///   connection's failure, `cancelled`, `queryTimedOut`.
    @inlinable
    public nonisolated(nonsending) func write<each Value: PostgresEncodableElement>(
        _ values: repeat each Value
    ) async throws(PostgresError) {
        if try append(repeat each values) { try await rows.send() }
    }

    /// Writes a row that encodes itself.
    ///
    /// - Throws: as for values; what the row's own code throws.
    @inlinable
    public nonisolated(nonsending) func write(row: some RowEncodable) async throws(PostgresError) {
        if try rows.append(row) { try await rows.send() }
    }

    /// Encodes a row of values.
    ///
    /// - Returns: whether enough has gathered to be sent.
    @inlinable
    func append<each Value: PostgresEncodableElement>(_ values: repeat each Value) throws(PostgresError) -> Bool {
        try rows.begin()
        do throws(PostgresError) {
            repeat try (each values).write(to: &rows.row.value)
        } catch {
            throw rows.failed(error)
        }
        return try rows.end()
    }

    /// Sends what is left, and the trailer; nothing the second time.
    @usableFromInline
    nonisolated(nonsending) func finish(
        _ progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) {
        if rows.isWithinValue { try rows.checkNoValue() }
        rows.appendTrailer()
        if rows.row.value.encodedByteCount > 0 { try await send(progress) }
    }
}

extension PostgresCopyWriter: CustomReflectable {
    /// Shows nothing, so that no `dump` prints values.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
