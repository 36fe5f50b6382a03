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
        var cells = CellTable()
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
        var busyPoll = BusyPoll(limit: .zero)
        /// Empty, but for its memory, whenever nothing is being signalled.
        var signalled: [(cell: ReadinessCell, interest: Interest)] = []

        init(_ poller: consuming Poller) { self.poller = poller }
    }

    private let shared = Locked(Shared())
    /// The loop's thread, read with every job that is enqueued; zero before it runs and after it ended.
    private let thread = Atomic<pthread_t>(0)
    private let remote: Poller.Remote
    nonisolated(unsafe) private let own: Own

    /// Its place among the loops of the process; nil for one that stands apart.
    package let number: Int?
    /// See `EventLoops.busyPollTime`, in nanoseconds.
    private let busyPollNanoseconds = Atomic<Int64>(0)
    /// The loops that ask the kernel over and over at the moment.
    private static let busyPollers = Atomic<Int>(0)
    private static let busyPollersMax = max(ProcessorCount.available / 2, 1)

    /// Starts a loop with a thread of its own, which holds the loop until `stop`.
    package init(number: Int? = nil) throws(TransportError) {
        self.number = number
        let poller = try Poller()
        remote = poller.remote
        unsafe own = Own(poller)
        try Thread.start(named: "pg-event-loop") { self.run() }
    }

    /// For how long it asks the kernel over and over before it sleeps; see `EventLoops.busyPollTime`.
    package var busyPollTime: Duration {
        get { .nanoseconds(busyPollNanoseconds.load(ordering: .relaxed)) }
        set {
            let time = min(max(newValue, .zero), Self.busyPollTimeMax)
            busyPollNanoseconds.store(time.nanoseconds, ordering: .relaxed)
        }
    }

    /// Short enough to be added to any moment.
    private static let busyPollTimeMax = Duration.seconds(60)

    /// The number of sockets that the loop looks after.
    package var socketCount: Int { shared.withLock { $0.cells.count } }

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
        let token = shared.withLock { $0.cells.insert(cell) }
        do throws(TransportError) {
            try remote.add(descriptor, token: token)
        } catch {
            shared.withLock { $0.cells.remove(token) }
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
        shared.withLock { $0.cells.remove(token) }
    }

    /// Has the cell's wait looked at when the deadline has come.
    func schedule(_ cell: ReadinessCell, at deadline: MonotonicTime) {
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
            wait(nanoseconds: limit)
            signalReady()
        }
        thread.store(0, ordering: .relaxed)
    }

    /// Waits for what is ready, for so long at most; asks over and over first where that has paid lately.
    private func wait(nanoseconds limit: Int64) {
        unsafe own.ready.removeAll(keepingCapacity: true)
        let busyPollLimit = busyPollNanoseconds.load(ordering: .relaxed)
        guard busyPollLimit > 0, limit > 0 else {
            _ = poll(nanoseconds: limit)
            return
        }
        unsafe own.busyPoll.limit = busyPollLimit
        let time = unsafe min(own.busyPoll.time, limit)
        if time > 0, let found = busyPoll(nanoseconds: time) {
            unsafe own.busyPoll.asked(inVain: !found)
            if found { return }
        }
        let start = MonotonicTime.now.nanoseconds
        _ = poll(nanoseconds: limit)
        unsafe own.busyPoll.slept(MonotonicTime.now.nanoseconds - start)
    }

    /// Asks the kernel over and over: whether there was something; nil where too many loops do so already.
    private func busyPoll(nanoseconds time: Int64) -> Bool? {
        defer { Self.busyPollers.subtract(1, ordering: .relaxed) }
        guard Self.busyPollers.add(1, ordering: .relaxed).newValue <= Self.busyPollersMax else { return nil }
        let end = MonotonicTime.now.nanoseconds + time
        repeat {
            if poll(nanoseconds: 0) { return true }
        } while MonotonicTime.now.nanoseconds < end
        return false
    }

    /// Notes what is ready or becomes so within so much time (`.max`: no limit), and returns whether there was something.
    private func poll(nanoseconds limit: Int64) -> Bool {
        unsafe own.poller.wait(nanoseconds: limit == .max ? nil : limit) { unsafe own.ready.append($0) }
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
            return (
                [], shared.timers.earliest.map { max($0.nanoseconds - MonotonicTime.now.nanoseconds, -1) + 1 } ?? .max
            )
        }
        if !jobs.isEmpty { unsafe own.jobs.append(contentsOf: jobs) }
        return limit
    }

    /// Signals the cells of the descriptors that became ready and of the deadlines that have come.
    private func signalReady() {
        var signalled: [(cell: ReadinessCell, interest: Interest)] = []
        unsafe swap(&signalled, &own.signalled)
        let events = unsafe own.ready
        let due = shared.withLock { shared -> [TimerQueue.Entry] in
            shared.isAwake = true
            for event in events {
                if let cell = shared.cells[event.token] { signalled.append((cell, event.interest)) }
            }
            return shared.timers.removeDue()
        }
        for (cell, interest) in signalled { cell.signal(interest) }
        signalled.removeAll(keepingCapacity: true)
        unsafe own.signalled = signalled
        for entry in due {
            guard let cell = entry.cell, let later = cell.expire(entry.deadline) else { continue }
            schedule(cell, at: later)
        }
    }
}
