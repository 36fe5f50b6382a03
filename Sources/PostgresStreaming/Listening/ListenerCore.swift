import PostgresTransport

/// What a listener, its consumer and the task of its session share: the state machine under one lock, and where they wait.
final class ListenerCore: Sendable {
    private struct State {
        var machine: ListenerStateMachine
        /// Where the session waits for its server; nil where there is none.
        var session: ReadinessCell?
        var task: Task<Void, Never>?
    }

    let configuration: PostgresConfiguration
    /// The pool's, for the pauses between attempts to connect.
    let pool: PostgresPoolConfiguration
    let options: PostgresListenerOptions
    let hosts: HostBalance
    let loop: EventLoop
    private let state: Locked<State>
    /// Where the consumer waits.
    private let elements: ReadinessCell
    /// Where the session waits for the consumer.
    private let room: ReadinessCell

    init(
        _ configuration: PostgresConfiguration, _ pool: PostgresPoolConfiguration, _ hosts: HostMemory,
        _ options: PostgresListenerOptions
    ) throws(PostgresError) {
        self.configuration = configuration
        self.pool = pool
        self.options = options
        self.hosts = HostBalance(hosts)
        loop = try EventLoop.forConnection()
        elements = ReadinessCell(loop: loop)
        room = ReadinessCell(loop: loop)
        state = Locked(State(machine: ListenerStateMachine(options)))
    }

    /// Begins to connect.
    func start() {
        let task = Task.detached(executorPreference: loop) { [self] in
            var run = ListenerRun(self)
            await run.run()
        }
        state.withLock { $0.task = task }
    }

    /// Has the machine take an event, and does what follows.
    @discardableResult
    private func handle<Result: Sendable, Failure: Error>(
        _ event: (inout State) throws(Failure) -> (Result, ListenerStateMachine.Effects)
    ) throws(Failure) -> Result {
        let (result, effects, session, task) = try state.withLock { state throws(Failure) in
            let (result, effects) = try event(&state)
            return (result, effects, state.session, effects.contains(.stop) ? state.task : nil)
        }
        if effects.contains(.wakeConsumer) { elements.signal(.readable) }
        if effects.contains(.wakeSession) {
            session?.signal(.readable)
            room.signal(.readable)
        }
        task?.cancel()
        return result
    }

    // MARK: the consumer

    nonisolated(nonsending) func next() async throws(PostgresError) -> PostgresListener.Element? {
        while !Task.isCancelled {
            switch handle({ $0.machine.next() }) {
            case .element(let element): return element
            case .end(let error?): throw error
            case .end(nil): return nil
            case .wait: _ = await elements.wait(for: .readable)
            }
        }
        stop()
        throw PostgresError(.cancelled, "the task was cancelled while it waited for notifications")
    }

    func change(adding: [ChannelName] = [], removing: [ChannelName] = []) throws(PostgresError) {
        try handle { state throws(PostgresError) in
            ((), try state.machine.change(adding: adding, removing: removing))
        }
    }

    /// Ends the sequence and the session; what waits is dropped.
    func stop() { handle { ((), $0.machine.stop()) } }

    nonisolated(nonsending) func waitForEnd() async {
        let task = state.withLock(\.task)
        await task?.value
    }

    // MARK: the session

    /// Whether nothing further is to be done.
    var isOver: Bool { state.withLock { $0.machine.isOver } }
    var nextChange: ListenerStateMachine.Change? { state.withLock { $0.machine.nextChange } }

    /// The channels that the session listens to.
    var channels: [ChannelName] { state.withLock { $0.machine.confirmed ?? [] } }

    func begin(_ session: ReadinessCell) { state.withLock { $0.session = session } }

    func confirm(_ channels: [ChannelName], since start: PostgresTimestampTZ) {
        handle { ((), $0.machine.confirmed(channels, since: start)) }
    }

    func answered(since start: PostgresTimestampTZ) { state.withLock { $0.machine.answered(since: start) } }

    func lose(_ reason: PostgresListener.GapReason) {
        state.withLock { state in
            state.session = nil
            state.machine.lost(reason)
        }
    }

    func fail(_ error: PostgresError) { handle { ((), $0.machine.failed(error)) } }

    /// Waits while the buffer is full and nothing is to be read.
    nonisolated(nonsending) func waitForRoom() async throws(PostgresError) {
        while state.withLock({ $0.machine.isSuspended }) {
            if case .cancelled = await room.wait(for: .readable) {
                throw PostgresError(.cancelled, "the listener was closed")
            }
        }
    }
}

extension ListenerCore: NotificationReceiver {
    func receive(_ notification: PostgresNotification) { handle { ((), $0.machine.received(notification)) } }
}
