import PostgresTransport
import PostgresWire

/// A COPY from the client at work: gathers data, sends it, and knows what became of it.
///
/// It has the connection from its beginning to its end, as one verb. What the server says meanwhile is read each time that
/// data is sent, so an error of the server ends the copy at once.
final class CopyInRun {
    private let gate: ConnectionGate
    private let driver: ConnectionDriver
    /// The transaction that it is part of; nil for none.
    private let scope: (any StatementScope)?
    private let statement: CopyStatement
    /// The time for all of it; nil where it has no limit.
    private let time: TimeAllowed?
    private let observed: QueryObservation?
    private let begun: Int64
    let bufferBytes: Int
    /// Data that was not sent yet.
    var buffer: [UInt8] = []
    /// The bytes of data that were sent.
    private(set) var sentBytes = 0
    private var progress = CopyInProgress()
    /// Whether a call is inside.
    private var isAtWork = false

    private init(
        _ statement: CopyStatement, _ options: PostgresCopyInput, on gate: ConnectionGate, _ driver: ConnectionDriver,
        _ observed: QueryObservation?, begun: Int64, in scope: (any StatementScope)?
    ) {
        self.statement = statement
        self.gate = gate
        self.driver = driver
        self.observed = observed
        self.begun = begun
        self.scope = scope
        bufferBytes = max(options.bufferBytes, 1)
        time = TimeAllowed.tightest(
            scope?.time, (options.timeout?.asLimit ?? driver.times.query).map(TimeAllowed.init))
    }

    /// Runs a COPY from the client: `body` sends its data, which takes effect when it has returned.
    ///
    /// - Throws: what `body` throws; then nothing of the COPY takes effect.
    nonisolated(nonsending) static func run<Failure: Error>(
        _ statement: CopyStatement, _ options: PostgresCopyInput, on gate: ConnectionGate,
        in scope: (any StatementScope)? = nil,
        _ body: nonisolated(nonsending) (CopyInRun) async throws(Failure) -> Void
    ) async throws -> PostgresCopyResult {
        let begun = MonotonicTime.now.nanoseconds
        let observed = gate.observation.map {
            QueryObservation($0, sql: statement.sql, name: options.name, QueryTraits(), asked: begun)
        }
        let run: CopyInRun
        do throws(PostgresError) {
            let driver = try await gate.begin(in: scope)
            run = CopyInRun(statement, options, on: gate, driver, observed, begun: begun, in: scope)
        } catch {
            observed?.ended(QueryEnd(error, total: MonotonicTime.now.nanoseconds - begun))
            throw error
        }
        do {
            guard try await run.begin() else { return run.finishWithoutData() }
            try await body(run)
            return try await run.finish()
        } catch {
            return try await run.leave(after: error)
        }
    }

    // MARK: the beginning

    /// Reads to where the server waits for data; false where the COPY has none from here and is over.
    private nonisolated(nonsending) func begin() async throws(PostgresError) -> Bool {
        let beginning = try await driver.within(until: time?.end) {
            [statement, scope, observed] driver throws(PostgresError) in
            try await statement.begin(on: driver, in: scope, for: observed)
        }
        switch beginning {
        case .input: observed?.described(nanoseconds: MonotonicTime.now.nanoseconds - begun)
        case .output: throw statement.wrongDirection
        case .ended(let tag):
            progress.end(withoutData: tag)
            return false
        }
        return true
    }

    // MARK: data

    /// Whether enough has gathered to be sent.
    var isToBeSent: Bool { buffer.count >= bufferBytes }

    /// Throws where no more data is taken.
    func checkOpen() throws(PostgresError) {
        if let failure = progress.failure ?? progress.damage { throw failure }
        if let failure = driver.failure { throw failure }
        guard !progress.hasEnded else {
            throw PostgresError(
                .invalidState, "the COPY has ended", hint: "Send all data before its closure returns.")
        }
        // Before anything is gathered: what another call is refused must not be among the data.
        guard !isAtWork else {
            throw PostgresError(.connectionBusy, "the COPY is sent data by another call")
        }
    }

    /// Throws where the server takes no more data: after an error, although waiting for its end was given up.
    private func checkTaken() throws(PostgresError) {
        try checkOpen()
        guard driver.session.takesCopyData else {
            throw driver.runner.failure ?? PostgresError(.invalidState, "the COPY has ended")
        }
    }

    /// Sends what has gathered, and reads what the server says.
    ///
    /// - Throws: the server's error, as soon as it is known.
    nonisolated(nonsending) func send() async throws(PostgresError) {
        guard !buffer.isEmpty else { return }
        try say(buffer)
        buffer.removeAll(keepingCapacity: buffer.capacity <= bufferBytes * 2)
        try await exchange()
    }

    /// Puts data into words; `exchange` has to follow.
    func say(_ data: [UInt8]) throws(PostgresError) {
        try checkTaken()
        do throws(FrontendMessageError) {
            for start in stride(from: 0, to: data.count, by: Self.messageBytesMax) {
                let end = min(start + Self.messageBytesMax, data.count)
                try driver.session.sendCopyData { message in message.raw(data.rawSpan.extracting(start..<end)) }
            }
        } catch {
            throw PostgresError(error)
        }
        sentBytes += data.count
    }

    /// What one call adds may be longer than a message of the protocol.
    private static let messageBytesMax = 16 << 20

    /// A row was begun that cannot be ended: nothing more is taken, and the COPY fails.
    func giveUp(_ error: PostgresError) { progress.damage = progress.damage ?? error }

    /// Sends messages of a COPY as they came from another server.
    nonisolated(nonsending) func send(messages chunk: PostgresCopyChunk) async throws(PostgresError) {
        try checkTaken()
        driver.session.sendCopyData(messages: chunk.slab.messageBytes(ofRows: chunk.messages))
        sentBytes += chunk.byteCount
        try await exchange()
    }

    /// Hands data to the kernel, down to a rest that may wait, and takes in what the server says meanwhile.
    nonisolated(nonsending) func exchange() async throws(PostgresError) {
        isAtWork = true
        defer { isAtWork = false }
        try await driver.within(until: time?.end) { driver throws(PostgresError) in
            driver.flush()
            // What came with an earlier read goes before the next one, which may find that the server is gone.
            var end = try driver.answersAtHand(self.note)
            if end == nil {
                _ = try driver.readOnce()
                end = try await self.answers(driver, unsentMax: Self.unsentBytes)
            }
            // After an error the server waits for no more data, only for the Sync that was said by then.
            if case .tooLong = end, !driver.session.takesCopyData { end = try await self.answers(driver) }
            if case .ready(let failure) = end { self.progress.end(failure, isEarly: true) }
        }
        if let failure = progress.failure { throw failure }
    }

    private nonisolated(nonsending) func answers(
        _ driver: ConnectionDriver, unsentMax: Int = -1
    ) async throws(PostgresError) -> AnswerEnd<Void> {
        try await driver.answers(unsentMax: unsentMax, note)
    }

    private func note(_ event: SessionEvent) throws(PostgresError) -> Void? {
        progress.note(event)
        return nil
    }

    /// So many bytes may be left over when the kernel has no room for them.
    private static let unsentBytes = 64 << 10

    // MARK: the end

    /// The server has run a COPY that needed nothing from here.
    private func finishWithoutData() -> PostgresCopyResult {
        gate.finish()
        return result()
    }

    /// Says that all data was sent, and waits for what the server makes of it.
    private nonisolated(nonsending) func finish() async throws(PostgresError) -> PostgresCopyResult {
        try await send()
        try checkTaken()
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        driver.session.sendCopyDone()
        progress.isDone = true
        try await driver.within(until: time?.end) { driver throws(PostgresError) in
            if case .ready(let failure) = try await self.answers(driver) { self.progress.end(failure) }
        }
        if let failure = progress.failure { throw failure }
        gate.finish()
        return result()
    }

    private func result() -> PostgresCopyResult {
        let result = PostgresCopyResult(rowCount: progress.tag?.rows ?? 0, sentBytes: sentBytes)
        observe(nil, rows: result.rowCount)
        return result
    }

    /// Brings the connection to where the next verb can begin, or closes it.
    ///
    /// - Returns: where all data was sent and the COPY took effect, although waiting for its answer was given up.
    /// - Throws: what the caller is told.
    private nonisolated(nonsending) func leave(after error: any Error) async throws -> PostgresCopyResult {
        let isInBlock = scope != nil || driver.isInBlock
        if isAtWork {
            gate.endUnderCall()
        } else if driver.failure == nil, !driver.session.isIdle {
            let handover = CopyInHandover(run: self)
            await gate.shield(.other { driver, time in await handover.run.leave(driver, within: time) })
        } else {
            gate.finish()
        }
        progress.hasEnded = true
        if progress.isDone, progress.isOver, progress.failure == nil { return result() }
        let told = outcome(after: error, isInBlock: isInBlock)
        if let told = told as? PostgresError {
            scope?.note(told)
            if told.code == .queryTimedOut, time?.isOver ?? false {
                driver.observation?.passed(scope?.time?.isOver ?? false ? .transaction : .query)
            }
        }
        observe(told)
        throw told
    }

    /// What the caller is told of a COPY that failed: where the server was told that all data was sent, and its answer was
    /// lost, the data may be there; before that it cannot be.
    private func outcome(after error: any Error, isInBlock: Bool) -> any Error {
        guard let error = error as? PostgresError else { return error }
        guard !isInBlock, let failure = driver.failure else { return gate.stamped(error) }
        if progress.isDone, !progress.isOver { return PostgresError(commitLostBy: failure, nil) }
        return error.isLossOrTimeOut
            ? PostgresError(beforeCommit: error, isConnectionUsable: false) : gate.stamped(error)
    }

    /// Does so on the loop.
    fileprivate nonisolated(nonsending) func leave(_ driver: ConnectionDriver, within time: Duration) async {
        let left = await driver.leaveQuery(within: time) { event in self.progress.note(event) }
        if let left { progress.end(left.failure) }
    }

    private func observe(_ error: (any Error)?, rows: Int = 0) {
        guard let observed else { return }
        var end = QueryEnd(isComplete: error == nil, error as? PostgresError, isDecoding: false)
        end.rows = rows
        end.total = MonotonicTime.now.nanoseconds - begun
        observed.ended(end)
    }
}

/// How far a COPY from the client has come.
struct CopyInProgress {
    /// Whether CopyDone was sent.
    var isDone = false
    /// Whether no more data is taken.
    var hasEnded = false
    /// Why nothing more can be sent after what was: a row was begun and not ended.
    var damage: PostgresError?
    /// Whether the server has said what became of it.
    private(set) var isOver = false
    /// Why it failed.
    private(set) var failure: PostgresError?
    private(set) var tag: PostgresCommandTag?

    mutating func note(_ event: SessionEvent) {
        // In the simple protocol other statements may follow the COPY.
        if case .completed(let completed) = event, tag == nil { tag = PostgresCommandTag(completed) }
    }

    /// The server has run it without data from here.
    mutating func end(withoutData completed: CommandTag?) {
        tag = completed.map(PostgresCommandTag.init)
        end(nil)
    }

    /// The server is ready; the error is the first that it reported.
    ///
    /// - Parameter isEarly: whether more data was to come.
    mutating func end(_ error: PostgresError?, isEarly: Bool = false) {
        isOver = true
        hasEnded = true
        failure = error
        if error == nil, isEarly {
            failure = PostgresError(.protocolViolation, "the server ended the COPY before all data was sent")
        }
    }
}

/// A COPY on its way to the loop and back.
///
/// The claim made by `@unchecked`: its owner waits in `leave` until the loop has done with it.
private struct CopyInHandover: @unchecked Sendable {
    let run: CopyInRun
}
