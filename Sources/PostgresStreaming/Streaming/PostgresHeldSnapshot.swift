/// A session that keeps vacuum from removing old rows, as `pg_stat_activity` has it.
public struct PostgresHeldSnapshot: Hashable, Sendable {
    /// The server's process for the session; `pg_terminate_backend` ends it.
    public let processID: Int32
    /// How many transactions have begun since the oldest one that it may see, or since its own.
    public let age: Int
    /// When its transaction began; nil where this role may not know, or the process runs none.
    public let since: PostgresTimestampTZ?
    /// What the session does, such as `active` or `idle in transaction`; nil where this role may not know.
    public let state: String?
    /// What the session calls itself.
    public let applicationName: String?
    /// The session's role; nil for processes of the server.
    public let user: String?
    /// The session's database; nil where it belongs to none, as that of a standby.
    public let database: String?
}

extension PostgresQuerying {
    /// Lists the sessions that hold a snapshot, or a transaction that writes, the oldest first: what they may see stays, however
    /// often vacuum runs. The session that asks is left out.
    ///
    /// A stream that is open holds one until its result is read. Of sessions of other roles the server shows `since` and `state`
    /// to members of `pg_read_all_stats` alone. Prepared transactions are no sessions: see
    /// `preparedTransactions(inAllDatabases:)`.
    ///
    /// - Parameters:
    ///   - ageMin: how many transactions have to have begun since; 0, the default, lists all.
    ///   - inAllDatabases: whether sessions of other databases are listed too, which hold back little here.
    /// - Throws: as `query`.
    public nonisolated(nonsending) func heldSnapshots(
        ageMin: Int = 0, inAllDatabases: Bool = false
    ) async throws(PostgresError) -> [PostgresHeldSnapshot] {
        try await query(
            """
            SELECT pid, age, xact_start, state, application_name, usename::pg_catalog.text, datname::pg_catalog.text
            FROM (
                SELECT *, greatest(pg_catalog.age(backend_xmin), pg_catalog.age(backend_xid))::pg_catalog.int8 AS age
                FROM pg_catalog.pg_stat_activity
            ) AS session
            WHERE age >= \(ageMin) AND pid <> pg_catalog.pg_backend_pid()
                AND (\(inAllDatabases) OR datname IS NULL OR datname = pg_catalog.current_database())
            ORDER BY age DESC, pid
            """
        ).decode((Int32, Int, PostgresTimestampTZ?, String?, String?, String?, String?).self).collect().map { columns in
            PostgresHeldSnapshot(
                processID: columns.0, age: columns.1, since: columns.2, state: columns.3, applicationName: columns.4,
                user: columns.5, database: columns.6)
        }
    }
}
