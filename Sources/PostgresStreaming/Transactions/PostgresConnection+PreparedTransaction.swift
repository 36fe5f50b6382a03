import PostgresWire

extension PostgresConnection {
    /// Runs `body` as a transaction and prepares it under an identifier, for a coordinator of several databases to commit
    /// or roll back (manual: "PREPARE TRANSACTION").
    ///
    /// A prepared transaction belongs to no session. It outlives its connection and crashes of the server, and holds its
    /// locks until `commitPrepared(_:)` or `rollbackPrepared(_:)` ends it: prepare only what something is sure to end, also
    /// after a crash of its own. The server needs `max_prepared_transactions`. Everything else is as for `withTransaction`:
    /// where `body` throws, or its task is cancelled before PREPARE TRANSACTION is sent, it is rolled back. A `body` without a
    /// statement leaves a transaction that can be committed all the same.
    ///
    /// ```swift
    /// try await connection.prepareTransaction(as: "payment-\(id)") { transaction in
    ///     try await transaction.execute("INSERT INTO payment VALUES (10)")
    /// }
    /// // Once all databases have prepared theirs, and the decision is written down:
    /// try await connection.commitPrepared("payment-\(id)")
    /// ```
    ///
    /// - Parameters:
    ///   - id: what the transaction is called from then on, of 199 bytes at most; no other of the server has it.
    ///   - isolation: the isolation level, before the one of the options.
    ///   - options: everything else about the transaction. `commitTimeout` is for the answer to PREPARE TRANSACTION, and
    ///     `tracksCommit` has no effect, because the list of prepared transactions tells.
    ///   - body: what is done in the transaction; it runs once.
    /// - Returns: what `body` returned, once the transaction is prepared.
    /// - Throws: `queryInvalid` for an identifier that no server accepts, before anything is sent; `commitUnknown` where the
    ///   answer to PREPARE TRANSACTION was lost, and the transaction may be prepared; a `server` error where it cannot be
    ///   prepared, such as 42710 for an identifier that is taken and 55000 for a server that prepares none; otherwise as
    ///   `withTransaction`. After anything but `commitUnknown` the transaction had no effect and is not prepared.
    @discardableResult
    public nonisolated(nonsending) func prepareTransaction<Result, Failure: Error>(
        as id: String, isolation: TransactionOptions.Isolation? = nil,
        options: TransactionOptions = TransactionOptions(),
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        let ending = TransactionEnding.prepare(try GlobalTransactionID(id))
        var options = options
        options.isolation = isolation ?? options.isolation
        options.tracksCommit = false
        return try await transact(options, endingBy: ending, body).get()
    }

    /// Commits a transaction that was prepared, by whichever session (manual: "COMMIT PREPARED").
    ///
    /// It runs on a connection to the same database, as the role that prepared it or as a superuser. Through a transaction
    /// pooler it works as well.
    ///
    /// - Throws: `queryInvalid` for an identifier that no server accepts; `invalidState` inside a transaction block; a `server`
    ///   error, 42704 where no transaction of the identifier is prepared; `commitUnknown` where the answer was lost: commit
    ///   it again then, and take 42704 for done. `cancelled` before it was sent; from then on its answer is waited for.
    public nonisolated(nonsending) func commitPrepared(_ id: String) async throws(PostgresError) {
        try await end(by: .commitPrepared(try GlobalTransactionID(id)))
    }

    /// Rolls back a transaction that was prepared, by whichever session (manual: "ROLLBACK PREPARED").
    ///
    /// - Throws: as `commitPrepared(_:)`.
    public nonisolated(nonsending) func rollbackPrepared(_ id: String) async throws(PostgresError) {
        try await end(by: .rollBackPrepared(try GlobalTransactionID(id)))
    }

    private nonisolated(nonsending) func end(by ending: TransactionEnding) async throws(PostgresError) {
        guard gate.transaction == nil else { throw .withinTransactionBlock(ending) }
        let driver = try await gate.begin()
        guard driver.session.transactionStatus == .idle, !Task.isCancelled else {
            gate.finish()
            throw Task.isCancelled
                ? PostgresError(.cancelled, "the task was cancelled") : .withinTransactionBlock(ending)
        }
        driver.startCommit(by: ending, after: [], asksForID: false)
        let outcome = await gate.settleCommit(on: driver, within: gate.times.commit)
        try outcome.check(driver.failure)
    }
}
