/// How far a server is in the write-ahead log.
struct LogProgress: Hashable, Sendable {
    /// Whether it copies what another server commits.
    let isStandby: Bool
    /// Up to where it has replayed the log or, as a primary, written it. The timeline of a standby may be an older one than
    /// that of the replayed position, never a newer one that its history does not lead to.
    let position: PostgresPosition

    /// Whether a server shows what was committed up to a position.
    enum Answer { case shown, notYet, never }

    func answer(to wanted: PostgresPosition) -> Answer {
        // A primary has what its timeline has; what a promotion did away with is nowhere.
        guard isStandby else { return position.timeline >= wanted.timeline ? .shown : .never }
        // On another timeline the same position may stand for other writes: a standby may have gone astray, and it may
        // have changed to a timeline on which the write was lost.
        guard position.timeline == wanted.timeline else { return .never }
        return position.lsn >= wanted.lsn ? .shown : .notYet
    }
}

extension LogProgress {
    /// Asks a server. A standby says which timeline it is on in three places, none of which is ahead of it: its control
    /// file knows the last restart point and the last page that was written back; the receiver, which shows itself to
    /// members of `pg_read_all_stats` only, is up to date.
    static let query: PostgresQuery = """
        SELECT recovering,
            CASE WHEN recovering THEN pg_catalog.pg_last_wal_replay_lsn()
                ELSE pg_catalog.pg_current_wal_insert_lsn() END,
            CASE WHEN recovering THEN NULL
                ELSE pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()) END,
            CASE WHEN recovering THEN greatest(
                (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()),
                (SELECT min_recovery_end_timeline FROM pg_catalog.pg_control_recovery()),
                (SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver)) END,
            pg_catalog.current_setting('wal_block_size')::pg_catalog.int8,
            pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size'))
        FROM pg_catalog.pg_is_in_recovery() AS recovering
        """

    /// Reads the answer.
    init(_ row: Row) throws(PostgresError) {
        let (isStandby, lsn, file, timeline, blockSize, segmentSize) =
            try row.decode((Bool, PostgresLSN?, String?, Int32?, Int, Int).self)
        let end = (lsn ?? PostgresLSN(position: 0)).endOfRecord(blockSize: blockSize, segmentSize: segmentSize)
        let number = timeline.flatMap(UInt32.init(exactly:)) ?? file.flatMap { UInt32($0.prefix(8), radix: 16) }
        guard let number else {
            throw PostgresError(.valueMalformed, "the server does not say which timeline it is on")
        }
        self.init(isStandby: isStandby, position: PostgresPosition(timeline: number, lsn: end))
    }
}

extension PostgresLSN {
    /// Where the last record before an insert position ends. The position lies behind the header of a page where the record
    /// filled the page before; a standby that has replayed the record does not count that header.
    fileprivate func endOfRecord(blockSize: Int, segmentSize: Int) -> PostgresLSN {
        for (size, header) in [(segmentSize, Self.longHeaderBytes), (blockSize, Self.shortHeaderBytes)] {
            guard size > 0, position % UInt64(size) == header else { continue }
            return PostgresLSN(position: position - header)
        }
        return self
    }

    /// Of the first page of a segment.
    private static var longHeaderBytes: UInt64 { 40 }
    /// Of any other page. No record ends so soon behind the header of a page.
    private static var shortHeaderBytes: UInt64 { 24 }
}
