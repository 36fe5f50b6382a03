import Glibc

/// The schedules of a run.
struct ScheduleQueue {
    var seed: UInt64 = 0
    var count = 0
    /// Whether what happens is printed.
    var isReplay = false
    private var number = 0
    private var steps = 0

    /// The next schedule; nil after the last.
    mutating func next() -> Schedule? {
        guard number < count else { return nil }
        defer { number += 1 }
        return Schedule(seed: seed &+ UInt64(number))
    }

    /// A schedule is over. The first that went wrong ends the process.
    mutating func finish(_ schedule: Schedule, _ problem: String?, _ world: World) {
        steps += world.steps
        if isReplay { print(world.trace.joined(separator: "\n"), "fingerprint \(world.fingerprint)", separator: "\n") }
        guard let problem else { return }
        print("schedule \(schedule.seed), the \(number)th: \(problem)")
        print("again, with every step: interleavings --replay \(schedule.seed)")
        exit(1)
    }

    /// All schedules are over.
    func end() -> Never {
        print("\(count) schedules from seed \(seed), \(steps) steps: nothing went wrong")
        exit(0)
    }
}
