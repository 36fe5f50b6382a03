import PostgresWire

/// A pipeline at work: says statements, reads their answers as far as it has to, and knows what became of each.
///
/// It has the connection from its beginning to its end, as one verb. Nothing is read in the background: what is sent while
/// the socket is full is sent by the same loop that reads, so neither side ever waits for the other to read.
final class PipelineRun {
    let gate: ConnectionGate
    let driver: ConnectionDriver
    /// The transaction that it is part of; nil for none.
    let scope: (any StatementScope)?
    let options: PipelineOptions
    let isolation: PipelineIsolation
    /// The time for all of it; nil where it has no limit.
    let time: TimeAllowed?
    /// Whether a transaction block is open around it.
    let isInBlock: Bool
    let budget: ReceivedBudget
    var queue = PipelineQueue<PipelinedRun>()
    var announced = AnnouncedStatements()
    /// The present group: the statements that the next Sync ends.
    var group = PipelineGroup()
    /// The statements that failed, of which their callers do not know yet.
    var failures: [PipelinedStatement] = []
    private(set) var statementCount = 0
    /// Whether it is over.
    var hasEnded = false
    /// Whether a call is inside the driver.
    private(set) var isAtWork = false
    /// The bytes of queries that are kept, so that they can be said again.
    var retainedBytes = 0
    /// The receive buffer that was pinned last.
    weak var latestPin: PinnedSlab?

    private init(
        _ gate: ConnectionGate, _ driver: ConnectionDriver, _ isolation: PipelineIsolation, _ options: PipelineOptions,
        in scope: (any StatementScope)?
    ) {
        self.gate = gate
        self.driver = driver
        self.scope = scope
        self.options = options
        self.isolation = isolation
        time = TimeAllowed.tightest(scope?.time, options.timeout.map(TimeAllowed.init))
        isInBlock = scope != nil || driver.session.transactionStatus != .idle
        budget = ReceivedBudget(bytesMax: options.receivedBytesMax)
    }

    /// Runs `body` with a pipeline on the connection, and brings the pipeline to its end.
    nonisolated(nonsending) static func run<Result, Failure: Error>(
        _ isolation: PipelineIsolation, _ options: PipelineOptions, on gate: ConnectionGate,
        in scope: (any StatementScope)? = nil,
        _ body: nonisolated(nonsending) (PipelineRun) async throws(Failure) -> Result
    ) async throws -> Result {
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        let driver = try await gate.begin(in: scope)
        let run = PipelineRun(gate, driver, isolation, options, in: scope)
        let result: Result
        do {
            result = try await body(run)
        } catch {
            await run.leave()
            guard let error = error as? PostgresError else { throw error }
            throw gate.stamped(error)
        }
        do throws(PostgresError) {
            try await run.finish()
        } catch {
            await run.leave()
            throw gate.stamped(error)
        }
        return result
    }

    /// Makes the record of a statement that is about to be said.
    func makeStatement(
        _ options: StreamOptions = StreamOptions(), keepsRows: Bool = false, rows: ManyRows? = nil
    ) -> PipelinedStatement {
        defer { statementCount += 1 }
        return PipelinedStatement(
            index: statementCount, options: options, keepsRows: keepsRows, rows: rows)
    }

    /// Throws where the pipeline takes no more calls.
    func checkOpen() throws(PostgresError) {
        guard !hasEnded else {
            throw PostgresError(
                .invalidState, "the pipeline has ended", hint: "Await results before its closure returns.")
        }
        if let failure = driver.failure { throw failure }
        guard !isAtWork else { throw Self.busy }
    }

    /// Has the driver for one call.
    ///
    /// - Throws: what `work` throws; `connectionBusy` where another call has it, as an actor may let two in.
    nonisolated(nonsending) func inside<Result>(
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        guard !isAtWork else { throw Self.busy }
        isAtWork = true
        defer { isAtWork = false }
        return try await work(driver)
    }

    private static var busy: PostgresError {
        PostgresError(.connectionBusy, "the pipeline is being used by another call")
    }

    // MARK: the end

    /// Says the last Sync and reads what is left; results that were not asked for are read past.
    private nonisolated(nonsending) func finish() async throws(PostgresError) {
        guard !hasEnded else { return }
        queue.forEach { $0.statement.discard() }
        try endGroup()
        try await read(to: .idle)
        end()
        for statement in failures where !statement.isErrorKnown { try statement.check() }
    }

    func end() {
        hasEnded = true
        gate.finish()
    }
}

/// The statements between two Syncs.
struct PipelineGroup {
    /// How many were said.
    var count = 0
    /// The number of the Sync that ends it, once there is a statement.
    var sync = 0
    /// Whether everything that was said will be answered without another word.
    var isFlushed = true
    /// Why it failed, as far as it did.
    var failure: PostgresError?
}
