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
