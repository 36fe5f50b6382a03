/// What decides how the waits of a `ReadinessCell` end: signals, deadlines and cancellations go in, and each answer says
/// whether the parked task is to be resumed.
///
/// It holds no task, lock or clock. A wait ends once: what comes after the event that ended it finds no task parked.
package struct ReadinessWait: Sendable {
    /// Whether a task is parked.
    package private(set) var isParked = false
    /// What the parked task waits for.
    private var awaited: Interest = []
    /// What was signalled while no task waited for it.
    private var marked: Interest = []
    /// The task was cancelled before it parked.
    private var isCancelled = false
    private var deadline: MonotonicTime?
    /// The earliest time at which the loop's timers call; later calls may follow and find nothing to do.
    private var scheduled: MonotonicTime?

    /// Creates what no task waits for yet.
    package init() {}

    /// What becomes of a task that wants to wait.
    package enum Parking: Hashable, Sendable {
        /// It need not: its wait is over.
        case ended(WaitOutcome)
        /// It waits; `isToBeScheduled`: the timers have to be told of its deadline.
        case parked(isToBeScheduled: Bool)
    }

    /// A task wants to wait.
    package mutating func park(_ interest: Interest, deadline: MonotonicTime?) -> Parking {
        precondition(!isParked, "one task waits on a descriptor at a time")
        if isCancelled { return .ended(.cancelled) }
        if !marked.isDisjoint(with: interest) {
            marked.subtract(interest)
            return .ended(.ready)
        }
        isParked = true
        awaited = interest
        self.deadline = deadline
        return .parked(isToBeScheduled: deadline.map { schedule($0) } ?? false)
    }

    /// Something became ready. Returns whether the parked task waited for that.
    package mutating func signal(_ interest: Interest) -> Bool {
        guard !awaited.isDisjoint(with: interest) else {
            marked.formUnion(interest)
            return false
        }
        // What was not awaited stays a mark: the other direction's edge comes only once.
        marked.formUnion(interest.subtracting(awaited))
        return unpark()
    }

    /// The task was cancelled. Returns whether it was parked; if not, its wait ends as soon as it begins.
    package mutating func cancel() -> Bool {
        guard !isParked else { return unpark() }
        isCancelled = true
        return false
    }

    /// The task goes on after a wait. A cancellation that came too early or too late for it must not reach the next one.
    package mutating func finish() { isCancelled = false }

    /// The timers call with a time that they were told. Returns whether the parked task's time is over, and when to call
    /// again.
    package mutating func expire(
        _ time: MonotonicTime
    ) -> (isOver: Bool, later: MonotonicTime?) {
        if scheduled == time { scheduled = nil }
        guard let deadline else { return (false, nil) }
        guard deadline > time else { return (unpark(), nil) }
        return (false, schedule(deadline) ? deadline : nil)
    }

    /// Whether the call that the timers owe at that time is the next one.
    package func isScheduled(at time: MonotonicTime) -> Bool { scheduled == time }

    private mutating func unpark() -> Bool {
        defer { (isParked, awaited, deadline) = (false, [], nil) }
        return isParked
    }

    /// Notes that the timers are to call at `time`, and returns whether they have to be told.
    private mutating func schedule(_ time: MonotonicTime) -> Bool {
        if let scheduled, scheduled <= time { return false }
        scheduled = time
        return true
    }
}
