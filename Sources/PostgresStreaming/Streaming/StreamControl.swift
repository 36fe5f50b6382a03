import PostgresTransport
import PostgresWire
import Synchronization

/// Steers one stream from any task, and looks at it.
///
/// A paused stream reads nothing: the kernels' buffers fill up and the server waits for the client (`ClientWrite` in
/// `pg_stat_activity`), with its snapshot and locks in place. Rows that are here already stay readable. Every call may
/// come at any time, before the first row and after the last; what makes no sense any more has no effect.
public final class StreamControl: Sendable {
    private struct Pause {
        var reason: String?
        let since: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant?
        var outcome: PauseOutcome
    }

    private struct Shared {
        var pause: Pause?
        /// How the stream ended; nil while it has not.
        var end: StreamState?
        var statistics = StreamStatistics()
        /// The times in which the server and the consumer were waited for, in nanoseconds.
        var waiting: Int64 = 0
        var consuming: Int64 = 0

        var state: StreamState { end ?? pause.map { .paused(reason: $0.reason) } ?? .running }

        /// Ends a pause whose time is over, if it was to go on then.
        mutating func settle(_ now: ContinuousClock.Instant) {
            guard let pause, let deadline = pause.deadline, now >= deadline, pause.outcome == .resume else { return }
            endPause(deadline)
        }

        mutating func endPause(_ now: ContinuousClock.Instant) {
            guard let pause else { return }
            statistics.pausedTime += pause.since.duration(to: max(now, pause.since))
            self.pause = nil
        }
    }

    private let shared = Locked(Shared())
    /// Whether there is a pause, as the lock's holder left it: all that has to be looked at before most reads.
    private let hasPause = Atomic<Bool>(false)
    /// Where the reading task waits while the stream is paused or has no memory. It belongs to the connection, whose other
    /// streams may signal it too: whoever wakes looks for himself.
    let cell: ReadinessCell

    private let account: SlabAccount

    init(cell: ReadinessCell, account: SlabAccount) {
        self.cell = cell
        self.account = account
    }

    /// Where the stream stands.
    public var state: StreamState {
        shared.withLock { shared in
            shared.settle(.now)
            return shared.state
        }
    }

    /// What the stream has done so far; counts are those of the last chunk, memory and the paused time those of now.
    public var statistics: StreamStatistics {
        shared.withLock { shared in
            let now = ContinuousClock.now
            shared.settle(now)
            var statistics = shared.statistics
            statistics.bufferedBytes = account.held
            if shared.end == nil { statistics.peakBytes = account.peak }
            statistics.waitingForServer = .nanoseconds(shared.waiting)
            statistics.waitingForConsumer = .nanoseconds(shared.consuming)
            if let pause = shared.pause, shared.end == nil { statistics.pausedTime += pause.since.duration(to: now) }
            return statistics
        }
    }

    /// Stops reading. Pausing a paused stream gives the pause a new reason, time and outcome; it goes on being one. The
    /// query's own `timeout` goes on meanwhile.
    ///
    /// - Parameters:
    ///   - reason: What `state` shows.
    ///   - time: How long the pause lasts unless `resume` ends it; nil: until then.
    ///   - outcome: What happens when `time` is over.
    /// - Returns: Whether the stream is paused now; false if it is at its end.
    @discardableResult
    public func pause(reason: String? = nil, for time: Duration? = nil, then outcome: PauseOutcome = .resume) -> Bool {
        let isPaused = shared.withLock { shared in
            let now = ContinuousClock.now
            shared.settle(now)
            guard shared.end == nil else { return false }
            let deadline = time.map { now + min(max($0, .zero), Self.timeMax) }
            shared.pause = Pause(
                reason: reason, since: shared.pause?.since ?? now, deadline: deadline, outcome: outcome)
            hasPause.store(true, ordering: .releasing)
            return true
        }
        // A task that waits within a pause looks at the new deadline.
        cell.signal(.readable)
        return isPaused
    }

    /// Lets a paused stream go on; has no effect on any other.
    public func resume() {
        shared.withLock { $0.endPause(.now) }
        cell.signal(.readable)
    }

    /// Longer than anybody pauses, and short enough to be added to any clock.
    private static let timeMax = Duration.seconds(1 << 31)

    // MARK: the stream's side

    /// Whether the stream may be paused; if not, it may read.
    var isPossiblyPaused: Bool { hasPause.load(ordering: .acquiring) }

    /// Whether the stream may read; if not, until when it has to wait, nil for without limit.
    ///
    /// - Throws: `pauseTimedOut` where the pause was to end so.
    func mayRead() throws(PostgresError) -> (Bool, until: ContinuousClock.Instant?) {
        let pause = shared.withLock { shared -> Pause? in
            shared.settle(.now)
            hasPause.store(shared.pause != nil, ordering: .releasing)
            return shared.pause
        }
        guard let pause else { return (true, nil) }
        if let deadline = pause.deadline, deadline <= .now {
            throw PostgresError(.pauseTimedOut, "the stream was paused for longer than the time allowed")
        }
        return (false, pause.deadline)
    }

    /// What one chunk adds to the statistics; times in nanoseconds.
    struct Delivery {
        let rows: Int
        let bytes: Int
        let waiting: Int64
        let consuming: Int64
        /// The time to the first row; nil behind the first chunk.
        let firstAfter: Int64?
        let chunkSize: Int
        let adjustments: Int
    }

    /// The stream begins with chunks of so many rows at most.
    func begin(chunkSize: Int) {
        shared.withLock { shared in
            shared.statistics.chunkSize = chunkSize
            shared.statistics.chunkSizeMin = chunkSize
            shared.statistics.chunkSizeMax = chunkSize
        }
    }

    /// Adds a chunk to the statistics.
    func note(_ delivery: Delivery) {
        shared.withLock { shared in
            shared.statistics.rows += delivery.rows
            shared.statistics.bytes += delivery.bytes
            shared.statistics.chunks += 1
            shared.waiting += delivery.waiting
            shared.consuming += delivery.consuming
            if let time = delivery.firstAfter { shared.statistics.timeToFirstRow = .nanoseconds(time) }
            shared.statistics.chunkSize = delivery.chunkSize
            shared.statistics.chunkSizeMin = min(shared.statistics.chunkSizeMin, delivery.chunkSize)
            shared.statistics.chunkSizeMax = max(shared.statistics.chunkSizeMax, delivery.chunkSize)
            shared.statistics.chunkSizeAdjustments = delivery.adjustments
        }
    }

    /// Adds the times behind the last chunk, in nanoseconds.
    func note(waiting: Int64, consuming: Int64) {
        shared.withLock { shared in
            shared.waiting += waiting
            shared.consuming += consuming
        }
    }

    /// Notes that the soft limit was crossed.
    func noteSoftLimit() {
        shared.withLock { $0.statistics.softLimitCrossings += 1 }
    }

    /// Notes that bytes are left to gather.
    func noteGathering() {
        shared.withLock { $0.statistics.gatheredReads += 1 }
    }

    /// Notes rows that a predicate kept back.
    package func noteFiltered(_ count: Int) {
        shared.withLock { $0.statistics.filteredRows += count }
    }

    /// Notes how the stream ended; the first end stays.
    func end(_ state: StreamState) {
        shared.withLock { shared in
            guard shared.end == nil else { return }
            shared.endPause(.now)
            shared.statistics.peakBytes = account.peak
            shared.end = state
        }
        cell.signal(.readable)
    }
}
