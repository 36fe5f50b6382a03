import PostgresTransport
import PostgresWire

/// How far the answers of a pipeline are read.
enum PipelineGoal {
    /// The kernel has taken nearly all that was queued.
    case sent
    /// Not many statements are unanswered.
    case fewerUnanswered
    /// The columns of a statement's rows are known, or that there are none.
    case description(PipelinedStatement)
    /// There are rows of a statement, or no more will come.
    case rows(PipelinedStatement)
    /// A statement has ended; where it has a Sync of its own, also that is answered.
    case end(PipelinedStatement)
    /// Everything is answered.
    case idle
}

extension PipelineRun {
    /// Sends what is queued and reads until the goal is reached. What comes for others meanwhile is kept, or read past.
    ///
    /// - Throws: `memoryLimitExceeded` where more would have to be kept than may be; the pipeline can go on then. The
    ///   connection's failure, and everything is settled; `cancelled` or `queryTimedOut`, and the pipeline is to be left.
    nonisolated(nonsending) func read(to goal: PipelineGoal) async throws(PostgresError) {
        do throws(PostgresError) {
            while let (items, failure) = try await readUntil(goal) { try await sayAgain(items, after: failure) }
        } catch {
            if error.code == .queryTimedOut {
                driver.observation?.passed(scope?.time?.isOver ?? false ? .transaction : .query)
            }
            if driver.failure != nil { lose(error) }
            throw error
        }
    }

    /// Reads until the goal is reached.
    ///
    /// - Returns: what is to be said again before that, and the error that undid it; nil where the goal is reached.
    private nonisolated(nonsending) func readUntil(
        _ goal: PipelineGoal
    ) async throws(PostgresError) -> (items: [PipelinedRun], failure: PostgresError)? {
        try await inside { driver throws(PostgresError) in
            try await driver.within(until: time?.end) { _ throws(PostgresError) in
                while !isReached(goal) { if let undone = try await readOn(to: goal) { return undone } }
                return nil
            }
        }
    }

    private nonisolated(nonsending) func readOn(
        to goal: PipelineGoal
    ) async throws(PostgresError) -> (items: [PipelinedRun], failure: PostgresError)? {
        var unsentMax = -1
        if case .sent = goal { unsentMax = Self.unsentBytes } else { try demandAnswers() }
        // A statement runs when the one before it was answered, and has its time from then on.
        let limit = driver.times.query
        let end = try await driver.within(until: limit.map { .now + $0 }) { driver throws(PostgresError) in
            try await driver.answers(unsentMax: unsentMax) { event in
                let unansweredCount = queue.unansweredCount
                take(event)
                let isNext = limit != nil && queue.unansweredCount != unansweredCount
                return isNext || isReached(goal) || budget.isFull ? () : nil
            }
        }
        if case .ready(let failure) = end {
            if let failure, let items = takeBack() { return (items, failure) }
            settle(failure)
        }
        guard budget.isFull, !isReached(goal) else { return nil }
        throw PostgresError(
            .memoryLimitExceeded,
            "limit of \(options.receivedBytesMax) bytes: results of \(budget.bytes) bytes wait to be read",
            hint:
                "Await results in the order of their statements, drop those that are not wanted, or raise receivedBytesMax."
        )
    }

    private func isReached(_ goal: PipelineGoal) -> Bool {
        switch goal {
        case .sent: driver.session.outbound.count <= Self.unsentBytes || budget.isFull
        case .fewerUnanswered: queue.unansweredCount <= Self.unansweredMax / 2 || budget.isFull
        case .description(let statement): statement.isDescribed
        case .rows(let statement): statement.hasReceived || isOver(statement)
        case .end(let statement): isOver(statement)
        case .idle: driver.session.isIdle
        }
    }

    /// Whether nothing more comes for a statement that its caller waits for.
    private func isOver(_ statement: PipelinedStatement) -> Bool {
        statement.outcome != nil || isolation == .allOrNothing && statement.isAnswered
    }

    // MARK: what the server says

    func take(_ event: SessionEvent) {
        guard let item = queue.current else { return }
        let statement = item.statement
        switch event {
        case .parsed:
            if let name = announced.confirm(item.known) { driver.statements.close([name]) }
        case .parameterTypes(let types): statement.describe(parameterTypes: types)
        case .bound: if let layout = item.layout { statement.describe(layout) }
        case .columns(let columns):
            statement.describe(ColumnLayout(columns))
            if statement.parameterTypes != nil { completed(item, nil) }
        case .noColumns: if statement.parameterTypes != nil { completed(item, nil) }
        case .rows(let rows):
            noteProven()
            statement.take(rows, in: pin(driver.slab))
        case .completed(let tag):
            noteProven()
            completed(item, PostgresCommandTag(tag))
        case .ran(let answered): take(answered)
        case .emptyQuery: completed(item, nil)
        default: break
        }
    }

    private func noteProven() {
        if let running = driver.runner.running, !running.doubtfulColumns.isEmpty { driver.runner.noteProven() }
    }

    private func pin(_ slab: ReceiveSlab) -> PinnedSlab {
        if let latestPin, latestPin.slab === slab { return latestPin }
        let pin = PinnedSlab(slab, budget)
        latestPin = pin
        return pin
    }

    private func completed(_ item: PipelinedRun, _ tag: PostgresCommandTag?) {
        item.statement.end(tag)
        let sync = queue.currentSync
        queue.currentRan(item.mark(tag))
        // What belongs to the next Sync comes after the answer to this one, which may still be an error.
        if let next = queue.current, queue.currentSync == sync { driver.runner.begin(next.running) }
    }

    // MARK: what becomes of the statements

    /// A Sync was answered, and all that belongs to it is settled.
    func settle(_ failure: PostgresError?) {
        let sync = driver.session.syncsAnswered - 1
        let hasCulprit = queue.currentSync.map { $0 <= sync } ?? false
        queue.settle(sync: sync, hasFailed: failure != nil) { settled in
            let isOwnFailure = settled.part == .failed || !hasCulprit && settled.outcome == .undone
            note(settled, failure, isOwnFailure: isOwnFailure)
        }
        announced.settle(sync: sync)
        if let failure {
            scope?.note(failure)
            if group.count > 0, group.sync == sync { group.failure = failure }
        }
        if let next = queue.current { driver.runner.begin(next.running) }
    }

    /// The connection is lost.
    func lose(_ failure: PostgresError) {
        let isInBlock = isInBlock || driver.session.transactionStatus != .idle
        queue.lose(syncsSaid: driver.session.syncsSaid, isInBlock: isInBlock) { settled in
            note(settled, failure, isOwnFailure: false)
        }
        scope?.note(failure)
    }

    /// It is known what became of a statement.
    func note(
        _ settled: PipelineQueue<PipelinedRun>.Settled, _ failure: PostgresError?, isOwnFailure: Bool
    ) {
        let statement = settled.item.statement
        letGo(settled.item, count: settled.count)
        statement.query = nil
        statement.settle(settled.outcome, count: settled.count, failure, isOwnFailure: isOwnFailure)
        guard isOwnFailure, failure != nil, failures.count < Self.failuresMax else { return }
        if failures.last !== statement { failures.append(statement) }
    }

    /// So many failures are kept that were not asked for.
    private static var failuresMax: Int { 64 }
}
