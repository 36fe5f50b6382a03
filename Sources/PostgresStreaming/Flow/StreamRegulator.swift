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
    /// Who listens to the query; nil where nobody does.
    private let observation: QueryObservation?
    /// How many chunks were handed out, and the rows at hand behind the last; counted for who listens.
    private var chunks = 0
    private var rowsLeft = 0
    private var totals = (rows: 0, bytes: 0, waiting: Int64(0), consuming: Int64(0))
    private var hasEnded = false
    private let hasMemoryLimit: Bool

    /// The time of the transaction that the query is part of; nil where it has no limit.
    private let transactionTime: TimeAllowed?
    /// When the time for the whole query is over; nil where it has no limit.
    private let total: ContinuousClock.Instant?
    private let hasDeadline: Bool
    private var hasNapped = false
    private var isAboveSoftLimit = false

    // Times in nanoseconds of MonotonicTime.
    private let begunTime = MonotonicTime.now
    private var lastRead: Int64
    /// When the consumer last asked for a chunk, and when it got one; zero before the first.
    private var requestedTime: Int64
    private var deliveredTime: Int64 = 0
    private var delivered = (rows: 0, bytes: 0, aside: Int64(0))
    /// The time that the consumer waited for a pause to end or for memory, and not for the server.
    private var waitedAside: Int64 = 0
    /// When the server was last heard or asked, for the idle limit.
    private var idleSince: ContinuousClock.Instant

    /// - Parameters:
    ///   - asked: when the query was asked for, which may have had to wait for the connection.
    ///   - time: the time of the transaction that the query is part of.
    init(
        _ options: StreamOptions, control: StreamControl, account: SlabAccount, asked: Int64? = nil,
        within time: TimeAllowed? = nil
    ) {
        let begun = ContinuousClock.now
        self.options = options.normalized
        self.control = control
        self.account = account
        observation = control.observation
        controller = ChunkController(options)
        idleSince = begun
        hasMemoryLimit = options.memoryMax != nil || options.memorySoftMax != nil
        transactionTime = time
        total = [self.options.timeout.map { begun + $0 }, time?.end].compactMap(\.self).min()
        hasDeadline = total != nil || options.idleTimeout != nil
        lastRead = begunTime
        requestedTime = begunTime
        account.resetPeak()
        control.begin(chunkSize: controller.rowLimit, queued: begunTime - (asked ?? begunTime), at: begunTime)
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
    var demandsPermission: Bool { hasMemoryLimit || options.valueBytesMax != nil || control.isPossiblyPaused }

    /// Waits until a read may happen.
    ///
    /// - Parameter needs: the slab that the read will take, and what is given back for it; nil where it takes none.
    nonisolated(nonsending) func permitRead(
        needs: () -> (bytes: Int, givenBack: Int)?
    ) async throws(PostgresError) {
        try await waitWhilePaused()
        if hasMemoryLimit { try await waitForMemory(needs) }
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
    private nonisolated(nonsending) func waitAside(until deadline: ContinuousClock.Instant?) async throws(PostgresError)
    {
        let start = MonotonicTime.now
        defer {
            waitedAside += MonotonicTime.now - start
            idleSince = .now
        }
        let ends = [deadline, total].compactMap(\.self)
        if case .cancelled = await control.cell.wait(for: .readable, deadline: ends.min()) { throw Self.cancelled }
        if let total, ContinuousClock.now >= total { throw PostgresError(lost: .timedOut) }
    }

    /// Holds a read back that would take memory beyond a limit, as long as others hold memory that may come back.
    private nonisolated(nonsending) func waitForMemory(
        _ needs: () -> (bytes: Int, givenBack: Int)?
    ) async throws(PostgresError) {
        var deadline: ContinuousClock.Instant?
        while let (bytes, givenBack) = needs() {
            account.awaitRelease()
            let held = account.held
            let pinned = held - givenBack
            // What only this slab takes is no reason to wait: nobody would give anything back.
            let limit = [options.memoryMax, pinned > 0 ? options.memorySoftMax : nil].compactMap(\.self).min()
            guard let limit, pinned + bytes > limit else { break }
            noteSoftLimit(pinned + bytes)
            let end = deadline ?? .now + options.memoryWait
            deadline = end
            if pinned > 0, ContinuousClock.now >= end { observation?.connection.passed(.memory) }
            guard pinned > 0, bytes <= options.memoryMax ?? .max, ContinuousClock.now < end else {
                throw PostgresError(
                    .memoryLimitExceeded,
                    "memory limit of \(limit) bytes: \(bytes) more are needed, \(held) are held",
                    hint: "Let go of rows that were kept, copy them with detached(), or raise the limit.")
            }
            // Nobody tells when the slab in use has no other holder any more, so that is looked at now and then.
            let start = observation == nil ? 0 : MonotonicTime.now
            try await waitAside(until: min(end, .now + Self.memoryLookInterval))
            if let observation { observation.waitedForMemory(nanoseconds: MonotonicTime.now - start) }
            try await waitWhilePaused()
        }
        isAboveSoftLimit = isAboveSoftLimit && account.held > options.memorySoftMax ?? .max
    }

    private static let memoryLookInterval = Duration.milliseconds(5)

    private func noteSoftLimit(_ bytes: Int) {
        guard let soft = options.memorySoftMax, bytes > soft, !isAboveSoftLimit else { return }
        isAboveSoftLimit = true
        control.noteSoftLimit()
        observation?.crossedSoftLimit()
    }

    private static var cancelled: PostgresError {
        PostgresError(.cancelled, "the task was cancelled while the stream waited")
    }

    /// How long to let bytes gather before the next read.
    func nap(isMoreCertain: Bool) -> Duration? {
        // Before the first chunk nobody waits for more than he has to.
        guard deliveredTime > 0, let time = controller.nap(isMoreCertain: isMoreCertain) else { return nil }
        hasNapped = true
        control.noteGathering()
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
        controller.read(bytes: bytes, isFull: isFull, nanoseconds: now - lastRead)
        lastRead = now
        if hasDeadline { idleSince = .now }
    }

    // MARK: chunks

    /// When waiting for the server has to end.
    var deadline: ContinuousClock.Instant? {
        guard hasDeadline else { return nil }
        let idle = options.idleTimeout.map { idleSince + $0 }
        guard let total, let idle else { return total ?? idle }
        return min(total, idle)
    }

    /// The server has said something: its silence counts from now on.
    func noteHeard() {
        if hasDeadline { idleSince = .now }
    }

    /// Whether the server's silence up to its deadline is none, because a pause began meanwhile; then it counts anew.
    func excusesSilence() -> Bool {
        guard control.isPossiblyPaused, total.map({ $0 > .now }) ?? true else { return false }
        idleSince = .now
        return true
    }

    /// The consumer asks for the next chunk, and so has done with the one before.
    func chunkRequested() {
        let asked = requestedTime
        requestedTime = MonotonicTime.now
        control.noteRequested(at: requestedTime)
        if hasDeadline { idleSince = .now }
        guard delivered.rows > 0 else { return }
        let limit = controller.rowLimit
        controller.consumed(
            rows: delivered.rows, bytes: delivered.bytes, nanoseconds: requestedTime - asked - delivered.aside)
        guard let observation else { return }
        observation.consumed(nanoseconds: requestedTime - deliveredTime)
        if controller.rowLimit != limit { observation.adjusted(from: limit, to: controller.rowLimit) }
    }

    /// A chunk is handed out, either from the rows in hand or after the server was waited for; `rowsLeft` are in hand
    /// behind it.
    func chunkDelivered(rows: Int, bytes: Int, rowsLeft: Int, hasWaited: Bool) {
        let now = hasWaited ? MonotonicTime.now : requestedTime
        let consuming = deliveredTime > 0 ? requestedTime - deliveredTime : 0
        let aside = waitedAside
        let waiting = max(now - requestedTime - aside, 0)
        waitedAside = 0
        let firstAfter = deliveredTime > 0 ? nil : now - begunTime
        if observation != nil {
            let isFirst = deliveredTime == 0
            observe(rows: rows, bytes: bytes, rowsLeft: rowsLeft, now, waiting: isFirst ? 0 : waiting)
            totals.waiting += waiting
            totals.consuming += consuming
        }
        (delivered, deliveredTime) = ((rows, bytes, aside), now)
        control.note(
            StreamControl.Delivery(
                rows: rows, bytes: bytes, waiting: waiting, consuming: consuming, firstAfter: firstAfter,
                chunkSize: controller.rowLimit, adjustments: controller.adjustments),
            at: now)
    }

    private func observe(rows: Int, bytes: Int, rowsLeft: Int, _ now: Int64, waiting: Int64) {
        guard let observation else { return }
        observation.delivered(
            ChunkRecord(
                number: chunks, rows: rows, bytes: bytes, rowsLeft: rowsLeft, rowsLeftBefore: self.rowsLeft,
                handOver: now - lastRead, sinceSent: now - begunTime))
        observation.waited(nanoseconds: waiting)
        chunks += 1
        self.rowsLeft = rowsLeft
        totals.rows += rows
        totals.bytes += bytes
    }

    /// The server has described the rows, or has run what has none.
    func described() {
        let time = MonotonicTime.now - begunTime
        control.noteDescribed(nanoseconds: time)
        observation?.described(nanoseconds: time)
    }

    /// The stream is over; `error` is what the consumer was told, `isDecoding` whether it came up with a row's value.
    func end(_ state: StreamState, _ error: PostgresError? = nil, isDecoding: Bool = false) {
        guard !hasEnded else { return }
        hasEnded = true
        let now = MonotonicTime.now
        let isRequested = requestedTime >= deliveredTime
        let waiting = isRequested ? max(now - requestedTime - waitedAside, 0) : 0
        let consuming = deliveredTime > 0 ? (isRequested ? requestedTime : now) - deliveredTime : 0
        control.note(waiting: waiting, consuming: consuming)
        control.end(state)
        guard let observation else { return }
        var end = QueryEnd(isComplete: state == .completed, error, isDecoding: isDecoding)
        (end.rows, end.bytes, end.rowsLeft, end.total) = (totals.rows, totals.bytes, rowsLeft, now - begunTime)
        (end.serverWait, end.consumerWait) = (totals.waiting + waiting, totals.consuming + consuming)
        if error?.code == .queryTimedOut { observation.connection.passed(passedDeadline) }
        observation.ended(end)
    }

    /// Whether the time for the whole query is over.
    var isTimeOver: Bool { total.map { ContinuousClock.now >= $0 } ?? false }

    private var passedDeadline: Deadline {
        if transactionTime?.isOver ?? false { return .transaction }
        return isTimeOver ? .query : .idle
    }

    /// The tightest limit that the query has of its own, which cleaning up after it keeps to.
    var tightestLimit: Duration? { [options.timeout, options.idleTimeout].compactMap(\.self).min() }
}
