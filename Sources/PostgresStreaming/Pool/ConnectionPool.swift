import PostgresTransport

/// Does what the pool's state machine decides: connects, lends, cleans up, closes.
///
/// All state lies behind one lock, which is held for a decision and never while something is waited for. Every
/// connection is in one hand at a time: the pool's while it is idle or closing, a lease's, or that of the task that brings
/// it back.
final class ConnectionPool: Sendable {
    struct State {
        var machine: PoolStateMachine
        /// The connections in the pool's hands.
        var connections: [PoolStateMachine.ConnectionID: PooledConnection] = [:]
        /// Of every connection that is open, also of those that are lent.
        var whereabouts: [PoolStateMachine.ConnectionID: PooledConnection.Whereabouts] = [:]
        /// The attempts to connect that are under way.
        var attempts: [PoolStateMachine.ConnectionID: PoolAttempt] = [:]
        /// Where calls wait that have no answer yet.
        var cells: [PoolWaiter.ID: ReadinessCell] = [:]
        var nextTicket = 0
        /// Those who wait until the last connection has ended.
        var closers: [ReadinessCell] = []
        var isFinished = false
        /// How many tasks look after the pool.
        var upkeepCount = 0
        var hasWarned = false
        /// The statistics as the metrics have them.
        var reported = PoolStatistics()
    }

    let configuration: PostgresConfiguration
    let settings: PostgresPoolConfiguration
    /// Why the pool cannot work as it was configured; nil where it can.
    let misconfiguration: PostgresError?
    let observation: PoolObservation
    /// What is known of the servers, and where the pool's connections lead.
    let hosts: HostBalance
    let begun = MonotonicTime.now
    let state: Locked<State>

    init(
        _ configuration: PostgresConfiguration, _ settings: PostgresPoolConfiguration, hosts: HostMemory? = nil
    ) {
        self.configuration = configuration
        self.hosts = HostBalance(hosts ?? HostMemory(recheckInterval: settings.hostRecheckInterval))
        self.settings = settings
        misconfiguration = settings.misconfiguration
        observation = PoolObservation(configuration)
        state = Locked(State(machine: PoolStateMachine(settings)))
    }

    deinit {
        // Whoever holds a connection of the pool holds the pool as well, so these are idle.
        state.withLock { state in
            for connection in state.connections.values { connection.close() }
        }
    }

    /// Where the pool stands.
    var statistics: PoolStatistics { state.withLock { $0.machine.statistics } }

    // MARK: from events to effects

    /// What is done outside of the lock.
    private enum Effect: Sendable {
        case connect(PoolStateMachine.ConnectionID)
        case signal(ReadinessCell)
        case check(PooledConnection)
        case close(PooledConnection, PostgresPoolHooks.CloseReason)
        case retry(at: MonotonicTime)
        case lookAgain(PoolWaiter.ID, at: MonotonicTime)
        case report(connection: Int?, PoolLease, Duration)
    }

    /// Has the state machine decide about an event, and does what it decides.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - change: what belongs to the event, done before it.
    ///   - result: what is to be known of the state that it led to, before anything else can change it.
    @discardableResult
    func handle<Result: Sendable>(
        _ event: (inout PoolStateMachine, MonotonicTime) -> [PoolDecision],
        alongside change: (inout State) -> Void = { _ in },
        returning result: (inout State) -> Result = { _ in }
    ) -> Result {
        let (effects, returned) = state.withLock { state in
            change(&state)
            let decisions = event(&state.machine, .now)
            observation.note(state.machine.statistics, &state.reported)
            let effects = decisions.flatMap { Self.effects(of: $0, &state) }
            return (effects, result(&state))
        }
        for effect in effects { carryOut(effect) }
        return returned
    }

    /// Does of a decision what is done under the lock, and returns the rest.
    private static func effects(of decision: PoolDecision, _ state: inout State) -> [Effect] {
        switch decision {
        case .connect(let id): return [.connect(id)]
        case .grant(let waiter, _, _), .refuse(let waiter, _):
            return state.cells.removeValue(forKey: waiter).map { [.signal($0)] } ?? []
        case .check(let id): return state.connections.removeValue(forKey: id).map { [.check($0)] } ?? []
        case .close(let id, let reason):
            return state.connections.removeValue(forKey: id).map { [.close($0, reason)] } ?? []
        case .retry(let time): return [.retry(at: time)]
        case .lookAgain(let waiter, let time): return [.lookAgain(waiter, at: time)]
        case .report(let id, let lease, let time):
            return [.report(connection: state.whereabouts[id]?.number, lease, time)]
        case .finish:
            state.isFinished = true
            defer { state.closers = [] }
            return state.closers.map { .signal($0) }
        }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .connect(let id): connect(id)
        case .signal(let cell): cell.signal(.readable)
        case .check(let connection): check(connection)
        case .close(let connection, let reason):
            close(connection)
            ended(connection.id, reason)
        case .retry(let time): later(at: time) { $0.retry(now: $1) }
        case .lookAgain(let waiter, let time): later(at: time) { $0.lookAgain(at: waiter, now: $1) }
        case .report(let number, let lease, let time): observation.longLease(lease, time, on: number)
        }
    }

    private func later(
        at time: MonotonicTime,
        _ event: @escaping @Sendable (inout PoolStateMachine, MonotonicTime) -> [PoolDecision]
    ) {
        Task.detached { [self] in
            try? await Task.sleep(for: MonotonicTime.now.duration(to: time))
            handle(event)
        }
    }
}
