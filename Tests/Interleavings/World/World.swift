import Glibc
import PostgresTestSupport

// One thread runs everything: the library's event loop, on whose thread this process stays, and inside the loop's wait in
// the kernel all other tasks, the servers and the clock. What comes next is drawn from a generator with a seed, wherever a
// task was suspended, bytes are on their way or time may pass. So a seed is a schedule, and the same seed the same one.

/// Everything that can happen to the library's code in one process, and the order in which it does.
@safe
final class World: @unchecked Sendable {
    static let shared = World()

    var generator = SeededGenerator(seed: 0)
    /// Nanoseconds of the only clock there is.
    private(set) var now: Int64 = 1_000_000_000_000
    /// What runs on no loop: tasks of callers, connects of a pool.
    private var jobs: [UnownedJob] = []
    private var sleepers: [(end: Int64, job: UnownedJob)] = []
    var kernel = Kernel()
    /// What happened, in a few letters each; kept where a schedule is replayed.
    private(set) var trace: [String] = []
    var keepsTrace = false
    /// A number made of everything that happened: the same for the same schedule.
    private(set) var fingerprint: UInt64 = 0
    private(set) var steps = 0
    private var isLoopToLook = true
    /// The running schedule; nil before the first.
    private var schedule: Schedule?
    private var queue = ScheduleQueue()

    private init() {}

    // MARK: what the runtime asks for

    func enqueue(_ job: UnownedJob) { jobs.append(job) }

    func enqueue(_ job: UnownedJob, after delay: Duration) {
        sleepers.append((now + max(0, Int64(delay / .nanoseconds(1))), job))
    }

    // MARK: the loop's wait

    /// Takes the place of the kernel's wait: has things happen until the loop has to look, and returns what became ready.
    func wait(nanoseconds limit: Int64?, eventsMax: Int) -> [Kernel.Event] {
        let end = limit.map { now &+ $0 }
        while true {
            tick(1_000)
            if let events = step(loopEnd: end, eventsMax) { return events }
        }
    }

    /// Has one thing happen. Returns what the loop's wait returns with, nil where the loop need not look yet.
    private func step(loopEnd: Int64?, _ eventsMax: Int) -> [Kernel.Event]? {
        let hasJob = !jobs.isEmpty
        let hasWork = kernel.hasWork(at: now)
        let hasEvents = kernel.hasReady
        // Time may pass whatever there is to do: limits run out while others are at work.
        if hasJob || hasWork || hasEvents, chance(1, of: 40), let events = passTime(loopEnd, isShort: true) {
            return events
        }
        switch (hasJob, hasWork, hasEvents) {
        case (true, _, _) where !hasWork && !hasEvents || chance(1, of: 2):
            runJob()
            return chance(1, of: 2) ? look() : nil
        case (_, true, _) where !hasEvents || chance(1, of: 2):
            let what = kernel.work(self)
            note(what)
            return nil
        case (_, _, true):
            note("ready")
            isLoopToLook = false
            return kernel.takeReady(max: eventsMax, self)
        default: break
        }
        if isLoopToLook { return look() }
        if let events = passTime(loopEnd) { return events }
        advanceSchedule()
        return look()
    }

    private func look() -> [Kernel.Event] {
        isLoopToLook = false
        return []
    }

    private func runJob() {
        let index = Int.random(in: 0..<jobs.count, using: &generator)
        let job = jobs.remove(at: index)
        note("job \(index)")
        isLoopToLook = true
        unsafe job.runSynchronously(on: WorldExecutor.shared.asUnownedTaskExecutor())
    }

    /// Lets the clock jump to what is due first; nil where nothing ever is.
    ///
    /// - Parameter isShort: whether only a short time may pass, because others are at work meanwhile.
    private func passTime(_ loopEnd: Int64?, isShort: Bool = false) -> [Kernel.Event]? {
        let sleeper = sleepers.indices.min { sleepers[$0].end < sleepers[$1].end }
        let ends = [loopEnd, sleeper.map { sleepers[$0].end }, kernel.nextWork(after: now)]
        guard let end = ends.compactMap(\.self).min(), !isShort || end - now <= Self.shortNanoseconds else {
            return nil
        }
        now = max(now, end)
        note("time")
        if let sleeper, sleepers[sleeper].end <= now {
            jobs.append(sleepers.remove(at: sleeper).job)
        }
        return look()
    }

    private static let shortNanoseconds: Int64 = 50_000_000

    // MARK: schedules

    /// Has these schedules happen, one after the other, and ends the process.
    func begin(_ queue: ScheduleQueue) {
        self.queue = queue
        keepsTrace = queue.isReplay
    }

    /// Nothing can happen any more: the schedule that ran is over, one way or the other.
    private func advanceSchedule() {
        if let schedule {
            let problem = schedule.problem(in: self)
            queue.finish(schedule, problem, self)
        }
        guard let next = queue.next() else { queue.end() }
        (trace, fingerprint, steps) = ([], 0, 0)
        generator = SeededGenerator(seed: next.seed)
        kernel = Kernel()
        schedule = next
        next.begin(in: self)
    }

    // MARK: small things

    /// What the running schedule is made from.
    var seed: UInt64 { schedule?.seed ?? 0 }

    func chance(_ count: Int, of all: Int) -> Bool { Int.random(in: 0..<all, using: &generator) < count }

    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    func tick(_ nanoseconds: Int64) { now += nanoseconds }

    func note(_ what: @autoclosure () -> String) {
        steps += 1
        guard keepsTrace else { return }
        let text = what()
        trace.append("\(now - 1_000_000_000_000) \(text)")
        for byte in text.utf8 { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
