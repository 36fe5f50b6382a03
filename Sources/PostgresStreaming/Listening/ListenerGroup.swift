import PostgresTransport

/// Decides for all listeners of one connection what its session has to do, and who is given what it hears: a plain value.
///
/// The session listens to a channel for as long as one listener wants it. A listener is told that the server listens when
/// it does so to all of its channels.
package struct ListenerGroup: Sendable {
    /// A listener.
    package typealias ID = Int

    /// What is to be done after an event, outside of the lock.
    package struct Effects: Sendable {
        /// The listeners whose consumers are to be woken.
        package var woken: [ID] = []
        /// There is something for the session to do: other channels, or room in the buffers.
        package var wakesSession = false
        /// The last listener is over, and the connection with it.
        package var stops = false
        /// The notifications that were dropped.
        package var droppedCount = 0
    }

    /// What the session has to say to the server.
    package struct Change: Sendable {
        /// All that it listens to afterwards.
        package let channels: [ChannelName]
        /// What it is to listen to.
        package let added: [ChannelName]
        /// What it is to listen to no more.
        package let removed: [ChannelName]
    }

    private var members: [ID: ListenerStateMachine] = [:]
    private var nextID = 0
    /// What the session listens to and goes on to listen to; nil where there is no session, or it does not listen yet.
    private var confirmed: Set<ChannelName>?
    /// What the session is to listen to.
    private var wanted: Set<ChannelName> = []
    /// Who is given the notifications of a channel.
    private var routes: [ChannelName: [ID]] = [:]
    private var hasChange = false
    /// What ended the last session, or attempt to connect; nil once a session listened.
    private var lastError: PostgresError?
    /// Whether a listener has no room for what might be read.
    package private(set) var isSuspended = false
    /// Whether the last listener is over.
    package private(set) var isOver = false

    /// The listeners that are not over.
    package private(set) var listenerCount = 0
    /// The shortest silence after which a link counts as dead.
    private(set) var silenceMax = Duration.zero

    /// No listener yet.
    package init() {}

    private var active: [(key: ID, value: ListenerStateMachine)] {
        members.filter { !$0.value.isOver }.sorted { $0.key < $1.key }
    }

    /// Whether a slow consumer keeps the server from shortening its queue.
    var mayFillQueue: Bool { active.contains { $0.value.options.overflow == .suspend } }
    /// What the session listens to.
    var channels: [ChannelName] { Array(confirmed ?? []) }

    // MARK: the listeners

    /// Adds a listener.
    ///
    /// - Throws: `queryInvalid` where the channels would be too many.
    package mutating func join(
        _ options: PostgresListenerOptions, _ channels: [ChannelName], now: MonotonicTime, at time: PostgresTimestampTZ
    ) throws(PostgresError) -> (ID, Effects) {
        var member = ListenerStateMachine(options, now: now)
        try member.change(adding: channels, removing: [])
        try checkCount(adding: channels)
        let id = nextID
        nextID += 1
        members[id] = member
        var effects = Effects()
        update(&effects, at: time)
        // The pauses between questions may be shorter now.
        effects.wakesSession = true
        return (id, effects)
    }

    /// Has a listener ask for more channels, or fewer.
    ///
    /// - Throws: `queryInvalid` where they would be too many.
    package mutating func change(
        _ id: ID, adding: [ChannelName] = [], removing: [ChannelName] = [], at time: PostgresTimestampTZ
    ) throws(PostgresError) -> Effects {
        try checkCount(adding: adding)
        try members[id]?.change(adding: adding, removing: removing)
        var effects = Effects()
        update(&effects, at: time)
        return effects
    }

    private func checkCount(adding channels: [ChannelName]) throws(PostgresError) {
        guard wanted.union(channels).count <= Self.channelsMax else { throw .tooManyChannels(Self.channelsMax) }
    }

    private static let channelsMax = 10_000

    /// Takes out what a listener delivers next.
    package mutating func next(of id: ID) -> (ListenerStateMachine.Answer, Effects) {
        guard let (answer, effects) = members[id]?.next() else { return (.end(nil), Effects()) }
        guard effects.resumesReading else { return (answer, Effects()) }
        isSuspended = members.values.contains(where: \.isSuspended)
        return (answer, Effects(wakesSession: !isSuspended))
    }

    /// A listener's consumer has gone, or wants no more.
    package mutating func stop(_ id: ID, at time: PostgresTimestampTZ) -> Effects {
        end(time) { $0 == id ? $1.stop() : ListenerStateMachine.Effects() }
    }

    /// Forgets a listener.
    package mutating func remove(_ id: ID, at time: PostgresTimestampTZ) -> Effects {
        let effects = stop(id, at: time)
        members[id] = nil
        return effects
    }

    // MARK: the session

    /// Takes out what the session has to change; nil where it listens to what is wanted.
    package mutating func takeChange() -> Change? {
        guard hasChange else { return nil }
        hasChange = false
        let before = confirmed ?? []
        let channels = active.flatMap(\.value.wanted).uniqued()
        let removed = before.subtracting(wanted)
        // From here on no listener may rely on them.
        confirmed?.subtract(removed)
        return Change(channels: channels, added: channels.filter { !before.contains($0) }, removed: Array(removed))
    }

    /// The server has committed a change.
    ///
    /// - Parameters:
    ///   - channels: all that it listens to now.
    ///   - start: when it was asked for that.
    package mutating func confirmed(_ channels: [ChannelName], since start: PostgresTimestampTZ) -> Effects {
        confirmed = Set(channels)
        lastError = nil
        var effects = Effects()
        for id in Array(members.keys) { members[id]?.answered(since: start) }
        update(&effects, since: start, at: start)
        return effects
    }

    /// A notification arrived, possibly before the answer to what asked for it.
    package mutating func received(_ notification: PostgresNotification) -> Effects {
        var effects = Effects()
        var isEnd = false
        for id in routes[ChannelName(unchecked: notification.channel)] ?? [] {
            guard let theirs = members[id]?.received(notification) else { continue }
            effects.add(theirs, of: id)
            if members[id]?.isSuspended == true { isSuspended = true }
            if members[id]?.isOver == true { isEnd = true }
        }
        if isEnd { update(&effects, at: notification.receivedAt) }
        return effects
    }

    /// The server has answered a question, so that everything that was notified before it was asked has arrived.
    package mutating func answered(since start: PostgresTimestampTZ) {
        for id in Array(members.keys) { members[id]?.answered(since: start) }
    }

    /// The session is gone, or there was none.
    package mutating func lost(_ reason: PostgresListener.GapReason, at time: PostgresTimestampTZ) -> Effects {
        confirmed = nil
        if case .connectionLost(let error) = reason { lastError = error }
        for id in Array(members.keys) { members[id]?.lost(reason) }
        var effects = Effects()
        update(&effects, at: time)
        return effects
    }

    /// No further session will do for any of the listeners.
    package mutating func failed(_ error: PostgresError, at time: PostgresTimestampTZ) -> Effects {
        end(time) { $1.failed(error) }
    }

    /// Ends the listeners for which no session listened in time.
    package mutating func expire(now: MonotonicTime, at time: PostgresTimestampTZ) -> Effects {
        end(time) { [lastError] in $1.expire(now: now, after: lastError) }
    }

    // MARK: what follows

    /// Has an event happen to all listeners that may end them.
    private mutating func end(
        _ time: PostgresTimestampTZ, _ event: (ID, inout ListenerStateMachine) -> ListenerStateMachine.Effects
    ) -> Effects {
        var effects = Effects()
        for id in Array(members.keys) {
            guard var member = members.removeValue(forKey: id) else { continue }
            effects.add(event(id, &member), of: id)
            members[id] = member
        }
        update(&effects, at: time)
        return effects
    }

    /// Finds out what is wanted now, and tells those whose channels the server listens to.
    private mutating func update(
        _ effects: inout Effects, since start: PostgresTimestampTZ? = nil, at time: PostgresTimestampTZ
    ) {
        let active = active
        wanted = Set(active.flatMap(\.value.wanted))
        listenerCount = active.count
        silenceMax = active.map(\.value.options.silenceMax).min() ?? .zero
        for (id, member) in active {
            guard member.isAnnouncementDue, let confirmed, confirmed.isSuperset(of: member.wanted),
                let theirs = members[id]?.announce(since: start, at: time)
            else { continue }
            effects.add(theirs, of: id)
        }
        routes = [:]
        for (id, _) in active {
            let channels = (members[id]?.wanted ?? []) + (members[id]?.announced ?? [])
            for channel in Set(channels) { routes[channel, default: []].append(id) }
        }
        if isSuspended, !members.values.contains(where: \.isSuspended) {
            isSuspended = false
            effects.wakesSession = true
        }
        hasChange = !active.isEmpty && confirmed != wanted
        if hasChange { effects.wakesSession = true }
        if active.isEmpty, !isOver {
            isOver = true
            effects.stops = true
        }
    }
}

extension ListenerGroup.Effects {
    /// Adds what follows from what happened to one listener.
    fileprivate mutating func add(_ effects: ListenerStateMachine.Effects, of id: ListenerGroup.ID) {
        if effects.wakesConsumer { woken.append(id) }
        droppedCount += effects.droppedCount
    }
}

extension [ChannelName] {
    /// Each of them once, in the order in which they come first.
    fileprivate func uniqued() -> [ChannelName] {
        var known: Set<ChannelName> = []
        return filter { known.insert($0).inserted }
    }
}
