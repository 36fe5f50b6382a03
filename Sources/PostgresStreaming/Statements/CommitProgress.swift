import PostgresWire

/// How far a commit has come.
struct CommitProgress {
    /// Whether the server would have sent the transaction's number in this flight before it began to commit, with nothing
    /// in between that could have lost it.
    var isAnnounced = false
    /// Whether it is the commit of a scope, and not one that SQL said by itself.
    var isUnderWay = false
    /// Whether the question for the number was answered.
    var hasBegun = false
    /// The transaction's number, where it was asked for and has one: known from a statement, or from this flight.
    var transactionID: PostgresTransactionID?
    /// The question for the number, where it is a part of this flight.
    var question: KnownStatement?
    /// The tag of the command that ended last.
    var tag = ""
    var error: PostgresError?
    /// What was said to end the transaction.
    var ending = TransactionEnding.commit
    /// Whether the server was ready after it.
    var isOver = false
    /// What it said of the session then.
    var status = TransactionStatus.idle

    /// The question for the number, as long as its answer comes.
    var questionAsked: KnownStatement? { isUnderWay && !isOver && !hasBegun ? question : nil }

    /// Whether the answer says neither that the transaction was ended as it was to be nor that it was rolled back: another
    /// command's tag, or a transaction that is open still.
    var isContradictory: Bool { isOver && error == nil && (status != .idle || !ending.isAnswered(by: tag)) }

    /// The server has parsed a statement; the question is the first that it may have to.
    mutating func noteParsed() {
        guard let question, !hasBegun, !question.isPrepared else { return }
        question.isPrepared = !question.name.isEmpty
    }

    /// A command has ended; the question is the only one that has rows.
    mutating func note(tag: String) {
        self.tag = tag
        hasBegun = hasBegun || tag.hasPrefix("SELECT")
    }

    /// The server is ready, and so the commit is over.
    mutating func end(_ error: PostgresError?, _ status: TransactionStatus) {
        self.error = error
        self.status = status
        isOver = true
    }

    /// Throws what the caller has to know.
    ///
    /// - Parameter failure: why the connection was lost, if it was.
    func check(_ failure: PostgresError?) throws(PostgresError) {
        guard isOver, !isContradictory else {
            // The server's last words came in order, and the number was not among those before: it never came to the
            // commit.
            if let failure, failure.code == .sessionEndedByServer, isAnnounced, !hasBegun { throw failure }
            throw PostgresError(commitLostBy: failure, transactionID, endingBy: ending)
        }
        if let error { throw PostgresError(error, endingBy: ending) }
        guard tag == ending.tag else { throw PostgresError(rolledBackAfter: nil, hasLeftTransaction: false) }
    }
}

extension PostgresError {
    /// The end of a connection whose server answers COMMIT, or another end of a transaction, with what cannot be.
    static func contradictoryCommit(_ ending: TransactionEnding) -> PostgresError {
        PostgresError(
            .protocolViolation, "connection closed: the answer to \(ending.tag) contradicts itself",
            isConnectionUsable: false)
    }

    /// Says that a transaction could not be committed because it had failed before.
    init(rolledBackAfter cause: PostgresError?, hasLeftTransaction: Bool) {
        let reason =
            hasLeftTransaction
            ? "a stream in it was left before its end"
            : cause.map { "a statement in it had failed: \($0.message)" } ?? "a statement in it had failed"
        self.init(
            .transactionRolledBack, "the transaction was rolled back: \(reason)",
            hint: "Let the error leave the transaction's body, or run what may fail in a savepoint.",
            server: cause?.server)
    }

    /// Says that it is not known what became of a commit, or of another end of a transaction.
    init(
        commitLostBy failure: PostgresError?, _ transactionID: PostgresTransactionID?,
        endingBy ending: TransactionEnding = .commit
    ) {
        let (name, hint) =
            switch ending {
            case .commit where transactionID == nil: ("the commit", "Look for its effects before it is run again.")
            case .commit:
                (
                    "the commit",
                    "Ask another connection for its outcome; where a promoted server cannot tell, look for its effects."
                )
            case .prepare:
                (ending.tag, "Ask another connection for preparedTransactions(): what is listed there is prepared.")
            case .commitPrepared, .rollBackPrepared:
                (ending.tag, "Ask another connection for preparedTransactions(): what is listed there has not ended.")
            }
        self.init(
            .commitUnknown, "the outcome of \(name) is unknown: \(failure?.message ?? "the answer was lost")",
            hint: hint, server: failure?.server, transactionID: transactionID, isConnectionUsable: false)
    }
}
