/// A transaction that was prepared and waits for its end (manual: "pg_prepared_xacts").
///
/// Until then it holds its locks and keeps vacuum from what it may still see.
public struct PostgresPreparedTransaction: Hashable, Sendable {
    /// The identifier that it was prepared under.
    public let id: String
    /// Its number, which the server gives out again after some billions.
    public let transactionNumber: UInt32
    /// When it was prepared, by the server's clock.
    public let preparedAt: PostgresTimestampTZ
    /// The role that prepared it, which alone may end it besides superusers.
    public let owner: String
    /// The database in which it was prepared, and in which alone it can be ended.
    public let database: String
}

extension PostgresQuerying {
    /// Lists the transactions that were prepared and not ended yet, in the order in which they were prepared.
    ///
    /// After a crash of the coordinator it finds here what it has to commit or to roll back, by the identifiers that it chose.
    ///
    /// - Parameter inAllDatabases: whether those of the server's other databases are listed too, which can be ended only there.
    /// - Throws: as `query`.
    public nonisolated(nonsending) func preparedTransactions(
        inAllDatabases: Bool = false
    ) async throws(PostgresError) -> [PostgresPreparedTransaction] {
        try await query(
            """
            SELECT gid, transaction::pg_catalog.text::pg_catalog.int8, prepared, owner::pg_catalog.text,
                database::pg_catalog.text
            FROM pg_catalog.pg_prepared_xacts
            WHERE \(inAllDatabases) OR database OPERATOR(pg_catalog.=) pg_catalog.current_database()
            ORDER BY prepared, gid
            """
        ).decode((String, UInt32, PostgresTimestampTZ, String, String).self).collect().map { columns in
            PostgresPreparedTransaction(
                id: columns.0, transactionNumber: columns.1, preparedAt: columns.2, owner: columns.3,
                database: columns.4)
        }
    }
}
