import PostgresTransport
import PostgresWire
import Synchronization

/// Steers one stream from any task, and looks at it.
///
/// A paused stream reads nothing: the kernels' buffers fill up and the server waits for the client (`ClientWrite` in
/// `pg_stat_activity`), with its snapshot and locks in place. Rows that are here already stay readable. Every call may
/// come at any time, before the first row and after the last; what makes no sense any more has no effect.
public final class StreamControl: Sendable {
    private let machine = Guarded(StreamStateMachine())
    /// Whether there is a pause, as the lock's holder left it: all that has to be looked at before most reads.
    private let hasPause = Atomic<Bool>(false)
    /// Where the reading task waits while the stream is paused or has no memory. It belongs to the connection, whose other
    /// streams may signal it too: the task that wakes looks for itself.
    let cell: ReadinessCell

    private let stallNanoseconds: Int64
    private let account: SlabAccount
    /// Who listens to the query; nil where it is not observed.
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
    public var state: StreamState { withMachine { $0.state(now: .now) } }

    /// What the stream has done so far; counts are those of the last chunk, memory and the paused time those of now.
    public var statistics: StreamStatistics {
        withMachine { machine in
            var statistics = machine.statistics(
                now: .now, at: MonotonicTime.now.nanoseconds, stallNanoseconds: stallNanoseconds)
            statistics.bufferedBytes = account.held
            if !machine.hasEnded { statistics.peakBytes = account.peak }
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
        let (isPaused, isNew) = withMachine { machine in
            let now = MonotonicTime.now
            let answer = machine.pause(reason: reason, until: time.map { now + $0.asLimit }, then: outcome, now: now)
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
        withMachine { $0.resume(now: .now) }
        cell.signal(.readable)
    }

    // MARK: the machine

    /// Tells the machine of one event that may have effects. The observer is told of them without the lock, because that
    /// may take any time.
    private func withMachine<Answer: Sendable>(_ event: (inout StreamStateMachine) -> Answer) -> Answer {
        var effects: StreamEffects?
        let answer = machine.withLock { machine in
            let answer = event(&machine)
            if machine.hasEffects { effects = machine.takeEffects(peakBytes: account.peak) }
            return answer
        }
        if let effects { carryOut(effects) }
        return answer
    }

    private func carryOut(_ effects: StreamEffects) {
        if let pause = effects.endedPause {
            observation?.resumed(after: pause.time, hasExpired: pause.hasExpired, goesOn: pause.goesOn)
        }
        if let time = effects.waitedForMemory { observation?.waitedForMemory(nanoseconds: time) }
        guard effects.hasEnded else { return }
        cell.signal(.readable)
        if let observation, let end = machine.withLock({ $0.end }) { observation.ended(end.recorded) }
    }

    // MARK: the stream's side

    /// Whether the stream is over.
    var hasEnded: Bool { machine.withLock { $0.hasEnded } }

    /// Whether the stream is neither over nor being fetched.
    var isAwaitingConsumer: Bool { machine.withLock { $0.isAwaitingConsumer } }

    /// The query is sent; see `StreamStateMachine`, as for all that follows.
    func begin(chunkSize: Int, queued: Int64, at time: Int64) {
        machine.withLock { $0.begin(chunkSize: chunkSize, queued: queued, at: time) }
    }

    func described(at time: Int64) -> Int64 { machine.withLock { $0.described(at: time) } }

    func requested(isCutOff: Bool, at time: Int64) -> StreamStateMachine.Request {
        machine.withLock { $0.requested(isCutOff: isCutOff, at: time) }
    }

    func delivered(_ chunk: StreamChunk, at time: Int64?) -> StreamLedger.Delivery? {
        machine.withLock { $0.delivered(chunk, at: time) }
    }

    func dropRest() -> Bool { machine.withLock { $0.dropRest() } }

    // Not inlined into functions that can be suspended, which keep their locals in memory of the task.

    @inline(never)
    func fetchReturned() -> Bool {
        let now = MonotonicTime.now
        return withMachine { $0.fetchReturned(now: now, at: now.nanoseconds) }
    }

    @inline(never)
    func end(_ outcome: StreamState, _ failure: StreamFailure?) -> Bool {
        let now = MonotonicTime.now
        return withMachine { $0.end(outcome, failure, now: now, at: now.nanoseconds) }
    }

    @inline(never)
    func leave(_ outcome: StreamState, _ failure: StreamFailure?) -> Bool {
        let now = MonotonicTime.now
        return withMachine { $0.leave(outcome, failure, now: now, at: now.nanoseconds) }
    }

    @inline(never)
    func overtaken() -> Bool {
        let now = MonotonicTime.now
        return withMachine { $0.overtaken(now: now, at: now.nanoseconds) }
    }

    /// Whether the stream may be paused; if not, it may read.
    var isPossiblyPaused: Bool { hasPause.load(ordering: .acquiring) }

    /// Whether the stream may read; if not, until when it has to wait, nil for without limit.
    ///
    /// - Throws: `pauseTimedOut` where the pause was to end so.
    @inline(never)
    func mayRead() throws(PostgresError) -> (Bool, until: MonotonicTime?) {
        let permission = withMachine { machine in
            let permission = machine.permission(now: .now, at: MonotonicTime.now.nanoseconds)
            hasPause.store(machine.isPaused, ordering: .releasing)
            return permission
        }
        switch permission {
        case .read: return (true, nil)
        case .hold(let deadline): return (false, deadline)
        case .fail:
            throw PostgresError(.pauseTimedOut, "the stream was paused for longer than the time allowed")
        }
    }

    /// The reader is about to wait for memory.
    ///
    /// - Parameter isCrossing: whether the soft limit is crossed by that.
    func throttled(isCrossing: Bool) {
        withMachine { $0.throttled(isCrossing: isCrossing, at: MonotonicTime.now.nanoseconds) }
        if isCrossing { observation?.crossedSoftLimit() }
    }

    func gathers() -> Bool { machine.withLock { $0.gathers() } }

    /// Notes rows that a predicate kept back.
    package func noteFiltered(_ count: Int) {
        machine.withLock { $0.filtered(count) }
        observation?.noteFiltered(count)
    }
}
