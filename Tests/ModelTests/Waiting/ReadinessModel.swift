import PostgresTestSupport
import PostgresTransport

/// A cell's waits with a task that waits again and again, descriptors and other tasks that signal, a canceller and the
/// loop's timers.
struct ReadinessModel: StateModel {
    enum Event: Hashable {
        /// The task waits: for what may be read, written, both or nothing, for so many milliseconds; nil: without limit.
        case wait(Wanted, milliseconds: Int?)
        case signal(Wanted)
        case cancelTask
        /// The earliest call that the timers owe is due.
        case expire
        /// The task that was resumed goes on, and is back from its wait.
        case proceed
    }

    enum Wanted: Hashable, CaseIterable {
        case reading, writing, both, nothing

        var interest: Interest {
            switch self {
            case .reading: .readable
            case .writing: .writable
            case .both: [.readable, .writable]
            case .nothing: []
            }
        }
    }

    private enum Task {
        case working
        case parked(Interest, deadline: MonotonicTime?)
        case resumed
    }

    private var machine = ReadinessWait()
    private var task = Task.working
    private var isCancelled = false
    /// What was signalled and no wait has answered to.
    private var ready: Interest = []
    private var timers: [MonotonicTime] = []
    private var now = MonotonicTime.now

    var events: [Event] {
        var events: [Event] = [.signal(.reading), .signal(.writing), .signal(.both)]
        if !isCancelled { events.append(.cancelTask) }
        if !timers.isEmpty { events.append(.expire) }
        switch task {
        case .working:
            for wanted in Wanted.allCases {
                events += [.wait(wanted, milliseconds: 1), .wait(wanted, milliseconds: 3)]
            }
            events += [.wait(.reading, milliseconds: nil), .wait(.both, milliseconds: nil)]
        case .parked: break
        case .resumed: events.append(.proceed)
        }
        return events
    }

    /// A task is cancelled once.
    func weight(of event: Event) -> Double { event == .cancelTask ? 0.2 : 1 }

    mutating func apply(_ event: Event) -> String? {
        perform(event) ?? check()
    }

    private mutating func perform(_ event: Event) -> String? {
        switch event {
        case .wait(let wanted, let milliseconds):
            return wait(for: wanted.interest, until: milliseconds.map { now + .milliseconds($0) })
        case .signal(let wanted):
            ready.formUnion(wanted.interest)
            return machine.signal(wanted.interest) ? resume(as: .ready) : nil
        case .cancelTask:
            isCancelled = true
            // The handler of a wait that is over may still run; one of a wait to come runs when that begins.
            if case .working = task { return nil }
            return machine.cancel() ? resume(as: .cancelled) : nil
        case .expire: return expire()
        case .proceed:
            machine.finish()
            task = .working
            return nil
        }
    }

    private mutating func wait(for interest: Interest, until deadline: MonotonicTime?) -> String? {
        task = .parked(interest, deadline: deadline)
        if isCancelled, machine.cancel() { return "a task was resumed that was not parked" }
        switch machine.park(interest, deadline: deadline) {
        case .ended(let outcome): return resume(as: outcome)
        case .parked(let isToBeScheduled):
            if isToBeScheduled, let deadline { timers.append(deadline) }
            return nil
        }
    }

    private mutating func expire() -> String? {
        guard let time = timers.min(), let index = timers.firstIndex(of: time) else { return nil }
        timers.remove(at: index)
        now = max(now, time)
        let (isOver, later) = machine.expire(time)
        if let later { timers.append(later) }
        return isOver ? resume(as: .timedOut) : nil
    }

    private mutating func resume(as outcome: WaitOutcome) -> String? {
        guard case .parked(let interest, let deadline) = task else { return "a task was resumed twice" }
        task = .resumed
        switch outcome {
        case .ready where ready.isDisjoint(with: interest): return "a wait ended as ready, and nothing was signalled"
        case .ready: ready.subtract(interest)
        case .timedOut where deadline.map { $0 > now } ?? true: return "a wait ended before its time"
        case .cancelled where !isCancelled: return "a wait ended as cancelled, and its task was not"
        case .timedOut, .cancelled: break
        }
        return nil
    }

    // MARK: what always holds

    private func check() -> String? {
        guard case .parked(let interest, let deadline) = task else {
            return machine.isParked ? "a task that goes on is taken for parked" : nil
        }
        if !machine.isParked { return "a task is parked and was forgotten" }
        if isCancelled { return "a task waits although it was cancelled" }
        if !ready.isDisjoint(with: interest) { return "a task waits although it could go on" }
        if let deadline, !timers.contains(where: { $0 <= deadline }) { return "a deadline will not be noticed" }
        return nil
    }

    mutating func settle() -> String? {
        while !timers.isEmpty {
            if let problem = apply(.expire) { return problem }
        }
        if case .parked(_, deadline: _?) = task { return "a task waits beyond its deadline" }
        return nil
    }
}
