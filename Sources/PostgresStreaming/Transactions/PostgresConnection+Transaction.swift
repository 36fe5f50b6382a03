extension PostgresConnection {
    /// Runs `body` as a transaction: committed where it returns, rolled back where it throws or its task is cancelled.
    ///
    /// BEGIN is sent together with the first statement; where there is none, nothing is sent. Until the end the
    /// connection itself is busy: use the transaction. A stream may not outlive it.
    ///
    /// - Parameters:
    ///   - isolation: the isolation level, before the one of the options.
    ///   - options: everything else about the transaction.
    ///   - body: what is done in the transaction; it runs once.
    /// - Throws: what `body` throws; `transactionRolledBack` where `body` returned although a statement in it had
    ///   failed; `commitUnknown` where the connection was lost during the commit, its time ran out, or the answer to it
    ///   made no sense; a `server` error that the commit met, such as that of a deferred constraint; `cancelled` where
    ///   the task was cancelled before the commit; `queryTimedOut` where the time of the options ran out before it.
    ///   After anything but `commitUnknown` the transaction had no effect.
    @discardableResult
    public nonisolated(nonsending) func withTransaction<Result, Failure: Error>(
        isolation: TransactionOptions.Isolation? = nil, options: TransactionOptions = TransactionOptions(),
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        var options = options
        options.isolation = isolation ?? options.isolation
        return try await transact(options, body).get()
    }

    /// Runs `body` as a transaction and says how it ended.
    ///
    /// - Parameters:
    ///   - time: the time for more than this attempt, of which it has no more than what is left.
    ///   - ending: what is said where `body` returns.
    nonisolated(nonsending) func transact<Result, Failure: Error>(
        _ options: TransactionOptions, attempt: Int = 1, within time: TimeAllowed? = nil,
        endingBy ending: TransactionEnding = .commit,
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async -> TransactionEnd<Result> {
        do throws(PostgresError) {
            let scope = try await TransactionScope.open(on: gate, options, attempt: attempt, within: time)
            return await scope.run(endingBy: ending, body)
        } catch {
            return .rolledBack(error, after: nil)
        }
    }

    /// Asks what became of a transaction, whichever connection ran it.
    ///
    /// It has to be asked of the server that ran it, or of one that was promoted in its place. After a promotion, or a crash
    /// of the server, numbers that were never written down are given out again: "committed" may then be said of another
    /// transaction, and the outcome is `unknown`. Everything else is certain.
    ///
    /// - Throws: as `query`; `queryTimedOut` after the configuration's `controlTimeout`.
    public nonisolated(nonsending) func outcome(
        of transaction: PostgresTransactionID
    ) async throws(PostgresError) -> PostgresTransactionOutcome {
        try await outcome(of: transaction, within: nil)
    }

    /// As `outcome(of:)`, within a time for more than that.
    nonisolated(nonsending) func outcome(
        of transaction: PostgresTransactionID, within time: TimeAllowed?
    ) async throws(PostgresError) -> PostgresTransactionOutcome {
        var options = gate.controlOptions
        options.timeout = [options.timeout, time?.left].compactMap(\.self).min()
        let number = "\(transaction.number)"
        var row: Row
        do throws(PostgresError) {
            row = try await query(
                "SELECT pg_catalog.pg_xact_status(\(number)::pg_catalog.text::pg_catalog.xid8), \(Self.history)",
                options: options
            ).only()
        } catch {
            // To the server a number that was not given out yet is an error.
            guard error.sqlState == "22023" else { throw error }
            row = try await query("SELECT 'future', \(Self.history)", options: options).only()
        }
        let (status, timeline, mark) = try row.decode((String?, String, String?).self)
        return PostgresTransactionOutcome(status, of: transaction, timeline: timeline, recoveryMark: mark ?? "")
    }

    /// Which server it is, and whether it has recovered.
    private static var history: PostgresQuery {
        "\(unsafeSQL: PostgresTransactionID.timelineExpression), \(unsafeSQL: PostgresTransactionID.recoveryExpression)"
    }
}
