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
    private let hasMemoryLimit: Bool

    private let begun = ContinuousClock.now
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
    private var idleSince = ContinuousClock.now

    init(_ options: StreamOptions, control: StreamControl, account: SlabAccount) {
        self.options = options.normalized
        self.control = control
        self.account = account
        controller = ChunkController(options)
        hasMemoryLimit = options.memoryMax != nil || options.memorySoftMax != nil
        hasDeadline = options.timeout != nil || options.idleTimeout != nil
        lastRead = begunTime
        requestedTime = begunTime
        account.resetPeak()
        control.begin(chunkSize: controller.rowLimit)
    }

    /// The largest receive buffer that suits the stream: several of them have to fit its memory.
    var slabBytesMax: Int {
        guard let limit = [options.memoryMax, options.memorySoftMax].compactMap(\.self).min() else {
            return ReceiveBuffer.slabBytesMax
        }
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
            guard pinned > 0, bytes <= options.memoryMax ?? .max, ContinuousClock.now < end else {
                throw PostgresError(
                    .memoryLimitExceeded,
                    "memory limit of \(limit) bytes: \(bytes) more are needed, \(held) are held",
                    hint: "Let go of rows that were kept, copy them with detached(), or raise the limit.")
            }
            // Nobody tells when the slab in use has no other holder any more, so that is looked at now and then.
            try await waitAside(until: min(end, .now + Self.memoryLookInterval))
            try await waitWhilePaused()
        }
        isAboveSoftLimit = isAboveSoftLimit && account.held > options.memorySoftMax ?? .max
    }

    private static let memoryLookInterval = Duration.milliseconds(5)

    private func noteSoftLimit(_ bytes: Int) {
        guard let soft = options.memorySoftMax, bytes > soft, !isAboveSoftLimit else { return }
        isAboveSoftLimit = true
        control.noteSoftLimit()
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
        return time
    }

    /// Takes note of a read that brought `bytes`, zero where nothing was there.
    func noteRead(bytes: Int, isFull: Bool) {
        guard bytes > 0 else {
            if hasNapped { controller.napWasVain() }
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
        // A pause may begin while the server is waited for; then its silence counts no more.
        let idle = control.isPossiblyPaused ? nil : options.idleTimeout.map { idleSince + $0 }
        guard let total, let idle else { return total ?? idle }
        return min(total, idle)
    }

    /// When the time for the whole query is over.
    private var total: ContinuousClock.Instant? { options.timeout.map { begun + $0 } }

    /// The consumer asks for the next chunk, and so has done with the one before.
    func chunkRequested() {
        let asked = requestedTime
        requestedTime = MonotonicTime.now
        if hasDeadline { idleSince = .now }
        guard delivered.rows > 0 else { return }
        controller.consumed(
            rows: delivered.rows, bytes: delivered.bytes, nanoseconds: requestedTime - asked - delivered.aside)
    }

    /// A chunk is handed out, either from the rows in hand or after the server was waited for.
    func chunkDelivered(rows: Int, bytes: Int, hasWaited: Bool) {
        let now = hasWaited ? MonotonicTime.now : requestedTime
        let consuming = deliveredTime > 0 ? requestedTime - deliveredTime : 0
        let aside = waitedAside
        let waiting = max(now - requestedTime - aside, 0)
        waitedAside = 0
        let firstAfter = deliveredTime > 0 ? nil : now - begunTime
        (delivered, deliveredTime) = ((rows, bytes, aside), now)
        control.note(
            StreamControl.Delivery(
                rows: rows, bytes: bytes, waiting: waiting, consuming: consuming, firstAfter: firstAfter,
                chunkSize: controller.rowLimit, adjustments: controller.adjustments))
    }

    /// The stream is over.
    func end(_ state: StreamState) {
        let now = MonotonicTime.now
        let isRequested = requestedTime >= deliveredTime
        control.note(
            waiting: isRequested ? max(now - requestedTime - waitedAside, 0) : 0,
            consuming: deliveredTime > 0 ? (isRequested ? requestedTime : now) - deliveredTime : 0)
        control.end(state)
    }
}
