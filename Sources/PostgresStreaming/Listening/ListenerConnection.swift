import PostgresTransport

/// What the listeners of a client, their consumers and the task of their session share: the state machine under one lock, and
/// where they wait.
///
/// It lives from the first `listen` until its last listener is over; the next `listen` makes another one.
final class ListenerConnection: Sendable {
    private struct State {
        var group = ListenerGroup()
        /// Where the session waits for its server; nil where there is none.
        var session: ReadinessCell?
        /// Whether a session has listened.
        var hasListened = false
        var task: Task<Void, Never>?
        /// Where the consumers wait.
        var cells: [ListenerGroup.ID: ReadinessCell] = [:]
        /// The listeners as the metrics have them.
        var reportedCount = 0
    }

    let configuration: PostgresConfiguration
    /// The pool's, for the pauses between attempts to connect.
    let pool: PostgresPoolConfiguration
    let hosts: HostBalance
    let loop: EventLoop
    let observation: ListenerObservation
    private let state = Locked(State())
    /// Where the session waits for the consumers.
    private let room: ReadinessCell

    init(
        _ configuration: PostgresConfiguration, _ pool: PostgresPoolConfiguration, _ hosts: HostBalance
    ) throws(PostgresError) {
        self.configuration = configuration
        self.pool = pool
        self.hosts = hosts
        observation = ListenerObservation(configuration)
        loop = try EventLoop.forConnection()
        room = ReadinessCell(loop: loop)
    }

    /// Begins to connect, after another connection has ended.
    func start(after other: ListenerConnection?) {
        let end = other?.state.withLock(\.task)
        let task = Task.detached(executorPreference: loop) { [self] in
            await end?.value
            var run = ListenerRun(self)
            await run.run()
        }
        state.withLock { $0.task = task }
    }

    /// Has the machine take an event, and does what follows.
    @discardableResult
    private func handle<Result: Sendable, Failure: Error>(
        _ event: (inout State) throws(Failure) -> (Result, ListenerGroup.Effects)
    ) throws(Failure) -> Result {
        let (result, effects, cells, session, task) = try state.withLock { state throws(Failure) in
            let (result, effects) = try event(&state)
            observation.note(state.group.listenerCount, &state.reportedCount)
            let cells = effects.woken.isEmpty ? [] : effects.woken.compactMap { state.cells[$0] }
            return (result, effects, cells, state.session, effects.stops ? state.task : nil)
        }
        for cell in cells { cell.signal(.readable) }
        if effects.wakesSession {
            session?.signal(.readable)
            room.signal(.readable)
        }
        if effects.droppedCount > 0 { observation.dropped(effects.droppedCount) }
        task?.cancel()
        return result
    }

    private func handle(_ event: (inout ListenerGroup) -> ListenerGroup.Effects) {
        handle { ((), event(&$0.group)) }
    }

    // MARK: the listeners

    /// Adds a listener.
    ///
    /// - Returns: nil where the last listener is over, and so is the connection.
    func join(
        _ options: PostgresListenerOptions, _ channels: [ChannelName]
    ) throws(PostgresError) -> PostgresListener? {
        let cell = ReadinessCell(loop: loop)
        let id = try handle { state throws(PostgresError) -> (ListenerGroup.ID?, ListenerGroup.Effects) in
            guard !state.group.isOver else { return (nil, ListenerGroup.Effects()) }
            let (id, effects) = try state.group.join(options, channels, now: .now, at: .now)
            state.cells[id] = cell
            return (id, effects)
        }
        return id.map { PostgresListener(self, $0, cell) }
    }

    nonisolated(nonsending) func next(
        of id: ListenerGroup.ID, in cell: ReadinessCell
    ) async throws(PostgresError) -> PostgresListener.Element? {
        while !Task.isCancelled {
            switch handle({ $0.group.next(of: id) }) {
            case .element(let element):
                observation.delivers(element)
                return element
            case .end(let error?): throw error
            case .end(nil): return nil
            case .pending(let end):
                if case .timedOut = await cell.wait(for: .readable, deadline: end) { expire() }
            }
        }
        stop(id)
        throw PostgresError(.cancelled, "the task was cancelled while it waited for notifications")
    }

    func change(
        _ id: ListenerGroup.ID, adding: [ChannelName] = [], removing: [ChannelName] = []
    ) throws(PostgresError) {
        try handle { state throws(PostgresError) in
            ((), try state.group.change(id, adding: adding, removing: removing, at: .now))
        }
    }

    /// Ends a listener's sequence; what waits is dropped.
    func stop(_ id: ListenerGroup.ID) { handle { $0.stop(id, at: .now) } }

    /// Forgets a listener.
    func remove(_ id: ListenerGroup.ID) {
        handle { state in
            state.cells[id] = nil
            return ((), state.group.remove(id, at: .now))
        }
    }

    /// Waits until the connection has ended, if its last listener is over.
    ///
    /// - Returns: whether it has ended in time.
    nonisolated(nonsending) func waitForEnd(within limit: Duration) async -> Bool {
        guard let task = state.withLock({ $0.group.isOver ? $0.task : nil }) else { return true }
        // The caller's task may be cancelled; the connection is to end in peace all the same.
        return await Task.detached { [loop] in
            do throws(TransportError) {
                try await ForeignWork.run(on: loop, deadline: .now + limit.asLimit) { await task.value }
                return true
            } catch {
                return false
            }
        }.value
    }

    /// The listeners that are not over, and the connections that they have: one, or none.
    var counts: (listeners: Int, connections: Int) {
        state.withLock { ($0.group.listenerCount, $0.session == nil ? 0 : 1) }
    }

    // MARK: the session

    /// Whether nothing further is to be done.
    var isOver: Bool { state.withLock { $0.group.isOver } }
    /// The shortest silence after which a link counts as dead.
    var silenceMax: Duration { state.withLock { $0.group.silenceMax } }
    /// Whether a slow consumer keeps the server from shortening its queue.
    var mayFillQueue: Bool { state.withLock { $0.group.mayFillQueue } }
    /// Whether a listener has no room for what might be read.
    var isSuspended: Bool { state.withLock { $0.group.isSuspended } }
    /// The channels that the session listens to.
    var channels: [ChannelName] { state.withLock { $0.group.channels } }

    func takeChange() -> ListenerGroup.Change? { state.withLock { $0.group.takeChange() } }

    func begin(_ session: ReadinessCell) { state.withLock { $0.session = session } }

    func confirm(_ channels: [ChannelName], since start: PostgresTimestampTZ, isFirst: Bool) {
        let hadListened = handle { state in
            defer { state.hasListened = true }
            return (state.hasListened, state.group.confirmed(channels, since: start))
        }
        if isFirst, hadListened { observation.reconnected() }
    }

    func answered(since start: PostgresTimestampTZ) { state.withLock { $0.group.answered(since: start) } }

    func lose(_ reason: PostgresListener.GapReason) {
        handle { state in
            state.session = nil
            return ((), state.group.lost(reason, at: .now))
        }
    }

    /// The last session has ended, and no other follows.
    func finish() { state.withLock { $0.session = nil } }

    /// Ends all listeners with an error.
    func fail(_ error: PostgresError) { handle { $0.failed(error, at: .now) } }

    /// Ends the listeners for which no session listened in time.
    func expire() { handle { $0.expire(now: .now, at: .now) } }

    /// Waits while a listener has no room, but no longer than until `end`.
    nonisolated(nonsending) func waitForRoom(until end: MonotonicTime?) async throws(PostgresError) {
        while isSuspended {
            switch await room.wait(for: .readable, deadline: end) {
            case .ready: break
            case .timedOut: return
            case .cancelled: throw PostgresError(.cancelled, "the listeners were closed")
            }
        }
    }
}

extension ListenerConnection: NotificationReceiver {
    func receive(_ notification: PostgresNotification) -> Bool {
        observation.received()
        return handle { state in
            let effects = state.group.received(notification)
            return (!state.group.isSuspended, effects)
        }
    }
}
