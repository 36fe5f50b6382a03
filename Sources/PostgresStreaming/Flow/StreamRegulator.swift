import PostgresTransport
import PostgresWire

/// What an open stream demands of every read: that it is not paused, that there is memory, that enough has gathered.
///
/// The driver asks it before each read, and tells it what the read brought. All of it happens per read and per chunk,
/// nothing per row.
final class StreamRegulator {
    let control: StreamControl
    let options: StreamOptions
    private(set) var controller: ChunkController
    private let account: SlabAccount
    /// Who listens to the query; nil where it is not observed.
    private let observation: QueryObservation?
    private let hasMemoryLimit: Bool

    /// The time of the transaction that the query is part of; nil where it has no limit.
    private let transactionTime: TimeAllowed?
    /// When the time for the whole query is over; nil where it has no limit.
    private let total: MonotonicTime?
    private let hasDeadline: Bool
    /// Whether it is to be reported how long the stream is open; never where it is not observed.
    private var snapshotWatch: SnapshotWatch
    /// The server's process for the connection, by which others know it; nil where the server did not say.
    private let processID: Int32?
    private var hasNapped = false
    private var isAboveSoftLimit = false

    /// When the last read brought something, in nanoseconds of MonotonicTime.
    private var lastRead: Int64
    /// When the server was last heard or asked, for the idle limit.
    private var idleSince: MonotonicTime

    /// - Parameters:
    ///   - asked: when the query was asked for, which may have had to wait for the connection.
    ///   - time: the time of the transaction that the query is part of.
    ///   - processID: the server's process for the connection.
    init(
        _ options: StreamOptions, control: StreamControl, account: SlabAccount, asked: Int64? = nil,
        within time: TimeAllowed? = nil, processID: Int32? = nil
    ) {
        let begun = MonotonicTime.now
        self.options = options.normalized
        self.control = control
        self.account = account
        observation = control.observation
        controller = ChunkController(normalized: self.options)
        idleSince = begun
        self.processID = processID
        let threshold = control.observation == nil ? nil : self.options.longSnapshotThreshold
        snapshotWatch = SnapshotWatch(since: begun, threshold: threshold)
        hasMemoryLimit = options.memoryMax != nil || options.memorySoftMax != nil
        transactionTime = time
        let end = self.options.timeout.map { begun + $0 }
        total = if let end, let outer = time?.end { min(end, outer) } else { end ?? time?.end }
        hasDeadline = total != nil || options.idleTimeout != nil
        let time = begun.nanoseconds
        lastRead = time
        account.resetPeak()
        control.begin(chunkSize: controller.rowLimit, queued: time - (asked ?? time), at: time)
    }

    /// The largest receive buffer that suits the stream: several of them have to fit its memory.
    var slabBytesMax: Int {
        guard hasMemoryLimit else { return ReceiveBuffer.slabBytesMax }
        let limit = min(options.memoryMax ?? .max, options.memorySoftMax ?? .max)
        return min(limit / Self.slabsOfLimit, ReceiveBuffer.slabBytesMax)
    }

    private static let slabsOfLimit = 4

    // MARK: before a read

    /// Refuses a value that is longer than the limit.
    func check(valueBytes: Int) throws(PostgresError) {
        guard let limit = options.valueBytesMax, valueBytes > limit else { return }
        throw PostgresError(
            .memoryLimitExceeded,
            "value limit of \(limit) bytes: a value of \(valueBytes) bytes comes, \(account.held) are held",
            hint: "Select less of it, or raise valueBytesMax.")
    }

    /// Whether a read has to ask `permitRead`; nothing else is looked at before most reads.
    var demandsPermission: Bool {
        hasMemoryLimit || options.valueBytesMax != nil || control.isPossiblyPaused && !isWithinBatch
    }
    /// Whether a batch is being read, which is done whole: a pause begins after it.
    var isWithinBatch = false

    /// Waits until a read may happen.
    ///
    /// - Parameter needs: the slab that the read will take, and what is given back for it; nil where it takes none.
    nonisolated(nonsending) func permitRead(
        needs: () -> (bytes: Int, givenBack: Int)?
    ) async throws(PostgresError) {
        if !isWithinBatch { try await waitWhilePaused() }
        if hasMemoryLimit { try await waitForMemory(needs) }
    }

    /// Waits until the next batch may be asked for.
    nonisolated(nonsending) func permitBatch() async throws(PostgresError) {
        if control.isPossiblyPaused { try await waitWhilePaused() }
    }

    private nonisolated(nonsending) func waitWhilePaused() async throws(PostgresError) {
        var (mayRead, deadline) = try control.mayRead()
        while !mayRead {
            try await waitAside(until: deadline)
            (mayRead, deadline) = try control.mayRead()
        }
    }

    /// Waits for something else than the server, whose silence does not count meanwhile; the time for the whole query
    /// does.
    private nonisolated(nonsending) func waitAside(until deadline: MonotonicTime?) async throws(PostgresError) {
        defer { idleSince = .now }
        let ends = [deadline, total, nextReport].compactMap(\.self)
        if case .cancelled = await control.cell.wait(for: .readable, deadline: ends.min()) { throw Self.cancelled }
        reportLongSnapshot(at: .now)
        if let total, MonotonicTime.now >= total { throw PostgresError(lost: .timedOut) }
    }

    /// Holds a read back that would take memory beyond a limit, as long as others hold memory that may come back.
    private nonisolated(nonsending) func waitForMemory(
        _ needs: () -> (bytes: Int, givenBack: Int)?
    ) async throws(PostgresError) {
        var deadline: MonotonicTime?
        while let (bytes, givenBack) = needs() {
            account.awaitRelease()
            let held = account.held
            let pinned = held - givenBack
            // What only this slab takes is no reason to wait: nobody would give anything back.
            let limit = [options.memoryMax, pinned > 0 ? options.memorySoftMax : nil].compactMap(\.self).min()
            guard let limit, pinned + bytes > limit else { break }
            control.throttled(isCrossing: crossesSoftLimit(pinned + bytes))
            let end = deadline ?? .now + options.memoryWait
            deadline = end
            if pinned > 0, MonotonicTime.now >= end { observation?.connection.passed(.memory) }
            guard pinned > 0, bytes <= options.memoryMax ?? .max, MonotonicTime.now < end else {
                throw PostgresError(
                    .memoryLimitExceeded,
                    "memory limit of \(limit) bytes: \(bytes) more are needed, \(held) are held",
                    hint: "Let go of rows that were kept, copy them with detached(), or raise the limit.")
            }
            // There is no word of it when the slab in use has no other holder any more, so that is looked at now and then.
            try await waitAside(until: min(end, .now + Self.memoryLookInterval))
            if !isWithinBatch { try await waitWhilePaused() }
        }
        isAboveSoftLimit = isAboveSoftLimit && account.held > options.memorySoftMax ?? .max
    }

    private static let memoryLookInterval = Duration.milliseconds(5)

    private func crossesSoftLimit(_ bytes: Int) -> Bool {
        guard let soft = options.memorySoftMax, bytes > soft, !isAboveSoftLimit else { return false }
        isAboveSoftLimit = true
        return true
    }

    private static var cancelled: PostgresError {
        PostgresError(.cancelled, "the task was cancelled while the stream waited")
    }

    /// How long to let bytes gather before the next read.
    func nap(isMoreCertain: Bool) -> Duration? {
        guard let time = controller.nap(isMoreCertain: isMoreCertain), control.gathers() else { return nil }
        hasNapped = true
        observation?.gathered()
        return time
    }

    /// Takes note of a read that brought `bytes`, zero where nothing was there.
    func noteRead(bytes: Int, isFull: Bool) {
        guard bytes > 0 else {
            if hasNapped {
                controller.napWasVain()
                observation?.gatheredInVain()
            }
            hasNapped = false
            return
        }
        hasNapped = false
        let now = MonotonicTime.now
        controller.read(bytes: bytes, isFull: isFull, nanoseconds: now.nanoseconds - lastRead)
        lastRead = now.nanoseconds
        if hasDeadline { idleSince = now }
        reportLongSnapshot(at: now)
    }

    // MARK: the snapshot

    /// When a wait has to end for a moment, so that it can be reported how long the stream is open; nil where it need not.
    var nextReport: MonotonicTime? { snapshotWatch.end }

    /// Reports that the stream has been open for long, if that is to be done now.
    ///
    /// - Returns: whether the time for it had come.
    @discardableResult
    @inline(__always)
    func reportLongSnapshot(at now: MonotonicTime) -> Bool {
        guard let end = snapshotWatch.end, end <= now else { return false }
        reportSnapshot(at: now)
        return true
    }

    /// The server has made all rows and keeps no snapshot for them.
    func releaseSnapshot() { snapshotWatch.stop() }

    @inline(never)
    private func reportSnapshot(at now: MonotonicTime) {
        guard let time = snapshotWatch.timeToReport(at: now), !control.hasEnded else { return }
        let statistics = control.statistics
        observation?.holdsSnapshot(
            for: time, processID: processID, phase: statistics.phase, rows: statistics.rows, bytes: statistics.bytes)
    }

    // MARK: chunks

    /// When waiting for the server has to end.
    var deadline: MonotonicTime? {
        guard hasDeadline else { return nil }
        let idle = options.idleTimeout.map { idleSince + $0 }
        guard let total, let idle else { return total ?? idle }
        return min(total, idle)
    }

    /// The server has said something: its silence counts from now on.
    func noteHeard() {
        if hasDeadline { idleSince = .now }
    }

    /// Whether the server's silence up to its deadline is none, because a pause began meanwhile; then it counts
    /// from now on.
    func excusesSilence() -> Bool {
        guard control.isPossiblyPaused, total.map({ $0 > .now }) ?? true else { return false }
        idleSince = .now
        return true
    }

    /// The consumer asks for the next chunk, and so has done with the one before.
    ///
    /// - Parameter isCutOff: whether what the stream belonged to is over.
    func request(isCutOff: Bool) -> StreamStateMachine.Request {
        let now = MonotonicTime.now
        reportLongSnapshot(at: now)
        let request = control.requested(isCutOff: isCutOff, at: now.nanoseconds)
        guard case .fetch(let consumed) = request else { return request }
        if hasDeadline { idleSince = now }
        if let consumed { note(consumed) }
        return request
    }

    private func note(_ chunk: StreamLedger.ConsumedChunk) {
        let limit = controller.rowLimit
        controller.consumed(rows: chunk.rows, bytes: chunk.bytes, nanoseconds: chunk.time)
        guard let observation else { return }
        observation.consumed(nanoseconds: chunk.consuming)
        if controller.rowLimit != limit { observation.adjusted(from: limit, to: controller.rowLimit) }
    }

    /// A chunk is handed out, either from the rows in hand or after the server was waited for; `rowsLeft` are in hand
    /// after it.
    ///
    /// - Returns: what is known of it; nil where nothing may be handed out.
    func deliver(rows: Int, bytes: Int, rowsLeft: Int, hasWaited: Bool) -> StreamLedger.Delivery? {
        let chunk = StreamChunk(
            rows: rows, bytes: bytes, rowsLeft: rowsLeft, rowLimit: controller.rowLimit,
            adjustments: controller.adjustments)
        let delivery = control.delivered(chunk, at: hasWaited ? MonotonicTime.now.nanoseconds : nil)
        if let delivery, let observation {
            observation.delivered(
                ChunkRecord(
                    number: delivery.number, rows: rows, bytes: bytes, rowsLeft: rowsLeft,
                    rowsLeftBefore: delivery.rowsLeftBefore, handOver: delivery.time - lastRead,
                    sinceSent: delivery.sinceSent))
            observation.waited(nanoseconds: delivery.number == 0 ? 0 : delivery.waiting)
        }
        return delivery
    }

    /// The server has described the rows, or has run what has none.
    func described() {
        let time = control.described(at: MonotonicTime.now.nanoseconds)
        observation?.described(nanoseconds: time)
    }

    /// The query is over; `error` is what the consumer is told.
    ///
    /// - Returns: whether the stream was not over before.
    @discardableResult
    func end(_ outcome: StreamState, _ error: PostgresError? = nil) -> Bool {
        noteDeadline(error)
        if nextReport != nil { reportLongSnapshot(at: .now) }
        return control.end(outcome, error.map { StreamFailure($0) })
    }

    /// The consumer leaves the stream.
    ///
    /// - Returns: whether the query is to be left now.
    func leave(_ outcome: StreamState, _ failure: StreamFailure? = nil) -> Bool {
        noteDeadline(failure?.error)
        if nextReport != nil { reportLongSnapshot(at: .now) }
        return control.leave(outcome, failure)
    }

    private func noteDeadline(_ error: PostgresError?) {
        guard error?.code == .queryTimedOut, let observation, !control.hasEnded else { return }
        observation.connection.passed(passedDeadline)
    }

    /// Whether the time for the whole query is over.
    var isTimeOver: Bool { total.map { MonotonicTime.now >= $0 } ?? false }

    private var passedDeadline: Deadline {
        if transactionTime?.isOver ?? false { return .transaction }
        return isTimeOver ? .query : .idle
    }

    /// The tightest limit that the query has of its own, which cleaning up after it keeps to.
    var tightestLimit: Duration? { [options.timeout, options.idleTimeout].compactMap(\.self).min() }
}
