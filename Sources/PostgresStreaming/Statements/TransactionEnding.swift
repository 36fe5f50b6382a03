/// The command that ends a transaction, or one that was prepared, and what a server makes of it.
enum TransactionEnding: Hashable, Sendable {
    case commit
    /// Its session is done with it, and a coordinator ends it later.
    case prepare(GlobalTransactionID)
    case commitPrepared(GlobalTransactionID)
    case rollBackPrepared(GlobalTransactionID)

    /// The tag of the answer where it was done.
    var tag: String {
        switch self {
        case .commit: "COMMIT"
        case .prepare: "PREPARE TRANSACTION"
        case .commitPrepared: "COMMIT PREPARED"
        case .rollBackPrepared: "ROLLBACK PREPARED"
        }
    }

    /// The command.
    var command: String {
        switch self {
        case .commit: tag
        case .prepare(let id), .commitPrepared(let id), .rollBackPrepared(let id): "\(tag) \(id.literal)"
        }
    }

    /// Whether it ends the transaction of its own session, which the server rolls back where that had failed.
    var endsOwnTransaction: Bool {
        switch self {
        case .commit, .prepare: true
        case .commitPrepared, .rollBackPrepared: false
        }
    }

    /// Whether a transaction that did nothing ends by it all the same, because a coordinator counts on it.
    var needsTransaction: Bool { if case .prepare = self { true } else { false } }

    /// Whether a command of this tag has ended that which it was to end.
    func isAnswered(by tag: String) -> Bool { tag == self.tag || endsOwnTransaction && tag == "ROLLBACK" }
}

extension PostgresError {
    /// Says of an error of the server what it means for what was prepared, or was to be.
    init(_ error: PostgresError, endingBy ending: TransactionEnding) {
        let hint: String
        switch (ending, error.sqlState) {
        case (.commitPrepared, .undefinedObject), (.rollBackPrepared, .undefinedObject):
            hint = "It may have been committed or rolled back already, or was never prepared on this server."
        // The server has several reasons for this state, of which one names the setting.
        case (.prepare, .objectNotInPrerequisiteState)
        where error.server?.hint?.contains("max_prepared_transactions") ?? false:
            hint = "Set max_prepared_transactions to as many as may be prepared at a time, and restart the server."
        default:
            self = error
            return
        }
        self.init(
            error.code, error.message, hint: hint, server: error.server, isConnectionUsable: error.isConnectionUsable)
    }

    /// Says that what was prepared cannot be ended within a transaction block.
    static func withinTransactionBlock(_ ending: TransactionEnding) -> PostgresError {
        PostgresError(
            .invalidState, "\(ending.tag) cannot run inside a transaction block",
            hint: "End the block first, or use another connection.")
    }
}
