import PostgresWire

/// One transaction of a connection: what is to be sent for it yet, and how it ends.
final class TransactionScope: StatementScope {
    let gate: ConnectionGate
    let options: TransactionOptions
    /// Which attempt this is.
    let attempt: Int
    /// What goes before the next statement, in its flight: BEGIN before the first, and savepoints.
    private(set) var pending: [String]
    /// Whether BEGIN was sent.
    private(set) var hasBegun = false
    /// The first error that a statement of the transaction met, whatever was made of it.
    private(set) var failure: PostgresError?
    private var savepointCount = 0
    /// The time for everything up to COMMIT; nil where it has no limit.
    let time: TimeAllowed?

    private init(_ gate: ConnectionGate, _ options: TransactionOptions, attempt: Int, within time: TimeAllowed?) {
        self.time = TimeAllowed.tightest(time, options.timeout.map(TimeAllowed.init))
        self.gate = gate
        self.options = options
        self.attempt = attempt
        pending = options.commands
    }

    /// Puts a connection into a transaction, of which nothing is sent yet.
    ///
    /// - Parameter time: the time for everything up to its COMMIT, where it has a limit besides that of its options.
    nonisolated(nonsending) static func open(
        on gate: ConnectionGate, _ options: TransactionOptions, attempt: Int = 1, within time: TimeAllowed? = nil
    ) async throws(PostgresError) -> TransactionScope {
        let driver = try await gate.begin()
        defer { gate.finish() }
        guard driver.session.transactionStatus == .idle else {
            throw PostgresError(
                .invalidState, "a transaction block is open already", hint: "End it with COMMIT or ROLLBACK first.")
        }
        driver.runner.commit = CommitProgress()
        let scope = TransactionScope(gate, options, attempt: attempt, within: time)
        gate.enter(scope)
        return scope
    }

    /// Whether the next statement is to ask for the transaction's number, if it writes.
    func wantsID(_ driver: ConnectionDriver) -> Bool {
        options.tracksCommit && driver.runner.commit.transactionID == nil
    }

    /// What was pending is on its way.
    func noteSent() {
        pending.removeAll()
        hasBegun = true
    }

    /// A statement failed.
    func note(_ error: PostgresError) {
        if failure == nil { failure = error }
    }

    /// Begins the transaction again after a first statement that had no effect; false where that is not so.
    func beginAgain(_ sent: [String]) -> Bool {
        guard sent.last == options.commands.last, !sent.isEmpty else { return false }
        pending = ["ROLLBACK"] + options.commands
        return true
    }

    // MARK: savepoints

    /// Has the next statement follow a savepoint, whose name is returned.
    ///
    /// - Throws: `connectionBusy` within another call, whose end the savepoint would have to wait for.
    func openSavepoint() throws(PostgresError) -> String {
        try gate.checkNoVerb()
        savepointCount += 1
        let name = "ps_\(savepointCount)"
        pending.append("SAVEPOINT \(name)")
        return name
    }

    /// Takes back a savepoint after which nothing was sent.
    private func takeBack(_ savepoint: String) -> Bool {
        guard pending.last == "SAVEPOINT \(savepoint)" else { return false }
        pending.removeLast()
        return true
    }

    /// Ends a savepoint and keeps what was done in it.
    nonisolated(nonsending) func release(_ savepoint: String) async throws(PostgresError) {
        gate.cutOffStream(.transactionEnded)
        if takeBack(savepoint) { return }
        let driver = try await gate.begin(in: self)
        let isFailed = driver.session.transactionStatus == .failed
        let error = PostgresError(rolledBackAfter: failure, hasLeftTransaction: driver.runner.hasLeftTransaction)
        gate.finish()
        guard !isFailed else {
            await rollBack(to: savepoint)
            throw error
        }
        pending.append("RELEASE SAVEPOINT \(savepoint)")
    }

    /// Undoes what was done in a savepoint.
    nonisolated(nonsending) func rollBack(to savepoint: String) async {
        gate.cutOffStream(.transactionEnded)
        if takeBack(savepoint) { return }
        pending.removeAll()
        failure = nil
        await gate.shield(.rollBackTo(savepoint))
    }

    // MARK: the end

    /// Runs `body` as the transaction and ends it, by `ending` where `body` returns.
    nonisolated(nonsending) func run<Result, Failure: Error>(
        endingBy ending: TransactionEnding,
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async -> TransactionEnd<Result> {
        var transaction = PostgresTransaction(self)
        let result: Result
        do {
            result = try await body(&transaction)
        } catch {
            await rollBack()
            return .rolledBack(withoutEffect(error), after: failure)
        }
        do throws(PostgresError) {
            try await end(by: ending)
            return .committed(result)
        } catch {
            return error.code == .commitUnknown ? .unknown(result, error) : .rolledBack(error, after: failure)
        }
    }

    /// What is thrown for an error that ended the transaction before its COMMIT: that a connection was lost, or an answer
    /// did not come in time, leaves nothing open then.
    private func withoutEffect(_ error: any Error) -> any Error {
        guard let error = error as? PostgresError else { return error }
        // The connection may have been lost by undoing what it was about.
        guard error.code == failure?.code, error.isLossOrTimeOut else { return gate.stamped(error) }
        guard error.code == .queryTimedOut, time?.isOver ?? false else {
            return PostgresError(beforeCommit: error, isConnectionUsable: gate.isUsable)
        }
        return PostgresError(
            beforeCommit: error, message: "the transaction did not end within the time allowed",
            hint: "Give it more time by the options' or the retry policy's timeout, or find out what it waits for.",
            isConnectionUsable: gate.isUsable)
    }

    private nonisolated(nonsending) func rollBack() async {
        gate.cutOffStream(.transactionEnded)
        if hasBegun { await gate.shield(.rollBack) }
        gate.exit(self)
    }

    private nonisolated(nonsending) func end(by ending: TransactionEnding) async throws(PostgresError) {
        gate.cutOffStream(.transactionEnded)
        guard hasBegun || ending.needsTransaction else {
            gate.exit(self)
            return
        }
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try await gate.begin(in: self)
        } catch {
            gate.exit(self)
            throw error
        }
        if Task.isCancelled || driver.session.transactionStatus == .failed {
            let error =
                Task.isCancelled
                ? PostgresError(.cancelled, "the task was cancelled before the transaction was committed")
                : PostgresError(rolledBackAfter: failure, hasLeftTransaction: driver.runner.hasLeftTransaction)
            gate.finish()
            await rollBack()
            throw error
        }
        driver.startCommit(by: ending, after: pending, asksForID: wantsID(driver))
        let outcome = await gate.settleCommit(on: driver, within: commitTime)
        gate.exit(self)
        try outcome.check(driver.failure)
    }

    /// How long the answer to COMMIT is waited for.
    ///
    /// Where the time of the transaction is over it is as long as for cleaning up: an outcome that is not known costs more
    /// than one that comes late.
    private var commitTime: Duration {
        let limit = options.commitTimeout?.asLimit ?? gate.times.commit
        return time.map { min(limit, max($0.left, gate.times.cleanUp(after: $0.limit))) } ?? limit
    }
}

/// How a transaction ended.
enum TransactionEnd<Result> {
    case committed(Result)
    /// It had no effect. The first error of a statement in it may be another one than what its body made of that.
    case rolledBack(any Error, after: PostgresError?)
    /// Its effects may be there, all of them, or none.
    case unknown(Result, PostgresError)

    /// What was returned.
    ///
    /// - Throws: why it was rolled back, or that its end is not known.
    func get() throws -> Result {
        switch self {
        case .committed(let result): return result
        case .rolledBack(let error, _): throw error
        case .unknown(_, let error): throw error
        }
    }
}
