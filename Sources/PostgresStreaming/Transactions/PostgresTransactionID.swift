/// The number of a transaction that writes, by which its outcome can be asked for later.
public struct PostgresTransactionID: Hashable, Sendable, CustomStringConvertible {
    /// The number, 64 bits wide (manual: `pg_current_xact_id`).
    public let number: UInt64
    /// The server's timeline when it was asked for, eight hexadecimal digits. It changes when a standby is promoted.
    public let timeline: String
    /// What changes when the server recovers from a crash: when it last reset its statistics, in microseconds since 1970.
    public let recoveryMark: String

    /// The number in decimal.
    public var description: String { "\(number)" }

    /// Creates the number of a transaction that was noted somewhere.
    public init(number: UInt64, timeline: String, recoveryMark: String) {
        self.number = number
        self.timeline = timeline
        self.recoveryMark = recoveryMark
    }

    init?(_ number: String?, timeline: String?, recoveryMark: String?) {
        guard let number = number.flatMap(UInt64.init), let timeline else { return nil }
        self.init(number: number, timeline: timeline, recoveryMark: recoveryMark ?? "")
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

/// What became of a transaction.
public enum PostgresTransactionOutcome: Hashable, Sendable {
    /// Its effects are there.
    case committed
    /// It had none.
    case aborted
    /// It is not over yet; ask again.
    case inProgress
    /// The server cannot tell: the transaction is too old, this server is not the one that ran it, or the server was
    /// promoted or has recovered from a crash since, and another transaction of the same number was committed.
    case unknown
}

extension PostgresTransactionOutcome {
    /// What a server says of a number.
    ///
    /// A number of which nothing was written down is given out again after a crash or a promotion. A transaction that was
    /// committed and lasts was written down, so its number still says "committed"; where it says anything else, that
    /// transaction had no effect that lasts, whoever has the number now.
    ///
    /// - Parameters:
    ///   - status: what `pg_xact_status` says; `future` for a number that was not given out yet.
    ///   - timeline: the server's timeline now.
    ///   - recoveryMark: what changes with a recovery, now.
    init(_ status: String?, of transaction: PostgresTransactionID, timeline: String, recoveryMark: String) {
        guard let then = UInt32(transaction.timeline, radix: 16), let now = UInt32(timeline, radix: 16), then <= now
        else {
            self = .unknown
            return
        }
        let isSameHistory = then == now && recoveryMark == transaction.recoveryMark
        self =
            switch status {
            case "committed": isSameHistory ? .committed : .unknown
            case "aborted": .aborted
            // No transaction outlives a promotion. The mark alone may have been changed by a person.
            case "in progress": then < now ? .aborted : .inProgress
            case "future": isSameHistory ? .unknown : .aborted
            default: .unknown
            }
    }
}
