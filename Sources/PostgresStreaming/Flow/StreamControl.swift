import PostgresTransport
import PostgresWire
import Synchronization

/// Steers one stream from any task, and looks at it.
///
/// A paused stream reads nothing: the kernels' buffers fill up and the server waits for the client (`ClientWrite` in
/// `pg_stat_activity`), with its snapshot and locks in place. Rows that are here already stay readable. Every call may
/// come at any time, before the first row and after the last; what makes no sense any more has no effect.
public final class StreamControl: Sendable {
    private struct Shared {
        var pauses = StreamPauses()
        var statistics = StreamStatistics()
        /// The times in which the server and the consumer were waited for, in nanoseconds.
        var waiting: Int64 = 0
        var consuming: Int64 = 0
        /// When the query was sent and when it was over.
        var begun: Int64 = 0
        var ended: Int64?
    }

    private let shared = Locked(Shared())
    /// Whether there is a pause, as the lock's holder left it: all that has to be looked at before most reads.
    private let hasPause = Atomic<Bool>(false)
    /// Where the reading task waits while the stream is paused or has no memory. It belongs to the connection, whose other
    /// streams may signal it too: whoever wakes looks for himself.
    let cell: ReadinessCell

    /// When the consumer last asked for a chunk, or, negative, when it got one. Times are of MonotonicTime.
    private let lastEdge = Atomic<Int64>(0)
    private let stallNanoseconds: Int64

    private let account: SlabAccount
    /// Who listens to the query; nil where nobody does.
    let observation: QueryObservation?

    init(
        cell: ReadinessCell, account: SlabAccount, observation: QueryObservation? = nil,
        stallNanoseconds: Int64 = 100_000_000
    ) {
        self.cell = cell
        self.stallNanoseconds = stallNanoseconds
        self.account = account
        self.observation = observation
    }

    /// Where the stream stands.
    public var state: StreamState {
        withShared { shared in
            shared.pauses.settle(.now)
            return shared.pauses.state
        }
    }

    /// Whoever listens is told behind the lock, because nobody knows how long that takes.
    private func withShared<Result: Sendable>(_ body: (inout Shared) -> Result) -> Result {
        guard let observation else {
            return shared.withLock { shared in
                _ = shared.pauses.takeEndedPauses()
                return body(&shared)
            }
        }
        let (result, ended) = shared.withLock { shared in (body(&shared), shared.pauses.takeEndedPauses()) }
        for pause in ended {
            observation.resumed(after: pause.time, hasExpired: pause.hasExpired, goesOn: pause.goesOn)
        }
        return result
    }

    /// What the stream has done so far; counts are those of the last chunk, memory and the paused time those of now.
    public var statistics: StreamStatistics {
        withShared { shared in
            let now = ContinuousClock.now
            shared.pauses.settle(now)
            var statistics = shared.statistics
            statistics.bufferedBytes = account.held
            if shared.pauses.end == nil { statistics.peakBytes = account.peak }
            statistics.waitingForServer = .nanoseconds(shared.waiting)
            statistics.waitingForConsumer = .nanoseconds(shared.consuming)
            statistics.pausedTime = shared.pauses.totalPausedTime(now: now)
            let time = MonotonicTime.now
            statistics.phase = phase(shared, time)
            statistics.totalTime = .nanoseconds((shared.ended ?? time) - shared.begun)
            return statistics
        }
    }

    private func phase(_ shared: Shared, _ now: Int64) -> QueryPhase {
        if shared.pauses.end != nil { return .done }
        if shared.pauses.isPaused { return .paused }
        guard shared.statistics.chunks > 0 else {
            return shared.statistics.timeToDescription == nil ? .sent : .serverExecuting
        }
        let edge = lastEdge.load(ordering: .relaxed)
        guard now - abs(edge) <= stallNanoseconds else { return edge < 0 ? .stalledOnConsumer : .stalledOnServer }
        return shared.statistics.chunks == 1 ? .firstRow : .streaming
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
        let (isPaused, isNew) = withShared { shared in
            let now = ContinuousClock.now
            let answer = shared.pauses.pause(
                reason: reason, until: time.map { now + $0.asLimit }, then: outcome, now: now)
            if answer.isPaused { hasPause.store(true, ordering: .releasing) }
            return answer
        }
        if isNew { observation?.paused(reason: reason) }
        // A task that waits within a pause looks at the new deadline.
        cell.signal(.readable)
        return isPaused
    }

    /// Lets a paused stream go on; has no effect on any other.
    public func resume() {
        withShared { $0.pauses.resume(now: .now) }
        cell.signal(.readable)
    }

    // MARK: the stream's side

    /// Whether the stream may be paused; if not, it may read.
    var isPossiblyPaused: Bool { hasPause.load(ordering: .acquiring) }

    /// Whether the stream may read; if not, until when it has to wait, nil for without limit.
    ///
    /// - Throws: `pauseTimedOut` where the pause was to end so.
    func mayRead() throws(PostgresError) -> (Bool, until: ContinuousClock.Instant?) {
        let permission = withShared { shared in
            let permission = shared.pauses.permission(now: .now)
            hasPause.store(shared.pauses.isPaused, ordering: .releasing)
            return permission
        }
        switch permission {
        case .read: return (true, nil)
        case .hold(let deadline): return (false, deadline)
        case .fail:
            throw PostgresError(.pauseTimedOut, "the stream was paused for longer than the time allowed")
        }
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
    ///
    /// - Parameters:
    ///   - queued: how long the query waited for the connection, in nanoseconds.
    ///   - time: the time now.
    func begin(chunkSize: Int, queued: Int64, at time: Int64) {
        shared.withLock { shared in
            shared.begun = time
            shared.statistics.queuedTime = .nanoseconds(queued)
            shared.statistics.chunkSize = chunkSize
            shared.statistics.chunkSizeMin = chunkSize
            shared.statistics.chunkSizeMax = chunkSize
        }
    }

    /// The server has described the rows, or has run what has none.
    func noteDescribed(nanoseconds: Int64) {
        shared.withLock { $0.statistics.timeToDescription = .nanoseconds(nanoseconds) }
    }

    /// The consumer asks for a chunk.
    func noteRequested(at time: Int64) { lastEdge.store(time, ordering: .relaxed) }

    /// Adds a chunk, which was handed out at `time`, to the statistics.
    func note(_ delivery: Delivery, at time: Int64) {
        lastEdge.store(-time, ordering: .relaxed)
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
        observation?.noteFiltered(count)
    }

    /// Notes how the stream ended; the first end stays.
    func end(_ state: StreamState) {
        withShared { shared in
            guard shared.pauses.end(state, now: .now) else { return }
            shared.ended = MonotonicTime.now
            shared.statistics.peakBytes = account.peak
        }
        cell.signal(.readable)
    }
}
