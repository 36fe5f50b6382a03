import PostgresWire

extension PostgresTransactionID {
    init?(_ number: String?, timeline: String?, recoveryMark: String?) {
        guard let number = number.flatMap(UInt64.init), let timeline else { return nil }
        self.init(number: number, timeline: timeline, recoveryMark: recoveryMark ?? "")
    }

    /// Reads the answer to that question; nil where the transaction has no number.
    init?(_ rows: Range<Int>, in slab: ReceiveSlab) {
        guard let row = RowChunk.firstRow(of: rows, in: slab, textColumns: "number", "timeline", "recovery"),
            let (number, timeline, mark) = try? row.decode((String?, String?, String?).self)
        else { return nil }
        self.init(number, timeline: timeline, recoveryMark: mark)
    }

    /// Asks for the number of the present transaction, where it has one, and for what tells it from others of that
    /// number. Not during recovery, where nothing can be written.
    static let query =
        "SELECT pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text, CASE WHEN NOT "
        + "pg_catalog.pg_is_in_recovery() THEN \(timelineExpression) END, \(recoveryExpression)"

    static let timelineExpression =
        "pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8)"

    // A server that recovers forgets its statistics, because they may not fit what it recovers to.
    static let recoveryExpression =
        "(EXTRACT(epoch FROM pg_catalog.pg_stat_get_bgwriter_stat_reset_time()) / 0.000001)::pg_catalog.int8"
        + "::pg_catalog.text"
}
