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
    private var statistics = StreamStatistics()
    private let account: SlabAccount

    private let begun = ContinuousClock.now
    private var lastRead = ContinuousClock.now
    private var hasNapped = false
    private var isAboveSoftLimit = false
    /// When the consumer last asked for a chunk, and when it got one.
    private var requestedAt = ContinuousClock.now
    /// The time that the consumer waited for a pause to end and not for the server.
    private var waitedAside = Duration.zero
    private var delivered: (rows: Int, bytes: Int, at: ContinuousClock.Instant, waiting: Duration)?

    init(_ options: StreamOptions, control: StreamControl, account: SlabAccount) {
        self.options = options.normalized
        self.control = control
        self.account = account
        controller = ChunkController(options)
        statistics.chunkSize = controller.rowLimit
        statistics.chunkSizeMin = controller.rowLimit
        statistics.chunkSizeMax = controller.rowLimit
        account.resetPeak()
        control.publish(statistics)
    }

    // MARK: before a read

    /// Waits until a read may happen.
    ///
    /// - Parameter needs: the slab that the read will take, and what is given back for it; nil where it takes none.
    nonisolated(nonsending) func permitRead(
        needs: () -> (bytes: Int, givenBack: Int)?
    ) async throws(PostgresError) {
        try await waitWhilePaused()
        if options.memoryMax != nil || options.memorySoftMax != nil { try await waitForMemory(needs) }
    }

    private nonisolated(nonsending) func waitWhilePaused() async throws(PostgresError) {
        var (mayRead, deadline) = try control.mayRead()
        if mayRead { return }
        let start = ContinuousClock.now
        defer { waitedAside += start.duration(to: .now) }
        while !mayRead {
            if case .cancelled = await control.cell.wait(for: .readable, deadline: deadline) { throw Self.cancelled }
            (mayRead, deadline) = try control.mayRead()
        }
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
            if case .cancelled = await control.cell.wait(for: .readable, deadline: end) { throw Self.cancelled }
            try await waitWhilePaused()
        }
        isAboveSoftLimit = isAboveSoftLimit && account.held > options.memorySoftMax ?? .max
    }

    private func noteSoftLimit(_ bytes: Int) {
        guard let soft = options.memorySoftMax, bytes > soft, !isAboveSoftLimit else { return }
        isAboveSoftLimit = true
        statistics.softLimitCrossings += 1
        control.publish(statistics)
    }

    private static var cancelled: PostgresError {
        PostgresError(.cancelled, "the task was cancelled while the stream waited")
    }

    /// How long to let bytes gather before the next read.
    func nap(isMoreCertain: Bool) -> Duration? {
        // Before the first chunk nobody waits for more than he has to.
        guard statistics.chunks > 0, let time = controller.nap(isMoreCertain: isMoreCertain) else { return nil }
        hasNapped = true
        statistics.gatheredReads += 1
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
        let now = ContinuousClock.now
        controller.read(bytes: bytes, isFull: isFull, since: lastRead.duration(to: now))
        lastRead = now
    }

    // MARK: chunks

    /// When waiting for the server has to end.
    var deadline: ContinuousClock.Instant? {
        let ends = [
            options.timeout.map { begun + $0 },
            options.idleTimeout.map { max(lastRead, requestedAt) + waitedAside + $0 },
        ]
        return ends.compactMap(\.self).min()
    }

    /// The consumer asks for the next chunk, and so has done with the one before.
    func chunkRequested() {
        let now = ContinuousClock.now
        requestedAt = now
        guard let delivered else { return }
        let consuming = delivered.at.duration(to: now)
        statistics.waitingForConsumer += consuming
        controller.consumed(
            rows: delivered.rows, bytes: delivered.bytes, waiting: delivered.waiting, consuming: consuming)
        self.delivered = nil
    }

    /// A chunk is handed out.
    func chunkDelivered(rows: Int, bytes: Int) {
        let now = ContinuousClock.now
        let waiting = requestedAt.duration(to: now) - waitedAside
        waitedAside = .zero
        delivered = (rows, bytes, now, waiting)
        if statistics.chunks == 0 { statistics.timeToFirstRow = begun.duration(to: now) }
        statistics.chunks += 1
        statistics.rows += rows
        statistics.bytes += bytes
        statistics.waitingForServer += waiting
        publish()
    }

    private func publish() {
        statistics.chunkSize = controller.rowLimit
        statistics.chunkSizeMin = min(statistics.chunkSizeMin, controller.rowLimit)
        statistics.chunkSizeMax = max(statistics.chunkSizeMax, controller.rowLimit)
        statistics.chunkSizeAdjustments = controller.adjustments
        statistics.bufferedBytes = account.held
        statistics.peakBytes = account.peak
        control.publish(statistics)
    }

    /// The stream is over.
    func end(_ state: StreamState) {
        publish()
        control.end(state)
    }
}
