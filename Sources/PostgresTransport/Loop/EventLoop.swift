import Glibc
import Synchronization

/// One thread that is poller and executor at once: of tasks, and through `serialExecutor` of actors.
///
/// A task that runs here reads its socket and, when there is nothing to read, parks; the poller of the same thread
/// finds the socket ready and runs the task on: no other thread takes part, which is what makes a round trip cost
/// what a blocking client's costs. Tasks that run elsewhere park the same way and are resumed where they belong.
package final class EventLoop: TaskExecutor {
    /// What other threads reach.
    private struct Shared {
        var jobs: [LoopJob] = []
        var cells: [UInt64: ReadinessCell] = [:]
        var nextToken = Poller.wakeUpToken + 1
        var timers = TimerQueue()
        /// False while the thread waits in the kernel and nobody has told it to look here.
        var isAwake = true
        var isStopping = false
        /// Made on first use.
        var serialExecutor: LoopSerialExecutor?
    }

    /// What the loop's own thread alone touches.
    private final class Own {
        var poller: Poller
        var jobs: [LoopJob] = []
        var ready: [Poller.Event] = []

        init(_ poller: consuming Poller) { self.poller = poller }
    }

    private let shared = Locked(Shared())
    /// The loop's thread, read with every job that is enqueued; zero before it runs and after it ended.
    private let thread = Atomic<pthread_t>(0)
    private let remote: Poller.Remote
    nonisolated(unsafe) private let own: Own

    private static let sharedLoop = Locked<EventLoop?>(nil)

    /// Returns the loop that every connection of the process uses unless told otherwise; it starts on first use.
    package static func shared() throws(TransportError) -> EventLoop {
        try sharedLoop.withLock { loop throws(TransportError) in
            if let loop { return loop }
            let started = try EventLoop()
            loop = started
            return started
        }
    }

    /// Starts a loop with a thread of its own, which holds the loop until `stop`.
    package init() throws(TransportError) {
        let poller = try Poller()
        remote = poller.remote
        unsafe own = Own(poller)
        try Thread.start(named: "pg-event-loop") { self.run() }
    }

    /// Whether the caller runs on the loop's thread.
    package var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    /// Ends the thread once the jobs at hand have run. Whoever still waits on the loop waits for ever.
    package func stop() {
        shared.withLock { $0.isStopping = true }
        remote.wake()
    }

    // MARK: executor

    package func enqueue(_ job: consuming ExecutorJob) {
        enqueue(LoopJob(job: UnownedJob(job), isIsolated: false))
    }

    /// The loop as the executor of actors that live on it.
    package var serialExecutor: LoopSerialExecutor {
        shared.withLock { shared in
            if let executor = shared.serialExecutor { return executor }
            let executor = LoopSerialExecutor(self)
            shared.serialExecutor = executor
            return executor
        }
    }

    func enqueue(_ job: LoopJob) {
        guard !isCurrent else {
            unsafe own.jobs.append(job)
            return
        }
        wakeIfAsleep { $0.jobs.append(job) }
    }

    // MARK: descriptors and timers

    /// Has the cell signalled whenever the descriptor becomes ready; returns the token to deregister it with.
    func register(_ descriptor: Int32, _ cell: ReadinessCell) throws(TransportError) -> UInt64 {
        let token = shared.withLock { shared in
            defer { shared.nextToken += 1 }
            shared.cells[shared.nextToken] = cell
            return shared.nextToken
        }
        do throws(TransportError) {
            try remote.add(descriptor, token: token)
        } catch {
            shared.withLock { _ = $0.cells.removeValue(forKey: token) }
            throw error
        }
        return token
    }

    /// Has the descriptor's cell signalled, or not for a while: every arrival wakes the thread otherwise.
    func arm(_ descriptor: Int32, token: UInt64, _ isArmed: Bool) {
        remote.arm(descriptor, token: token, isArmed)
    }

    /// Forgets a descriptor. The caller closes it afterwards.
    func deregister(_ descriptor: Int32, token: UInt64) {
        remote.remove(descriptor)
        shared.withLock { _ = $0.cells.removeValue(forKey: token) }
    }

    /// Has the cell's wait looked at when the deadline has come.
    func schedule(_ cell: ReadinessCell, at deadline: ContinuousClock.Instant) {
        wakeIfAsleep { $0.timers.insert(cell, at: deadline) }
    }

    /// The number of deadlines that are kept: about one for each descriptor, whatever has been waited for.
    package var deadlineCount: Int { shared.withLock { $0.timers.count } }

    private func wakeIfAsleep(_ change: (inout Shared) -> Void) {
        let wake = shared.withLock { shared in
            change(&shared)
            defer { shared.isAwake = true }
            return !shared.isAwake
        }
        if wake { remote.wake() }
    }

    // MARK: the thread

    private func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        while true {
            runJobs()
            guard let limit = prepareToWait() else { break }
            unsafe own.ready.removeAll(keepingCapacity: true)
            unsafe own.poller.wait(nanoseconds: limit == .max ? nil : limit) { unsafe own.ready.append($0) }
            signalReady()
        }
        thread.store(0, ordering: .relaxed)
    }

    private func runJobs() {
        while unsafe !own.jobs.isEmpty {
            var jobs: [LoopJob] = []
            unsafe swap(&jobs, &own.jobs)
            for job in jobs { job.run(on: self) }
            guard unsafe own.jobs.isEmpty else { break }
            jobs.removeAll(keepingCapacity: true)
            unsafe own.jobs = jobs
            break
        }
    }

    /// Takes over the jobs of other threads and returns how long the kernel may wait (`.max`: no limit, nil: the end).
    private func prepareToWait() -> Int64? {
        let ownIsEmpty = unsafe own.jobs.isEmpty
        let (jobs, limit) = shared.withLock { shared -> ([LoopJob], Int64?) in
            guard shared.jobs.isEmpty, ownIsEmpty else {
                defer { shared.jobs.removeAll(keepingCapacity: true) }
                return (shared.jobs, 0)
            }
            if shared.isStopping { return ([], nil) }
            shared.isAwake = false
            return ([], shared.timers.earliest.map { Self.nanoseconds(until: $0) } ?? .max)
        }
        if !jobs.isEmpty { unsafe own.jobs.append(contentsOf: jobs) }
        return limit
    }

    private static func nanoseconds(until deadline: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: deadline).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < Int64.max / 2_000_000_000 else { return .max }
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000 + 1
    }

    /// Signals the cells of the descriptors that became ready and of the deadlines that have come.
    private func signalReady() {
        let events = unsafe own.ready
        let (cells, due) = shared.withLock { shared -> ([ReadinessCell?], [TimerQueue.Entry]) in
            shared.isAwake = true
            let cells = events.map { shared.cells[$0.token] }
            guard shared.timers.earliest != nil else { return (cells, []) }
            var due: [TimerQueue.Entry] = []
            let now = ContinuousClock.now
            while let entry = shared.timers.removeDue(now: now) { due.append(entry) }
            return (cells, due)
        }
        for (event, cell) in zip(events, cells) { cell?.signal(event.interest) }
        for entry in due {
            guard let cell = entry.cell, let later = cell.expire(entry.deadline) else { continue }
            schedule(cell, at: later)
        }
    }
}
