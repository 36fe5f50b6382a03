import PostgresTransport
import PostgresWire

/// A running query as its stream sees it: fetches its bytes and hands them out in chunks.
///
/// Where the stream stands, and what may be done with it, its state machine says (`StreamControl`). The stream and its
/// views share the source. It goes away with the last of them, and then, like a `StreamPass`, leaves a query that is not at
/// its end.
@usableFromInline
final class StreamSource {
    let gate: ConnectionGate
    /// The stream's number on its connection.
    private let number: Int
    /// The results that this one is one of; nil where there is no other.
    let results: ResultsSource?
    /// What brings the rows; nil where they are read from the connection.
    let feed: (any StreamFeed)?
    /// What takes the parts of rows that come in pieces; nil where rows come whole.
    let pieces: RowPieces?
    /// What the messages of a copy hold; nil where the rows are those of a query.
    private let copy: CopyContent?
    @usableFromInline let layout: ColumnLayout
    /// What steers the reading.
    let regulator: StreamRegulator
    var control: StreamControl { regulator.control }
    /// Rows that are here and were not handed out, and what they lie in.
    private var pending: Range<Int> = 0..<0
    private var pendingSlab: ReceiveSlab?
    /// Whether the statement says by its words that it writes.
    let isWriting: Bool
    /// What the server said behind the columns before the stream was made.
    var first: SessionEvent?
    /// The number of the row at the front of `pending` in its result, from 1.
    private var nextRowNumber = 1
    private var isIterated = false
    /// What was found wrong without waiting, until it is thrown.
    private var failureAtHand: PostgresError?
    /// What the last command said; nil before the end.
    private(set) var commandTag: PostgresCommandTag?

    /// Creates the source of a query whose rows follow.
    init(
        gate: ConnectionGate, number: Int, layout: ColumnLayout, regulator: StreamRegulator,
        first: SessionEvent? = nil, isWriting: Bool = false, oneOf results: ResultsSource? = nil,
        copying copy: CopyContent? = nil, pieces: RowPieces? = nil
    ) {
        self.copy = copy
        self.pieces = pieces
        self.isWriting = isWriting
        self.gate = gate
        self.number = number
        self.results = results
        feed = nil
        self.first = first
        self.layout = layout
        self.regulator = regulator
    }

    /// Creates the source of a query that returned no rows and is over.
    init(ended gate: ConnectionGate, regulator: StreamRegulator, commandTag: PostgresCommandTag?) {
        self.gate = gate
        isWriting = false
        number = 0
        results = nil
        feed = nil
        copy = nil
        pieces = nil
        self.regulator = regulator
        regulator.end(.completed)
        layout = ColumnLayout([])
        self.commandTag = commandTag
    }

    /// Creates the source of rows that something else brings.
    init(fedBy feed: any StreamFeed, gate: ConnectionGate, layout: ColumnLayout, regulator: StreamRegulator) {
        self.feed = feed
        copy = nil
        pieces = nil
        self.gate = gate
        self.layout = layout
        self.regulator = regulator
        isWriting = false
        number = 0
        results = nil
    }

    deinit { stop() }

    /// Begins the only pass over the rows.
    ///
    /// - Parameter type: what the rows are decoded into; nil where their consumer does that itself.
    func begin(decoding type: Any.Type? = nil) -> StreamPass {
        defer { isIterated = true }
        let decoding = type.flatMap { type in control.observation?.decoding(into: type) }
        return StreamPass(self, isFirst: !isIterated, decoding: decoding)
    }

    /// Leaves the query if it is not at its end; where a fetch is in progress, when that returns. The connection cleans up
    /// by itself.
    func stop() {
        if !control.hasEnded { leave(.cancelled) }
    }

    private func leave(_ outcome: StreamState, _ failure: StreamFailure? = nil) {
        if regulator.leave(outcome, failure) { leaveQuery() }
    }

    private func leaveQuery() {
        letGo()
        if let feed { return feed.left() }
        // Of several results the rest is read when the next one is asked for.
        if !isCutOff, results == nil { gate.leave(after: regulator.tightestLimit) }
    }

    /// Whether what the stream belonged to is over, and the connection with it as far as this stream goes.
    var isCutOff: Bool { number > 0 && gate.hasCutOff(stream: number) }

    /// The results go on to the next one; a consumer that still reads this one is told.
    func endBeforeNextResult() {
        if control.overtaken() { letGo() }
    }

    func dropRowsInHand() { (pending, pendingSlab) = (0..<0, nil) }

    /// Drops the rows in hand, and has nothing more to demand of reads.
    private func letGo() {
        dropRowsInHand()
        if !isCutOff, let driver = try? gate.held(), driver.regulator === regulator { driver.regulate(by: nil) }
    }

    /// A row did not hold together: nothing the server sends can be trusted any more.
    func fail(_ error: PostgresError) {
        if error.code == .protocolViolation, control.isAwaitingConsumer, !isCutOff { try? gate.held().fail(error) }
        leave(.cancelled, StreamFailure(error, isDecoding: true))
    }

    /// The next chunk as far as the bytes at hand go; most answers are short, and all here with their first read.
    @frozen
    @usableFromInline
    enum ChunkAtHand {
        case chunk(RowChunk)
        case endOfResult
        /// It has to be fetched, or there is an error to be thrown: `fetchChunk` has to follow.
        case toBeFetched
    }

    /// Begins to fetch the next chunk, and hands it out where nothing has to be read or waited for.
    func chunkAtHand() throws(PostgresError) -> ChunkAtHand {
        guard try beginFetching() else { return .endOfResult }
        do throws(PostgresError) {
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            let hasToLook = pending.isEmpty
            if hasToLook {
                guard let hasRows = try fetchAtHand() else { return .toBeFetched }
                guard hasRows else {
                    endFetching()
                    return .endOfResult
                }
            }
            return try takeChunk(hasWaited: hasToLook).map(ChunkAtHand.chunk) ?? .endOfResult
        } catch {
            failureAtHand = error
            return .toBeFetched
        }
    }

    /// Fetches the rows of the next read, after `chunkAtHand` had none; nil at the end of the result.
    ///
    /// The end is CommandComplete and ReadyForQuery, or an error: nothing else looks like success.
    nonisolated(nonsending) func fetchChunk() async throws(PostgresError) -> RowChunk? {
        do throws(PostgresError) {
            if let failure = failureAtHand.take() { throw failure }
            guard try await fetch() else {
                endFetching()
                return nil
            }
            return try takeChunk(hasWaited: true)
        } catch {
            endFetching()
            // A portal waits for its turn on the connection.
            if error.code == .connectionBusy, feed != nil { throw error }
            leave(after: error)
            results?.fail(error)
            throw isCutOff ? error : await gate.settled(error)
        }
    }

    /// Asks whether there is something to fetch; false at the end of the result.
    private func beginFetching() throws(PostgresError) -> Bool {
        switch regulator.request(isCutOff: isCutOff) {
        case .fetch: gate.beginFetching()
        case .atEnd: return false
        case .overtaken:
            throw PostgresError(
                .invalidState, "the next result was asked for, and this one was left",
                hint: "Read each result to its end before the next one.")
        // The compiler lets one iterator be copied, and two copies be used at once.
        case .busy:
            throw PostgresError(
                .connectionBusy, "the stream is being read by another call",
                hint: "Await that call first; a copy of an iterator reads the same stream.")
        case .cutOff: try gate.check(stream: number)
        }
        return true
    }

    /// A fetch returned without rows.
    func endFetching() {
        gate.endFetching()
        if control.fetchReturned() { leaveQuery() }
    }

    func leave(after error: PostgresError) {
        if !isCutOff { gate.transaction?.note(error) }
        leave(error.code == .cancelled ? .cancelled : .failed, StreamFailure(error))
    }

    /// How a fetch came to an end before the server was ready.
    private enum FetchEnd { case rows, result }

    /// Has rows in hand as far as the bytes at hand go; false at the end of the result, nil where more has to be read.
    private func fetchAtHand() throws(PostgresError) -> Bool? {
        // The driver uses the buffer again only if nothing else holds it.
        pendingSlab = nil
        guard feed == nil else { return nil }
        let driver = try gate.held()
        if let first = first.take(), let end = try take(first, from: driver) { return try settle(.taken(end)) }
        return try driver.answersAtHand { event throws(PostgresError) in try take(event, from: driver) }.map(settle)
    }

    /// Has rows in hand; false at the end of the result. Inlined, because a call of its own costs 250 instructions per read.
    @inline(__always)
    private nonisolated(nonsending) func fetch() async throws(PostgresError) -> Bool {
        if let feed { return try await fetch(from: feed) }
        let driver = try gate.held()
        return try settle(
            try await driver.answers { event throws(PostgresError) in try take(event, from: driver) })
    }

    /// What the end of a fetch means: whether there are rows in hand.
    private func settle(_ end: AnswerEnd<FetchEnd>) throws(PostgresError) -> Bool {
        switch end {
        case .taken(.rows): return true
        case .taken(.result):
            if regulator.end(.completed) { letGo() }
            results?.hasOpenStream = false
        case .ready(let failure): try finish(failure)
        case .tooLong: break
        }
        return false
    }

    private nonisolated(nonsending) func fetch(from feed: any StreamFeed) async throws(PostgresError) -> Bool {
        if let received = try await feed.nextRows(regulator) {
            (pending, pendingSlab) = (received.rows, received.slab)
            return true
        }
        commandTag = feed.commandTag
        if regulator.end(.completed) { letGo() }
        return false
    }

    private func take(_ event: SessionEvent, from driver: ConnectionDriver) throws(PostgresError) -> FetchEnd? {
        switch event {
        case .rows(var rows):
            if let copy { rows = try copy.rows(of: rows, from: driver) }
            guard !rows.isEmpty else { return nil }
            (pending, pendingSlab) = (rows, driver.slab)
            return .rows
        case .part(let part):
            pieces?.part = part
            pendingSlab = driver.slab
            return .rows
        case .completed where results != nil:
            note(event, driver)
            return .result
        case .copyDone:
            try copy?.end(on: driver)
            return nil
        default:
            note(event, driver)
            return nil
        }
    }

    /// Hands out as many of the rows in hand as a chunk may have.
    private func takeChunk(hasWaited: Bool) throws(PostgresError) -> RowChunk? {
        guard let slab = pendingSlab else {
            endFetching()
            return nil
        }
        if let part = pieces?.part.take() {
            pendingSlab = nil
            return try handOut(part, of: slab, hasWaited: hasWaited)
        }
        let limit = min(regulator.controller.rowLimit, pending.count)
        let rows = slab.prefix(of: pending.prefix(limit), bytesMax: regulator.options.chunkBytesMax)
        if regulator.options.valueBytesMax != nil {
            let isData = copy.map { $0.isData } ?? false
            try regulator.check(
                valueBytes: isData ? slab.longestCopyData(inRows: rows) : slab.longestValue(inRows: rows))
        }
        pending = rows.upperBound..<pending.upperBound
        if pending.isEmpty { pendingSlab = nil }
        let delivery = regulator.deliver(
            rows: rows.count, bytes: slab.byteCount(ofRows: rows), rowsLeft: pending.count, hasWaited: hasWaited)
        delivery?.isLeft == false ? gate.endFetching() : endFetching()
        guard delivery != nil else { return nil }
        defer { nextRowNumber += rows.count }
        return RowChunk(slab: slab, layout: layout, rows: rows, firstRowNumber: nextRowNumber)
    }

    /// Hands out a part of a row: a chunk without rows, but with the buffer that the part lies in.
    private func handOut(_ part: RowPart, of slab: ReceiveSlab, hasWaited: Bool) throws(PostgresError) -> RowChunk? {
        if regulator.options.valueBytesMax != nil, let cells = part.cells {
            try regulator.check(valueBytes: slab.longestValue(in: cells))
        }
        let delivery = regulator.deliver(
            rows: part.isTail ? 1 : 0, bytes: part.byteCount, rowsLeft: 0, hasWaited: hasWaited)
        delivery?.isLeft == false ? gate.endFetching() : endFetching()
        guard delivery != nil else { return nil }
        pieces?.handedOut = part
        return RowChunk(slab: slab, layout: layout, rows: 0..<0, firstRowNumber: 0)
    }

    /// The server is ready; the error is the first that it reported.
    func finish(_ error: PostgresError?) throws(PostgresError) {
        if regulator.end(error == nil ? .completed : .failed, error) {
            letGo()
            results?.hasEnded = true
            gate.finish()
        }
        guard let error else { return }
        gate.transaction?.note(error)
        throw error
    }

    func note(_ event: SessionEvent, _ driver: ConnectionDriver) {
        switch event {
        case .completed(let tag): commandTag = PostgresCommandTag(tag)
        case .columns where !regulator.options.ignoresRows: driver.runner.note(.severalResults)
        case .copyOut: driver.runner.note(.severalCopies)
        default: break
        }
    }
}
