/// The event loops of the process, one for each processor at most. A loop starts when it is needed; a connection stays with
/// the one that it was opened on.
package enum EventLoops {
    fileprivate struct State {
        var loops: [EventLoop] = []
        /// nil for as many as there are processors.
        var countMax: Int?
        var busyPollTime = Duration.microseconds(50)
        /// The connections opened so far, which go to the loops in turn.
        var turn = 0
    }

    private static let state = Locked(State())
    private static let processorCount = ProcessorCount.available

    /// The most loops that are started. A lower number leaves those alone that run.
    package static var countMax: Int {
        get { state.withLock { $0.countMax } ?? processorCount }
        set { state.withLock { $0.countMax = max(newValue, 1) } }
    }

    /// For how long a loop asks the kernel over and over before it sleeps, where answers have come that soon lately; zero
    /// for never, a minute at most. It has no effect where the process has one processor, because the server may need that.
    package static var busyPollTime: Duration {
        get { state.withLock { $0.busyPollTime } }
        set {
            state.withLock { state in
                state.busyPollTime = max(newValue, .zero)
                for loop in state.loops { loop.busyPollTime = allowed(newValue) }
            }
        }
    }

    fileprivate static func allowed(_ time: Duration) -> Duration { processorCount < 2 ? .zero : time }

    /// The loop on whose thread the caller runs; nil elsewhere.
    package static var current: EventLoop? { state.withLock { $0.loops.first(where: \.isCurrent) } }

    /// The first loop, for what belongs to no connection.
    package static func first() throws(TransportError) -> EventLoop {
        try state.withLock { state throws(TransportError) in try state.loop(at: 0) }
    }

    /// The loop for a connection that is to be opened: the one of that number, if there is one; else the caller's own; else
    /// the next in turn, unless that has more sockets than another.
    package static func forConnection(on number: Int? = nil) throws(TransportError) -> EventLoop {
        let countMax = countMax
        return try state.withLock { state throws(TransportError) in
            if let number, state.loops.indices.contains(number) { return state.loops[number] }
            if let current = state.loops.first(where: \.isCurrent) { return current }
            defer { state.turn &+= 1 }
            let next = try state.loop(at: min(state.turn % countMax, state.loops.count))
            let idlest = state.loops.min { $0.socketCount < $1.socketCount } ?? next
            return idlest.socketCount < next.socketCount ? idlest : next
        }
    }
}

extension EventLoops.State {
    /// The loop of that number, which is that of the next loop at most; where no other can be started, one that runs.
    fileprivate mutating func loop(at number: Int) throws(TransportError) -> EventLoop {
        if number < loops.count { return loops[number] }
        do throws(TransportError) {
            let loop = try EventLoop(number: loops.count)
            loop.busyPollTime = EventLoops.allowed(busyPollTime)
            loops.append(loop)
            return loop
        } catch {
            guard let first = loops.first else { throw error }
            return first
        }
    }
}
