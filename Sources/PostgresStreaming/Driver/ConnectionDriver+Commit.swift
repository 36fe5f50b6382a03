import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Says COMMIT, or another end of a transaction, after what is still to be said before.
    ///
    /// - Parameter asksForID: whether the transaction's number is asked for first, because no statement has brought it. The
    ///   server sends it before it begins to commit, so it may be known even where the commit's own answer is lost.
    func startCommit(by ending: TransactionEnding = .commit, after commands: [String], asksForID: Bool) {
        var flight = ExtendedFlight()
        let question = asksForID ? runner.addQuestionForID(to: &flight) : nil
        // The number that is known is that of the session's own transaction.
        let transactionID = ending.endsOwnTransaction ? runner.commit.transactionID : nil
        var commit = CommitProgress(transactionID: transactionID, question: question)
        commit.ending = ending
        commit.isUnderWay = true
        commit.isAnnounced = asksForID && !statements.isBehindPooler
        runner.commit = commit
        for command in commands { flight.run(command: command) }
        if asksForID { flight.flush() }
        flight.run(command: ending.command)
        // Our own words hold no NUL and are short.
        try? say(flight)
    }

    /// Reads the answer to it; may be called again where waiting for it was given up.
    nonisolated(nonsending) func readCommit() async throws(PostgresError) {
        guard !runner.commit.isOver else { return }
        let end = try await answers { [self] event in
            switch event {
            case .rows(let rows): runner.commit.transactionID = PostgresTransactionID(rows, in: slab)
            case .parsed: runner.commit.noteParsed()
            case .completed(let tag): runner.commit.note(tag: tag.text)
            default: break
            }
            return nil as Void?
        }
        if case .ready(let failure) = end { runner.commit.end(failure, session.transactionStatus) }
    }

    /// Waits for the answer to a commit whose caller does not wait any more. Where there is none in time the connection
    /// is closed, and the outcome is not known.
    ///
    /// The server is not asked to cancel: a commit that waits for a standby would then be reported as done without it.
    nonisolated(nonsending) func finishCommit(until end: MonotonicTime) async {
        try? await within(until: end) { driver throws(PostgresError) in try await driver.readCommit() }
        guard failure == nil, !runner.commit.isOver else { return }
        if MonotonicTime.now >= end { observation?.passed(.commit) }
        fail(
            PostgresError(
                .connectionLost, "connection closed: the server did not answer a commit in time",
                isConnectionUsable: false))
    }
}
