/// The number of a transaction that writes, by which its outcome can be asked for later.
public struct PostgresTransactionID: Hashable, Sendable, CustomStringConvertible {
    /// The number, 64 bits wide (manual: `pg_current_xact_id`).
    public let number: UInt64
    /// The server's timeline when it was asked for. After a fail-over the same number may stand for another transaction.
    public let timeline: String

    /// The number in decimal.
    public var description: String { "\(number)" }

    /// Creates the number of a transaction that was noted somewhere.
    public init(number: UInt64, timeline: String) {
        self.number = number
        self.timeline = timeline
    }

    init?(_ number: String?, timeline: String?) {
        guard let number = number.flatMap(UInt64.init), let timeline else { return nil }
        self.number = number
        self.timeline = timeline
    }

    /// Asks for the number of the present transaction, where it has one, and for the timeline. Not during recovery,
    /// where nothing can be written.
    static let query =
        "SELECT pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text, CASE WHEN NOT "
        + "pg_catalog.pg_is_in_recovery() THEN \(timelineExpression) END"

    static let timelineExpression =
        "pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8)"
}

/// What became of a transaction.
public enum PostgresTransactionOutcome: Hashable, Sendable {
    /// Its effects are there.
    case committed
    /// It had none.
    case aborted
    /// It is not over yet; ask again.
    case inProgress
    /// The server cannot tell: the transaction is too old, or this server is not the one that ran it.
    case unknown
}
