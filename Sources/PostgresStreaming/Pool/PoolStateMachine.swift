import PostgresTransport

/// What a pool decides, without doing it: events go in, decisions come out.
///
/// It has no clock, lock, task or connection. Connections are numbers here, and time comes with the events. After every
/// event this holds: a call waits only if no connection is idle that it could have, and as many connections are coming as
/// calls wait, as far as the maximum and the pause behind a failure allow.
package struct PoolStateMachine {
    /// A connection's number.
    package typealias ConnectionID = Int
    /// A time.
    package typealias Instant = MonotonicTime

    enum Phase {
        case connecting
        /// Nobody uses it; it was known to be alive at that time.
        case idle(since: Instant)
        case leased(PoolLease)
        /// It was given back; `isSoon`: it will be free in a round trip, so that nobody connects in its place.
        case returning(isSoon: Bool)
        case closing
    }

    struct Member {
        var phase: Phase
        /// When it is too old.
        var expires: Instant
        /// When the last lease ended.
        var unusedSince: Instant
        /// Why it is to be closed as soon as it is free.
        var unfit: PostgresPoolHooks.CloseReason?
        /// The round of attempts to which connecting belonged.
        var round: Int
        /// The event loop that it lives on, or is to live on; nil where any will do.
        var loop: Int?
    }

    var configuration: PostgresPoolConfiguration
    var members: [ConnectionID: Member] = [:]
    /// The idle connections; the one that was used last is at the end and the first to be lent.
    var idle: [ConnectionID] = []
    var queue = PoolQueue()
    /// The answers that no call has taken yet.
    private var answers = PoolAnswers()
    private var overload: PoolOverload
    var backoff: PoolBackoff
    private var nextConnection = 0
    /// Whether the minimum is kept, which it is once somebody looks after the pool.
    var keepsMinimum = false
    var isShuttingDown = false
    var counts = PoolStatistics()
    var decisions: [PoolDecision] = []

    /// Creates a pool without connections.
    package init(_ configuration: PostgresPoolConfiguration) {
        self.configuration = configuration
        overload = PoolOverload(configuration)
        backoff = PoolBackoff(configuration)
    }

    // MARK: calls

    /// A call wants a connection.
    package mutating func ask(_ waiter: PoolWaiter, now: Instant) -> [PoolDecision] {
        guard !isShuttingDown else { return refuse(waiter, .poolClosed) }
        if let error = backoff.lasting(now), !hasLiveMember { return refuse(waiter, error) }
        queue.append(waiter)
        settle(now)
        guard queue.contains(waiter.id) else { return take() }
        if queue.count > configuration.waitersMax {
            queue.remove(waiter.id)
            return refuse(waiter, .poolQueueFull(configuration.waitersMax))
        }
        lookForCircle(closedBy: waiter, now)
        return take()
    }

    /// A call was granted a connection that turned out to be of no use, and wants another one before everybody else.
    package mutating func askAgain(_ waiter: PoolWaiter, now: Instant) -> [PoolDecision] {
        counts.leases -= 1
        guard !isShuttingDown else { return refuse(waiter, .poolClosed) }
        queue.prepend(waiter)
        settle(now)
        return take()
    }

    /// A call was granted a connection and does not want it any more.
    package mutating func declined(_ id: ConnectionID, now: Instant) -> [PoolDecision] {
        counts.leases -= 1
        counts.failures += 1
        return offer(id, now)
    }

    /// Returns what became of a call, once; nil while it waits.
    package mutating func takeAnswer(to id: PoolWaiter.ID) -> PoolAnswer? { answers.take(id) }

    /// A call's time is over. An answer that came first counts: the call has its connection in time.
    ///
    /// - Parameter underWay: the attempts to connect that are under way, as a person reads them.
    package mutating func withdraw(_ id: PoolWaiter.ID, underWay: [String] = [], now: Instant) -> PoolAnswer {
        if let answer = answers.take(id) { return answer }
        guard let waiter = queue.remove(id) else { return .refused(.poolClosed) }
        counts.failures += 1
        if !hasLiveMember, let error = backoff.lastError { return .refused(error) }
        let returning = members.values.count { if case .returning = $0.phase { true } else { $0.isClosing } }
        let scene = PoolScene(
            connectionsMax: configuration.connectionsMax, holders: holders(now), underWay: underWay,
            returning: returning, waiting: queue.count, lastError: backoff.lastError)
        return .refused(.poolTimedOut(waited: now - waiter.asked, scene))
    }

    /// A call's task was cancelled. A connection that it was granted before that goes to the next call.
    package mutating func cancelled(_ id: PoolWaiter.ID, now: Instant) -> [PoolDecision] {
        switch answers.take(id) {
        case .granted(let connection, _): return declined(connection, now: now)
        case .refused: break
        case nil: if queue.remove(id) != nil { counts.failures += 1 }
        }
        return settled(now)
    }

    private mutating func refuse(_ waiter: PoolWaiter, _ error: PostgresError) -> [PoolDecision] {
        refuse(waiter.id, error)
        return take()
    }

    /// Answers a call that it gets no connection.
    mutating func refuse(_ id: PoolWaiter.ID, _ error: PostgresError) {
        counts.failures += 1
        answers.append(.refused(error), to: id)
        decisions.append(.refuse(id, error))
    }

    private func holders(_ now: Instant) -> [(lease: PoolLease, time: Duration)] {
        members.values.compactMap { if case .leased(let lease) = $0.phase { (lease, now - lease.since) } else { nil } }
    }

    // MARK: connections

    /// A connection came about.
    ///
    /// - Parameters:
    ///   - loop: the event loop that it lives on.
    ///   - jitter: from 0 to 1, by which its lifetime is shortened.
    package mutating func connected(
        _ id: ConnectionID, onLoop loop: Int? = nil, jitter: Double, now: Instant
    ) -> [PoolDecision] {
        counts.opened += 1
        members[id]?.loop = loop
        backoff.reset()
        members[id]?.expires = now + configuration.lifetimeMax * (1 - configuration.lifetimeJitter * jitter)
        members[id]?.unusedSince = now
        return offer(id, now)
    }

    /// A connection did not come about.
    ///
    /// - Parameter jitter: from 0 to 1, by which the pause before the next attempt is shortened.
    package mutating func connectFailed(
        _ id: ConnectionID, _ error: PostgresError, jitter: Double, now: Instant
    ) -> [PoolDecision] {
        let round = members.removeValue(forKey: id)?.round ?? backoff.round
        backoff.note(error, of: round, jitter: jitter, now: now)
        let isHopeless = backoff.lasting(now) != nil && !hasLiveMember
        for waiter in isHopeless ? queue.removeAll() : queue.removeImpatient() { refuse(waiter.id, error) }
        return settled(now)
    }

    /// A lease is over and its connection is being cleaned up.
    ///
    /// - Parameter isSoon: whether one round trip will do.
    package mutating func released(_ id: ConnectionID, isSoon: Bool, now: Instant) -> [PoolDecision] {
        members[id]?.phase = .returning(isSoon: isSoon)
        members[id]?.unusedSince = now
        return settled(now)
    }

    /// A connection is ready for the next lease.
    package mutating func returned(_ id: ConnectionID, now: Instant) -> [PoolDecision] { offer(id, now) }

    /// A connection ended.
    package mutating func ended(_ id: ConnectionID, now: Instant) -> [PoolDecision] {
        guard members.removeValue(forKey: id) != nil else { return [] }
        idle.removeAll { $0 == id }
        counts.closed += 1
        return settled(now)
    }

    private mutating func offer(_ id: ConnectionID, _ now: Instant) -> [PoolDecision] {
        if let reason = unfitness(of: id, now) {
            close(id, reason)
        } else {
            members[id]?.phase = .idle(since: now)
            idle.insert(id, at: place(of: id))
        }
        return settled(now)
    }

    /// Where a connection stands among the idle ones; one that was only checked stays behind those used later.
    private func place(of id: ConnectionID) -> Int {
        guard let time = members[id]?.unusedSince else { return idle.count }
        return (idle.lastIndex { members[$0].map { $0.unusedSince <= time } ?? true } ?? -1) + 1
    }

    func unfitness(of id: ConnectionID, _ now: Instant) -> PostgresPoolHooks.CloseReason? {
        guard let member = members[id] else { return nil }
        if isShuttingDown { return .shutDown }
        if let reason = member.unfit { return reason }
        if member.expires <= now { return .expired }
        return members.count > configuration.connectionsMax ? .unused : nil
    }

    mutating func close(_ id: ConnectionID, _ reason: PostgresPoolHooks.CloseReason) {
        members[id]?.phase = .closing
        decisions.append(.close(id, reason))
    }

    // MARK: what follows from an event

    mutating func settled(_ now: Instant) -> [PoolDecision] {
        settle(now)
        return take()
    }

    private mutating func take() -> [PoolDecision] {
        defer { decisions.removeAll(keepingCapacity: true) }
        return decisions
    }

    private mutating func settle(_ now: Instant) {
        for waiter in overload.shed(&queue, now) { refuse(waiter.id, .poolOverloaded(waited: now - waiter.asked)) }
        while let waiter = queue.first, let id = takeIdle(for: waiter, now) {
            grant(id, to: waiter, now)
        }
        supply(now)
        if isShuttingDown, members.isEmpty { decisions.append(.finish) }
    }

    private mutating func grant(_ id: ConnectionID, to waiter: PoolWaiter, _ now: Instant) {
        guard let member = members[id], case .idle(let since) = member.phase else { return }
        queue.remove(waiter.id)
        overload.note(sojourn: now - waiter.asked)
        counts.leases += 1
        members[id]?.phase = .leased(
            PoolLease(since: now, label: waiter.label, task: waiter.task, isForStream: waiter.isForStream))
        let isToBeChecked = now - since > configuration.checkIdleTime
        answers.append(.granted(id, isToBeChecked: isToBeChecked), to: waiter.id)
        decisions.append(.grant(waiter.id, id, isToBeChecked: isToBeChecked))
    }

    /// Takes the connection that was used last, of those that may be lent; for a call that runs on an event loop one of that
    /// loop, if there is one: its answers wake no other thread.
    private mutating func takeIdle(for waiter: PoolWaiter, _ now: Instant) -> ConnectionID? {
        while !idle.isEmpty {
            let place = waiter.loop.flatMap { loop in idle.lastIndex { members[$0]?.loop == loop } }
            let id = idle.remove(at: place ?? idle.count - 1)
            guard let reason = unfitness(of: id, now) else { return id }
            close(id, reason)
        }
        return nil
    }

    /// Has as many connections come as calls wait, and as many be there as the minimum says.
    private mutating func supply(_ now: Instant) {
        guard !isShuttingDown else { return }
        if !queue.isEmpty { supplyQueue(now) }
        guard keepsMinimum, members.count < configuration.connectionsMin else { return }
        // Nobody waits for these, so the server gets few at a time.
        var connecting = members.values.count { $0.isConnecting }
        while members.count < configuration.connectionsMin, connecting < Self.connectingMax, connect(now) {
            connecting += 1
        }
    }

    private static let connectingMax = 8

    private mutating func supplyQueue(_ now: Instant) {
        var coming = members.values.count { $0.isComing }
        while coming < queue.count, members.count < configuration.connectionsMax {
            guard connect(now) else { return }
            coming += 1
        }
    }

    /// False where connecting has to wait.
    private mutating func connect(_ now: Instant) -> Bool {
        // While servers do not answer, one attempt at a time finds out when they do again.
        if backoff.hasFailed, members.values.contains(where: \.isConnecting) { return false }
        guard backoff.isOver(now) else {
            if let time = backoff.timeToSchedule() { decisions.append(.retry(at: time)) }
            return false
        }
        members[nextConnection] = Member(
            phase: .connecting, expires: now, unusedSince: now, round: backoff.round, loop: queue.first?.loop)
        decisions.append(.connect(nextConnection))
        nextConnection += 1
        return true
    }

    /// The event loop that a connection lives on, or is to live on; nil where any will do.
    package func loop(of id: ConnectionID) -> Int? { members[id]?.loop }

    /// Whether there is a connection that calls may get in time.
    private var hasLiveMember: Bool {
        members.values.contains { if case .connecting = $0.phase { false } else { true } }
    }
}

extension PoolStateMachine.Member {
    fileprivate var isConnecting: Bool { if case .connecting = phase { true } else { false } }
    fileprivate var isClosing: Bool { if case .closing = phase { true } else { false } }

    /// Whether it will be free before long.
    fileprivate var isComing: Bool {
        switch phase {
        case .connecting: true
        case .returning(let isSoon): isSoon && unfit == nil
        default: false
        }
    }
}
