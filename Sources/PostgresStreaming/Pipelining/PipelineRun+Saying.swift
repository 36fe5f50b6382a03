import PostgresTransport
import PostgresWire

extension PipelineRun {
    /// Whether what is queued has a Sync yet to come.
    var isUnsynced: Bool { isolation == .allOrNothing && group.count > 0 && driver.session.syncsSaid == group.sync }

    /// Whether a statement of the present group failed, so that none is run any more before the next group.
    var isAborted: Bool { isolation == .allOrNothing && group.count > 0 && driver.session.syncsSaid > group.sync }

    /// Queues a query.
    nonisolated(nonsending) func add(
        _ query: PostgresQuery, _ statement: PipelinedStatement
    ) async throws(PostgresError) {
        try checkOpen()
        if let failure = query.failure { throw failure }
        let known = driver.statements.use(query)
        try Self.check(known)
        guard !skip(statement) else { return }
        if isReady(known) {
            try say(known, query.parameters, of: query, for: statement)
        } else {
            let (typed, parameters) = try await typed(known, query)
            guard !skip(statement) else { return }
            try say(typed, parameters, of: query, for: statement)
        }
        if isToBeSent { try await send() }
    }

    /// Refuses what cannot be part of a pipeline.
    static func check(_ known: KnownStatement) throws(PostgresError) {
        switch known.firstWord {
        case "copy":
            throw PostgresError(
                .unsupported, "cannot run COPY in a pipeline",
                hint: "A server that waits for data takes what follows for a part of it.")
        case "listen", "unlisten":
            throw PostgresError(
                .unsupported, "cannot run \(known.firstWord.uppercased()) in a pipeline",
                hint: "It takes effect with the commit, which in a pipeline may be undone after it was answered.")
        default: break
        }
    }

    /// Notes that a statement is not run because one before it has failed; false where that is not so.
    func skip(_ statement: PipelinedStatement) -> Bool {
        guard isAborted else { return false }
        let failure = group.failure ?? driver.runner.failure ?? PostgresError(.pipelineAborted, "an earlier one failed")
        statement.settle(.notRun, failure, isOwnFailure: false)
        return true
    }

    /// Says a statement, after what the transaction around it has to say yet.
    ///
    /// - Parameter query: what it was made of, where it may be said again.
    func say(
        _ known: KnownStatement, _ parameters: BoundParameters, of query: PostgresQuery? = nil,
        for statement: PipelinedStatement
    ) throws(PostgresError) {
        let commands = scope?.pending ?? []
        if !commands.isEmpty { announced.overwriteUnnamed() }
        driver.runner.checkGeneration(of: known)
        let sync = driver.session.syncsSaid
        let need = announced.need(of: known, sync: sync, isSkippedWithSync: isolation == .allOrNothing)
        let isAlone =
            commands.isEmpty && need == .nothing && driver.statements.hasNothingToForget
            && driver.runner.portalsToClose.isEmpty
        if isAlone, known.expectedResult != .unknown {
            try sayRun(of: known, parameters)
        } else {
            try sayFlight(for: known, parameters, after: commands, need)
        }
        if statement.rows == nil { observe(statement, known) }
        if need != .nothing { announced.announce(known, sync: sync) }
        if !commands.isEmpty { scope?.noteSent() }
        statement.query = query.flatMap(retained)
        note(
            PipelinedRun(
                statement: statement, known: known, layout: known.knownLayout, leadingCount: commands.count), sync)
    }

    /// Says a statement that the server has or is about to have, and nothing else.
    private func sayRun(of known: KnownStatement, _ parameters: BoundParameters) throws(PostgresError) {
        do throws(FrontendMessageError) {
            try driver.session.start(
                runOf: known.name, parameters, resultFormats: known.resultFormats, result: known.expectedResult,
                andSync: isolation == .perStatement)
        } catch {
            throw PostgresError(error)
        }
    }

    private func sayFlight(
        for known: KnownStatement, _ parameters: BoundParameters, after commands: [String],
        _ need: AnnouncedStatements.Need
    ) throws(PostgresError) {
        let forgotten = driver.statements.takeForgottenNames()
        var flight = driver.runner.flight(closing: forgotten, after: commands)
        if need == .closeAndParse { flight.close(statement: known.name) }
        driver.runner.add(known, parameters, to: &flight, isAnnounced: need == .nothing)
        do throws(FrontendMessageError) {
            try driver.session.start(flight, andSync: isolation == .perStatement)
        } catch {
            driver.statements.close(forgotten)
            throw PostgresError(error)
        }
    }

    /// Records what becomes of a statement from now on, as of a query by itself.
    func observe(_ statement: PipelinedStatement, _ known: KnownStatement) {
        guard let observation = gate.observation else { return }
        statement.observe {
            let options = gate.completed(statement.options)
            return QueryObservation(
                observation, sql: known.key.sql, name: options.name, options.traits,
                asked: MonotonicTime.now.nanoseconds)
        }
    }

    /// Takes note of a statement that was said.
    func note(_ item: PipelinedRun, _ sync: Int, count: Int = 1) {
        let hasOwnSyncs = isolation == .perStatement
        if queue.unansweredCount == 0 { driver.runner.begin(item.running) }
        queue.append(
            item, count: count, sync: sync, hasOwnSyncs: hasOwnSyncs, mayEndTransaction: item.known.mayEndTransaction)
        group.count += count
        group.sync = hasOwnSyncs ? sync + count - 1 : sync
        group.isFlushed = hasOwnSyncs
    }

    /// Says the Sync that ends the present group, where it has none yet. What is queued next begins a new group.
    func endGroup() throws(PostgresError) {
        if isUnsynced {
            do throws(FrontendMessageError) { try driver.session.sync() } catch { throw PostgresError(error) }
        }
        group = PipelineGroup()
    }

    /// Has the server answer what it has run by now, where no Sync does.
    func demandAnswers() throws(PostgresError) {
        guard isUnsynced, !group.isFlushed else { return }
        var flight = ExtendedFlight()
        flight.flush()
        do throws(FrontendMessageError) {
            try driver.session.start(flight, andSync: false)
        } catch {
            throw PostgresError(error)
        }
        group.isFlushed = true
    }

    // MARK: sending

    /// Whether enough is queued to be handed to the kernel.
    var isToBeSent: Bool {
        driver.session.outbound.count >= Self.flushBytes || queue.unansweredCount >= Self.unansweredMax
    }

    /// So many bytes are handed to the kernel in one go.
    static var flushBytes: Int { 32 << 10 }
    /// So many bytes may be left over, when the kernel has no room for them.
    static var unsentBytes: Int { 256 << 10 }
    /// So many statements may be unanswered. Each has up to five answers, of which the session keeps 65,536.
    static var unansweredMax: Int { 8_192 }

    /// Hands what is queued to the kernel, and reads answers while that has no room.
    nonisolated(nonsending) func send() async throws(PostgresError) {
        driver.flush()
        let hasManyUnanswered = queue.unansweredCount >= Self.unansweredMax
        guard driver.session.outbound.count > Self.unsentBytes || hasManyUnanswered else { return }
        try await read(to: hasManyUnanswered ? .fewerUnanswered : .sent)
        guard budget.isFull else { return }
        let unsent = driver.session.outbound.count
        guard unsent <= options.unsentBytesMax, queue.unansweredCount < Self.unansweredMax else {
            throw PostgresError(
                .memoryLimitExceeded,
                "limit of \(options.unsentBytesMax) unsent bytes: \(unsent) wait, and results of \(budget.bytes) are held",
                hint: "Read results before more is queued, or raise receivedBytesMax or unsentBytesMax.")
        }
    }
}
