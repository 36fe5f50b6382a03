import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// A pool's state machine with everything around it: calls that wait, hold, give up and ask again, and connections that
/// are opened, cleaned up and closed.
struct PoolModel: StateModel {
    enum Event: Hashable {
        case ask(task: Int, isForStream: Bool)
        /// A call looks for its answer.
        case take(Int)
        /// A call's time is over.
        case withdraw(Int)
        case cancel(Int)
        /// The holder gives the connection back at once, or after a clean-up.
        case giveBack(Int), release(Int)
        /// The connection that a call was given turned out to be dead, or the call was cancelled in that instant.
        case askAgain(Int), decline(Int)
        case lose(Int)
        case lookAgain(Int)
        /// A connection is opened, or is not.
        case open(Int), fail(Int, isLasting: Bool)
        /// What was being cleaned up, checked or closed is done.
        case finish(Int)
        case retry, tick, shutDown
        case resize(Int)
        /// The server of a connection is not what the pool needs any more.
        case evict(Int)
    }

    private var machine: PoolStateMachine
    private var now = MonotonicTime.now
    private var nextCall = 0
    /// The calls that have no answer in hand, and the task of each.
    private var asking: [Int: Int] = [:]
    /// The connections in the hands of calls, and the task of each call.
    private var held: [Int: (call: Int, task: Int)] = [:]
    /// The answers that the pool gave and no call took: the calls, with their connections where they were given one.
    private var answered: [Int: Int?] = [:]
    private var opening: Set<Int> = []
    /// The connections that were opened and are not being closed, whoever has them.
    private var live: Set<Int> = []
    private var returning: Set<Int> = []
    private var closing: Set<Int> = []
    private var suspects: Set<Int> = []
    private var hasTimer = false
    private var isShutDown = false
    private var maximum: Int
    private var hasFinished = false

    init(connectionsMax: Int) {
        maximum = connectionsMax
        machine = PoolStateMachine(
            PostgresPoolConfiguration {
                $0.connectionsMax = connectionsMax
                $0.lifetimeJitter = 0
                $0.waitersMax = 4
            })
    }

    private static let tasks = 0..<3

    var events: [Event] {
        var events: [Event] = []
        for task in Self.tasks where !asking.values.contains(task) {
            events += [.ask(task: task, isForStream: false), .ask(task: task, isForStream: true)]
        }
        for call in asking.keys.sorted() { events += [.withdraw(call), .cancel(call)] }
        for call in answered.keys.sorted() { events.append(.take(call)) }
        for id in held.keys.sorted() {
            events += [.giveBack(id), .release(id), .lose(id), .askAgain(id), .decline(id)]
        }
        for id in live.sorted() { events.append(.evict(id)) }
        for call in suspects.sorted() { events.append(.lookAgain(call)) }
        for id in opening.sorted() { events += [.open(id), .fail(id, isLasting: false), .fail(id, isLasting: true)] }
        for id in (returning.union(closing)).sorted() { events.append(.finish(id)) }
        if hasTimer { events.append(.retry) }
        events.append(.tick)
        if !isShutDown { events += [.resize(1), .resize(3), .shutDown] }
        return events
    }

    /// Most pools live on, so that most ways are long.
    func weight(of event: Event) -> Double { event == .shutDown ? 0.1 : 1 }

    mutating func apply(_ event: Event) -> String? {
        now = now + .milliseconds(1)
        let problem = perform(event)
        return problem ?? check()
    }

    private mutating func perform(_ event: Event) -> String? {
        switch event {
        case .ask(let task, let isForStream):
            asking[nextCall] = task
            nextCall += 1
            return follow(machine.ask(waiter(nextCall - 1, task, isForStream), now: now))
        case .take(let call):
            let id = answered.removeValue(forKey: call) ?? nil
            switch (machine.takeAnswer(to: call), id) {
            case (.granted(let granted, _)?, let id?) where granted == id: hold(id, call)
            case (.refused?, nil): asking[call] = nil
            default: return "call \(call) took another answer than it was given"
            }
        case .withdraw(let call):
            let id = answered.removeValue(forKey: call)
            switch (machine.withdraw(call, now: now), id) {
            case (.granted(let granted, _), .some(.some(let id))) where granted == id: hold(id, call)
            case (.refused, .some(nil)), (.refused, nil): asking[call] = nil
            default: return "call \(call) withdrew and lost what it was given"
            }
        case .cancel(let call):
            (answered[call], asking[call]) = (nil, nil)
            return follow(machine.cancelled(call, now: now))
        default: return performOnConnection(event)
        }
        return nil
    }

    private mutating func performOnConnection(_ event: Event) -> String? {
        switch event {
        case .giveBack(let id):
            held[id] = nil
            return follow(machine.released(id, isSoon: true, now: now) + machine.returned(id, now: now))
        case .release(let id):
            held[id] = nil
            returning.insert(id)
            return follow(machine.released(id, isSoon: false, now: now))
        case .lose(let id):
            (held[id], _) = (nil, live.remove(id))
            return follow(machine.ended(id, now: now))
        case .askAgain(let id):
            guard let (call, task) = held.removeValue(forKey: id) else { return nil }
            asking[call] = task
            live.remove(id)
            return follow(machine.ended(id, now: now) + machine.askAgain(waiter(call, task, false), now: now))
        case .decline(let id):
            held[id] = nil
            return follow(machine.declined(id, now: now))
        case .open(let id):
            opening.remove(id)
            live.insert(id)
            return follow(machine.connected(id, jitter: 0, now: now))
        case .fail(let id, let isLasting):
            opening.remove(id)
            let error = PostgresError(
                isLasting ? .authenticationFailed : .connectFailed, "no", isConnectionUsable: false)
            return follow(machine.connectFailed(id, error, jitter: 0, now: now))
        case .finish(let id):
            if closing.remove(id) != nil { return follow(machine.ended(id, now: now)) }
            returning.remove(id)
            return follow(machine.returned(id, now: now))
        default: return performUpkeep(event)
        }
    }

    private mutating func performUpkeep(_ event: Event) -> String? {
        switch event {
        case .lookAgain(let call):
            suspects.remove(call)
            return follow(machine.lookAgain(at: call, now: now))
        case .retry:
            hasTimer = false
            now = now + .seconds(3)
            return follow(machine.retry(now: now))
        case .tick: return follow(machine.tick(now: now))
        case .resize(let count):
            maximum = count
            return follow(machine.resize(0...count, now: now))
        case .evict(let id): return follow(machine.evict([id], .demoted, now: now))
        case .shutDown:
            isShutDown = true
            return follow(machine.shutDown(now: now))
        default: return nil
        }
    }

    private func waiter(_ call: Int, _ task: Int, _ isForStream: Bool) -> PoolWaiter {
        PoolWaiter(id: call, asked: now, task: TaskIdentity(UInt64(task)), isForStream: isForStream)
    }

    private mutating func hold(_ id: Int, _ call: Int) {
        held[id] = (call, asking.removeValue(forKey: call) ?? 0)
    }

    private mutating func follow(_ decisions: [PoolDecision]) -> String? {
        for decision in decisions {
            switch decision {
            case .connect(let id): opening.insert(id)
            case .grant(let call, let id, _):
                guard asking[call] != nil, answered[call] == nil else { return "call \(call) was answered twice" }
                answered[call] = .some(id)
            case .refuse(let call, _):
                guard asking[call] != nil, answered[call] == nil else { return "call \(call) was answered twice" }
                answered[call] = .some(nil)
            case .check(let id): returning.insert(id)
            case .close(let id, _):
                guard held[id] == nil else { return "connection \(id) was closed in its lease" }
                closing.insert(id)
                live.remove(id)
            case .retry: hasTimer = true
            case .lookAgain(let call, _): suspects.insert(call)
            case .report: break
            case .finish: hasFinished = true
            }
        }
        return nil
    }

    // MARK: what always holds

    private func check() -> String? {
        let statistics = machine.statistics
        let granted = answered.values.compactMap(\.self)
        let waiting = asking.keys.count { answered[$0] == nil }
        if statistics.leased != held.count + granted.count { return "\(statistics.leased) leased, \(held.count) held" }
        if Set(granted).count != granted.count || granted.contains(where: { held[$0] != nil }) {
            return "a connection was granted twice"
        }
        if statistics.waiting != waiting { return "\(statistics.waiting) waiting, \(waiting) asking" }
        if statistics.connecting != opening.count {
            return "\(statistics.connecting) connecting, \(opening.count) opening"
        }
        if statistics.returning != returning.count + closing.count { return "a connection is lost on its way back" }
        if waiting > 0, statistics.idle > 0 { return "a call waits although a connection is idle" }
        if waiting > 0, statistics.total < maximum, opening.isEmpty, returning.isEmpty, !hasTimer, !isShutDown {
            return "a call waits and nothing will come"
        }
        if isShutDown, waiting > 0 { return "a call waits for a pool that is closed" }
        if isShutDown, statistics.total == 0, !hasFinished { return "the end was not told" }
        return nil
    }

    mutating func settle() -> String? {
        for _ in 0..<1_000 {
            let next =
                answered.keys.min().map(Event.take) ?? held.keys.min().map(Event.giveBack)
                ?? opening.min().map(Event.open) ?? closing.min().map(Event.finish) ?? returning.min().map(Event.finish)
                ?? suspects.min().map(Event.lookAgain) ?? (hasTimer ? .retry : nil)
            guard let next else { break }
            if let problem = apply(next) { return problem }
        }
        guard asking.isEmpty else { return "calls wait for ever: \(asking.keys.sorted())" }
        let statistics = machine.statistics
        return statistics.leased == 0 && statistics.idle == statistics.total ? nil : "a slot is lost: \(statistics)"
    }
}
