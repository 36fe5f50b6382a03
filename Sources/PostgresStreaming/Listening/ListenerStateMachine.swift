/// Decides what a listener delivers in which order, and what its session has to do: a plain value.
///
/// A loss is kept until the next session listens, because a consumer that loads its state before could miss what is notified in
/// between. It is delivered before anything of that session, or before the error that ends the sequence.
package struct ListenerStateMachine: Sendable {
    /// What is to be done after an event, outside of the lock.
    package struct Effects: OptionSet, Sendable {
        /// The bits.
        package let rawValue: Int

        /// Those of some bits.
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// There is something for the consumer, which waits for it.
        package static let wakeConsumer = Effects(rawValue: 1)
        /// There is something for the session to do: other channels, or room in the buffer.
        package static let wakeSession = Effects(rawValue: 2)
        /// Nothing further is to be done for the listener.
        package static let stop = Effects(rawValue: 4)
    }

    /// What the consumer is given.
    package enum Answer: Sendable {
        /// An element.
        case element(PostgresListener.Element)
        /// The sequence is over, with this error or without one.
        case end(PostgresError?)
        /// Nothing yet.
        case wait
    }

    /// What the session has to say to the server.
    struct Change: Sendable {
        let channels: [ChannelName]
        let added: [ChannelName]
        let removed: [ChannelName]
    }

    private let options: PostgresListenerOptions
    /// The channels that are asked for, in order.
    private var wanted: [ChannelName] = []
    /// Those that the session listens to; nil where there is no session, or it does not listen yet.
    private(set) var confirmed: [ChannelName]?
    private var queue = NotificationQueue()
    /// Up to when nothing is missing; nil until a session listened.
    private var completeUntil: PostgresTimestampTZ?
    /// The loss that is yet to be delivered.
    private var loss: ListenerLoss?
    /// How the sequence ends, after what waits: with an error, or without.
    private var end: (error: PostgresError?, Void)?
    private var isAwaited = false
    /// Whether nothing is to be read until the consumer has taken more.
    package private(set) var isSuspended = false

    /// Nothing was asked for yet.
    package init(_ options: PostgresListenerOptions) { self.options = options }

    /// Whether nothing further is to be done for the listener.
    package var isOver: Bool { end != nil }

    // MARK: channels

    /// Asks for more channels, or fewer.
    ///
    /// - Throws: `queryInvalid` where they would be too many.
    mutating func change(adding: [ChannelName], removing: [ChannelName]) throws(PostgresError) -> Effects {
        var channels = wanted.filter { !removing.contains($0) }
        var known = Set(channels)
        for channel in adding where known.insert(channel).inserted { channels.append(channel) }
        guard channels.count <= Self.channelsMax else {
            throw PostgresError(.queryInvalid, "cannot listen to more than \(Self.channelsMax) channels")
        }
        wanted = channels
        return nextChange == nil ? [] : .wakeSession
    }

    private static let channelsMax = 1_000

    /// What the session has to change; nil where it listens to what is asked for.
    var nextChange: Change? {
        guard confirmed != wanted, end == nil else { return nil }
        let (before, after) = (Set(confirmed ?? []), Set(wanted))
        return Change(
            channels: wanted, added: wanted.filter { !before.contains($0) },
            removed: (confirmed ?? []).filter { !after.contains($0) })
    }

    // MARK: the session

    /// The server has committed a change.
    ///
    /// - Parameter start: when it was sent.
    package mutating func confirmed(_ channels: [ChannelName], since start: PostgresTimestampTZ) -> Effects {
        guard end == nil else { return [] }
        confirmed = channels
        completeUntil = start
        queue.append(NotificationQueue.Marks(loss: takeLoss(), channels: channels.map(\.text)))
        return wake()
    }

    /// A notification arrived, possibly before the answer to what asked for it.
    package mutating func received(_ notification: PostgresNotification) -> Effects {
        guard end == nil else { return [] }
        if let loss = takeLoss() { queue.append(NotificationQueue.Marks(loss: loss)) }
        if completeUntil == nil { completeUntil = notification.receivedAt }
        queue.append(notification)
        return limitQueue().union(wake())
    }

    /// The server has answered a heartbeat, so that everything that was notified before it was sent has arrived.
    mutating func answered(since start: PostgresTimestampTZ) { completeUntil = start }

    /// The session is gone.
    package mutating func lost(_ reason: PostgresListener.GapReason) {
        guard end == nil else { return }
        confirmed = nil
        isSuspended = false
        if loss == nil, let completeUntil { loss = ListenerLoss(reason: reason, since: completeUntil) }
    }

    /// No further session will do.
    package mutating func failed(_ error: PostgresError) -> Effects {
        guard end == nil else { return [] }
        if let loss = takeLoss() { queue.append(NotificationQueue.Marks(loss: loss)) }
        end = (error, ())
        return wake().union(.stop)
    }

    private mutating func takeLoss() -> ListenerLoss? {
        defer { loss = nil }
        return loss
    }

    private mutating func limitQueue() -> Effects {
        guard isFull else { return [] }
        switch options.overflow {
        case .dropOldest:
            while isFull { queue.dropOldest() }
        case .fail:
            return failed(
                PostgresError(
                    .memoryLimitExceeded, "more notifications arrived than are kept for the consumer",
                    hint: "See PostgresListenerOptions.overflow."))
        case .suspend:
            isSuspended = true
        }
        return []
    }

    private var isFull: Bool { queue.count > options.bufferCountMax || queue.bytes > options.bufferBytesMax }

    // MARK: the consumer

    /// Takes out what is delivered next. Where that is to be waited for, the consumer is woken once.
    package mutating func next() -> (Answer, Effects) {
        if let element = queue.take() {
            guard isSuspended, queue.count <= options.bufferCountMax / 2, queue.bytes <= options.bufferBytesMax / 2
            else { return (.element(element), []) }
            isSuspended = false
            return (.element(element), .wakeSession)
        }
        if let end { return (.end(end.error), []) }
        guard !isAwaited else {
            let error = PostgresError(.invalidState, "another task waits for this listener's elements")
            return (.end(error), [])
        }
        isAwaited = true
        return (.wait, [])
    }

    /// The consumer has gone, or wants no more.
    package mutating func stop() -> Effects {
        queue = NotificationQueue()
        loss = nil
        if end == nil { end = (nil, ()) }
        return wake().union(.stop)
    }

    private mutating func wake() -> Effects {
        guard isAwaited else { return [] }
        isAwaited = false
        return .wakeConsumer
    }
}
