/// What statements left behind in a session, for whoever uses it next; see `PostgresConnection.remains()`.
public struct SessionRemains: Hashable, Sendable {
    /// Whether a transaction block is open.
    public let transactionStatus: PostgresTransactionStatus
    /// The advisory locks that the session holds, those of an open transaction included.
    public let advisoryLockCount: Int
    /// The temporary tables, views and sequences.
    public let temporaryRelationCount: Int
    /// The channels that it listens to.
    public let listeningChannelCount: Int
    /// The cursors that outlive their transaction.
    public let heldCursorCount: Int
    /// The names of the run-time parameters that were set within the session.
    public let settings: [String]

    /// Whether nothing is left.
    public var isClean: Bool {
        transactionStatus == .idle && settings.isEmpty
            && advisoryLockCount + temporaryRelationCount + listeningChannelCount + heldCursorCount == 0
    }

    static let query: PostgresQuery = """
        SELECT
            (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks
             WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND granted),
            (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class
             WHERE relnamespace = pg_catalog.pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')),
            (SELECT pg_catalog.count(*) FROM pg_catalog.pg_listening_channels()),
            (SELECT pg_catalog.count(*) FROM pg_catalog.pg_cursors WHERE is_holdable),
            (SELECT coalesce(pg_catalog.string_agg(name, ',' ORDER BY name), '') FROM pg_catalog.pg_settings
             WHERE source = 'session')
        """
}
