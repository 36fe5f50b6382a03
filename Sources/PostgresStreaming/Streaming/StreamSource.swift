import PostgresTransport
import PostgresWire

/// A running query as its stream sees it: fetches chunks and knows how it ended.
///
/// The stream and its views share it. It goes away with the last of them, and then, like a `StreamPass`, leaves a
/// query that is not at its end.
@usableFromInline
final class StreamSource {
    private enum State {
        case running
        case ended
    }

    private let lease: ConnectionGate
    /// The stream's number on its connection.
    private let number: Int
    /// The results that this one is one of; nil where there is no other.
    private let results: ResultsSource?
    @usableFromInline let layout: ColumnLayout
    /// What steers the reading; nil for a query that was over at once.
    private let regulator: StreamRegulator?
    let control: StreamControl
    /// Rows that are here and were not handed out, and what they lie in.
    private var pending: Range<Int> = 0..<0
    private var pendingSlab: ReceiveSlab?
    /// Whether the statement says by its words that it writes.
    private let isWriting: Bool
    /// What the server said behind the columns before the stream was made.
    private var first: SessionEvent?
    /// The number of the row at the front of `pending` in its result, from 1.
    private var nextRowNumber = 1
    private var state = State.running
    private var isIterated = false
    /// Whether the next of several results was asked for while this one was not at its end.
    private var isBehindNextResult = false
    /// Whether somebody is fetching. The compiler lets one iterator be copied, and two copies be used at once.
    private var isFetching = false
    /// The query is to be left as soon as the fetch that is under way returns.
    private var isToBeLeft = false
    /// What the last command said; nil before the end.
    private(set) var commandTag: PostgresCommandTag?
    /// The first error of the query, kept until the server is ready again.
    private var error: PostgresError?
    /// What the consumer was told, and whether it was of a row's value.
    private var failure: (error: PostgresError, isDecoding: Bool)?

    /// Creates the source of a query whose rows follow.
    init(
        lease: ConnectionGate, number: Int, layout: ColumnLayout, regulator: StreamRegulator,
        first: SessionEvent? = nil,
        isWriting: Bool = false, oneOf results: ResultsSource? = nil
    ) {
        self.isWriting = isWriting
        self.lease = lease
        self.number = number
        self.results = results
        self.first = first
        self.layout = layout
        self.regulator = regulator
        control = regulator.control
    }

    /// Creates the source of a query that returned no rows and is over.
    init(ended lease: ConnectionGate, regulator: StreamRegulator, commandTag: PostgresCommandTag?) {
        self.lease = lease
        isWriting = false
        number = 0
        results = nil
        self.regulator = nil
        control = regulator.control
        regulator.end(.completed)
        layout = ColumnLayout([])
        state = .ended
        self.commandTag = commandTag
    }

    deinit { stop() }

    /// Begins the only pass over the rows.
    ///
    /// - Parameter type: what the rows are decoded into; nil where their consumer does that himself.
    func begin(decoding type: Any.Type? = nil) -> StreamPass {
        defer { isIterated = true }
        let decoding = type.flatMap { type in control.observation?.decoding(into: type) }
        return StreamPass(self, isFirst: !isIterated, decoding: decoding)
    }

    /// Leaves the query if it is not at its end. The connection cleans up by itself.
    func stop() {
        guard case .running = state else { return }
        guard !isFetching else {
            // The one who fetches is inside the driver; nobody else may touch it now.
            isToBeLeft = true
            return
        }
        let isCutOff = isCutOff
        end(.cancelled)
        // Of several results the rest is read by whoever asks for the next one.
        if !isCutOff, results == nil { lease.leave(after: regulator?.tightestLimit) }
    }

    /// Whether what the stream belonged to is over, and the connection is nobody's business here any more.
    private var isCutOff: Bool { number > 0 && lease.hasCutOff(stream: number) }

    /// The results go on to the next one; whoever still reads this one is told.
    func endBeforeNextResult() {
        guard case .running = state else { return }
        end(.cancelled)
        isBehindNextResult = true
    }

    private func end(_ outcome: StreamState) {
        state = .ended
        pending = 0..<0
        pendingSlab = nil
        regulator?.end(outcome, failure?.error, isDecoding: failure?.isDecoding ?? false)
        if !isCutOff, let driver = try? lease.held(), driver.regulator === regulator { driver.regulator = nil }
    }

    /// A row did not hold together: nothing the server sends can be trusted any more.
    func fail(_ error: PostgresError) {
        guard case .running = state else { return }
        failure = (error, true)
        if error.code == .protocolViolation, !isFetching, !isCutOff { try? lease.held().fail(error) }
        stop()
    }

    /// Fetches the rows of the next read; nil at the end of the result.
    ///
    /// The end is CommandComplete and ReadyForQuery, or an error: nothing else looks like success.
    nonisolated(nonsending) func nextChunk() async throws(PostgresError) -> RowChunk? {
        guard !isBehindNextResult else {
            throw PostgresError(
                .invalidState, "the next result was asked for, and this one was left",
                hint: "Read each result to its end before the next one.")
        }
        guard case .running = state else { return nil }
        guard !isFetching else {
            throw PostgresError(
                .connectionBusy, "the stream is being read by another call",
                hint: "Await that call first; a copy of an iterator reads the same stream.")
        }
        // Before the lease is told: another stream of it may be at work.
        try lease.check(stream: number)
        isFetching = true
        lease.isFetching = true
        regulator?.chunkRequested()
        do throws(PostgresError) {
            defer { endFetching() }
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            let hasToWait = pending.isEmpty
            if hasToWait, try await !fetch() { return nil }
            return try takeChunk(hasWaited: hasToWait)
        } catch {
            control.end(error.code == .cancelled ? .cancelled : .failed)
            failure = failure ?? (error, false)
            if !isCutOff { lease.transaction?.note(error) }
            stop()
            results?.fail(error)
            throw isCutOff ? error : await lease.settled(error)
        }
    }

    /// Has rows in hand; false at the end of the result.
    private nonisolated(nonsending) func fetch() async throws(PostgresError) -> Bool {
        // The driver uses the buffer again only if nobody else holds it.
        pendingSlab = nil
        let driver = try lease.held()
        while true {
            let event: SessionEvent
            if let first {
                event = first
                self.first = nil
            } else {
                event = try await driver.advance()
            }
            switch event {
            case .rows(let rows):
                // Behind an error come only rows of another result, which this stream must not pass off as its own.
                guard error == nil else { continue }
                pending = rows
                pendingSlab = driver.slab
                return true
            case .ready:
                try finish()
                return false
            case .completed(let tag) where results != nil && error == nil:
                commandTag = PostgresCommandTag(tag)
                end(.completed)
                results?.hasOpenStream = false
                return false
            case let event:
                note(event, driver)
            }
        }
    }

    /// Reads the rest of a result of which nothing more is wanted, as far as that is less than leaving it costs.
    ///
    /// - Throws: what the statement fails with; then its first row was not the truth.
    nonisolated(nonsending) func dropRest() async throws(PostgresError) {
        guard case .running = state, results == nil, !isFetching, !isCutOff else { return }
        let driver = try lease.held()
        (pending, pendingSlab) = (0..<0, nil)
        (isFetching, lease.isFetching) = (true, true)
        do throws(PostgresError) {
            // Last of all: the connection may be another call's from then on.
            if try await drop(driver) { try finish() }
        } catch {
            guard case .running = state else { throw error }
            control.end(error.code == .cancelled ? .cancelled : .failed)
            failure = failure ?? (error, false)
            if !isCutOff { lease.transaction?.note(error) }
            stop()
            throw isCutOff ? error : await lease.settled(error)
        }
    }

    /// Drops rows up to the end; false where that would cost too much.
    private nonisolated(nonsending) func drop(_ driver: ConnectionDriver) async throws(PostgresError) -> Bool {
        // Neither a pause nor a memory limit is about rows that nobody wants; the query's own time is.
        let end = regulator?.deadline
        driver.regulator = nil
        driver.channel.droppedRowBytesMax = .max
        defer {
            driver.channel.droppedRowBytesMax = nil
            driver.regulator = regulator
            endFetching()
        }
        if isWriting { return try await dropEverything(driver) }
        let isInBlock = driver.isInBlock
        let bytesEnd = driver.channel.receivedBytes + (isInBlock ? .max / 2 : Self.droppedBytesMax)
        let time = TimeAllowed(isInBlock ? lease.times.cleanUp : Self.droppingTime)
        do throws(PostgresError) {
            return try await driver.within(until: end) { driver throws(PostgresError) in
                try await driver.within(until: time.end) { driver throws(PostgresError) in
                    while driver.channel.receivedBytes < bytesEnd, !time.isOver {
                        if try await isOver(driver) { return true }
                    }
                    return false
                }
            }
        } catch {
            // Where only this wait is over the rest is left.
            let isPatient = end.map { ContinuousClock.now < $0 } ?? true
            guard error.code == .queryTimedOut, driver.failure == nil, time.isOver, isPatient else { throw error }
            return false
        }
    }

    private static let droppedBytesMax = 256 << 10
    private static let droppingTime = Duration.milliseconds(1)

    private nonisolated(nonsending) func dropEverything(_ driver: ConnectionDriver) async throws(PostgresError) -> Bool
    {
        var isAtEnd = false
        while !isAtEnd {
            // How long the server was silent counts from each event; the time for the query goes on.
            regulator?.noteHeard()
            isAtEnd = try await driver.within(until: regulator?.deadline) { driver throws(PostgresError) in
                try await isOver(driver)
            }
        }
        return true
    }

    /// Takes one event of the rest; true for the last.
    private nonisolated(nonsending) func isOver(_ driver: ConnectionDriver) async throws(PostgresError) -> Bool {
        var event = first
        first = nil
        if event == nil { event = try await driver.advance() }
        switch event {
        case .ready: return true
        case .rows, nil: break
        case let event?: note(event, driver)
        }
        return false
    }

    /// Hands out as many of the rows in hand as a chunk may have.
    private func takeChunk(hasWaited: Bool) throws(PostgresError) -> RowChunk? {
        guard let slab = pendingSlab, let regulator else { return nil }
        let limit = min(regulator.controller.rowLimit, pending.count)
        let rows = slab.prefix(of: pending.prefix(limit), bytesMax: regulator.options.chunkBytesMax)
        if regulator.options.valueBytesMax != nil { try regulator.check(valueBytes: slab.longestValue(inRows: rows)) }
        pending = rows.upperBound..<pending.upperBound
        if pending.isEmpty { pendingSlab = nil }
        regulator.chunkDelivered(
            rows: rows.count, bytes: slab.byteCount(ofRows: rows), rowsLeft: pending.count, hasWaited: hasWaited)
        defer { nextRowNumber += rows.count }
        return RowChunk(slab: slab, layout: layout, rows: rows, firstRowNumber: nextRowNumber)
    }

    private func endFetching() {
        isFetching = false
        lease.isFetching = false
        if isToBeLeft { stop() }
    }

    private func finish() throws(PostgresError) {
        failure = error.map { ($0, false) }
        end(error == nil ? .completed : .failed)
        results?.hasEnded = true
        lease.finish()
        if let error {
            lease.transaction?.note(error)
            throw error
        }
    }

    private func note(_ event: SessionEvent, _ driver: ConnectionDriver) {
        switch event {
        case .completed(let tag): commandTag = PostgresCommandTag(tag)
        case .failed(let fields, _): keep(driver.runner.error(fields))
        case .copyRefused: keep(.copyRefused)
        case .columns where regulator?.options.ignoresRows != true: keep(.severalResults)
        default: break
        }
    }

    private func keep(_ error: PostgresError) {
        if self.error == nil { self.error = error }
    }
}

extension PostgresError {
    static var severalResults: PostgresError {
        PostgresError(
            .unsupported, "the query returned more than one set of rows",
            hint: "Run the statements one by one; those that were run have taken effect.")
    }
}
