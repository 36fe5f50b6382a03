/// How far the server has come with a COPY, as `pg_stat_progress_copy` has it.
public struct PostgresServerCopyProgress: Hashable, Sendable {
    /// The bytes that the server has processed.
    public let bytes: Int
    /// The bytes of the file that it reads; nil where it reads no file.
    public let bytesTotal: Int?
    /// The rows that it has processed.
    public let rowCount: Int
    /// The rows that it left out by a WHERE.
    public let excludedRowCount: Int
}

extension PostgresQuerying {
    /// Asks the server how far it has come with the COPY that another connection runs; nil where it runs none.
    ///
    /// - Parameter processID: the server's process for that connection, which it finds out by `SELECT pg_backend_pid()` before
    ///   it begins.
    /// - Throws: as `query`; servers before 14 do not know.
    public nonisolated(nonsending) func serverCopyProgress(
        ofProcess processID: Int32
    ) async throws(PostgresError) -> PostgresServerCopyProgress? {
        let rows = try await query(
            """
            SELECT bytes_processed, nullif(bytes_total, 0), tuples_processed, tuples_excluded
            FROM pg_catalog.pg_stat_progress_copy WHERE pid = \(processID)
            """)
        guard let (bytes, total, rowCount, excluded) = try await rows.decode((Int, Int?, Int, Int).self).first() else {
            return nil
        }
        return PostgresServerCopyProgress(
            bytes: bytes, bytesTotal: total, rowCount: rowCount, excludedRowCount: excluded)
    }
}
