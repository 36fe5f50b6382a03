import PostgresTransport

/// Decides what one listener delivers in which order: a plain value.
///
/// A loss is kept until the next session listens, because a consumer that loads its state before could miss what is notified in
/// between. It is delivered before anything of that session, or before the error that ends the sequence.
package struct ListenerStateMachine: Sendable {
    /// What is to be done after an event, outside of the lock.
    package struct Effects: Sendable {
        /// There is something for the consumer, which waits for it.
        package var wakesConsumer = false
        /// There is room in the buffer again.
        package var resumesReading = false
        /// The notifications that were dropped.
        package var droppedCount = 0
    }

    /// What the consumer is given.
    package enum Answer: Sendable {
        /// An element.
        case element(PostgresListener.Element)
        /// The sequence is over, with this error or without one.
        case end(PostgresError?)
        /// Nothing yet; the listener fails where no session has listened by then.
        case pending(until: MonotonicTime?)
    }

    /// How to wait, and how much is kept.
    package let options: PostgresListenerOptions
    /// The channels that are asked for, in order.
    package private(set) var wanted: [ChannelName] = []
    /// Those that the consumer was told of, for the session that listens; nil where there is none.
    package private(set) var announced: [ChannelName]?
    /// Whether it is to be told that the server listens, as soon as it listens to all channels that are wanted.
    private(set) var isAnnouncementDue = true
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
    /// When the first session has to listen; nil where one did, or may take any time.
    private var startEnd: MonotonicTime?

    /// Nothing was asked for yet.
    package init(_ options: PostgresListenerOptions, now: MonotonicTime) {
        self.options = options
        startEnd = options.startTimeout.map { now + $0.asLimit }
    }

    /// Whether nothing further is to be done for the listener.
    package var isOver: Bool { end != nil }

    /// Asks for more channels, or fewer.
    ///
    /// - Throws: `queryInvalid` where they would be too many.
    mutating func change(adding: [ChannelName], removing: [ChannelName]) throws(PostgresError) {
        let removed = Set(removing)
        var channels = wanted.filter { !removed.contains($0) }
        var known = Set(channels)
        for channel in adding where known.insert(channel).inserted { channels.append(channel) }
        guard channels.count <= Self.channelsMax else { throw .tooManyChannels(Self.channelsMax) }
        if wanted != channels { isAnnouncementDue = true }
        wanted = channels
    }

    private static let channelsMax = 1_000

    // MARK: the session

    /// The server listens to all channels that are wanted.
    ///
    /// - Parameters:
    ///   - start: when the server was asked for that; nil where it listened to them already.
    ///   - now: the time of the event.
    mutating func announce(since start: PostgresTimestampTZ?, at now: PostgresTimestampTZ) -> Effects {
        guard end == nil else { return Effects() }
        announced = wanted
        isAnnouncementDue = false
        startEnd = nil
        completeUntil = start ?? completeUntil ?? now
        queue.append(NotificationQueue.Marks(loss: takeLoss(), channels: wanted.map(\.text)))
        return wake()
    }

    /// A notification arrived, possibly before the answer to what asked for it.
    mutating func received(_ notification: PostgresNotification) -> Effects {
        guard end == nil else { return Effects() }
        if let loss = takeLoss() { queue.append(NotificationQueue.Marks(loss: loss)) }
        if completeUntil == nil { completeUntil = notification.receivedAt }
        queue.append(notification)
        var effects = limitQueue()
        if wake().wakesConsumer { effects.wakesConsumer = true }
        return effects
    }

    /// The server has answered a question, so that everything that was notified before it was asked has arrived.
    mutating func answered(since start: PostgresTimestampTZ) {
        if announced != nil { completeUntil = start }
    }

    /// The session is gone.
    mutating func lost(_ reason: PostgresListener.GapReason) {
        guard end == nil else { return }
        announced = nil
        isAnnouncementDue = true
        isSuspended = false
        if loss == nil, let completeUntil { loss = ListenerLoss(reason: reason, since: completeUntil) }
    }

    /// No further session will do.
    mutating func failed(_ error: PostgresError) -> Effects {
        guard end == nil else { return Effects() }
        if let loss = takeLoss() { queue.append(NotificationQueue.Marks(loss: loss)) }
        end = (error, ())
        isSuspended = false
        return wake()
    }

    /// Fails where no session has listened in time.
    ///
    /// - Parameter error: what the last attempt to connect met.
    mutating func expire(now: MonotonicTime, after error: PostgresError?) -> Effects {
        guard let startEnd, startEnd <= now else { return Effects() }
        return failed(error ?? .noSession(within: options.startTimeout ?? .zero))
    }

    private mutating func takeLoss() -> ListenerLoss? {
        defer { loss = nil }
        return loss
    }

    private mutating func limitQueue() -> Effects {
        var effects = Effects()
        switch options.overflow {
        case .dropOldest:
            while queue.count > options.bufferCountMax || queue.bytes > options.bufferBytesMax {
                queue.dropOldest()
                effects.droppedCount += 1
            }
        case .fail:
            if queue.count > options.bufferCountMax || queue.bytes > options.bufferBytesMax {
                return failed(
                    PostgresError(
                        .memoryLimitExceeded, "more notifications arrived than are kept for the consumer",
                        hint: "See PostgresListenerOptions.overflow."))
            }
        case .suspend:
            // Before there is no room for another one.
            isSuspended =
                queue.count >= options.bufferCountMax
                || queue.bytes > options.bufferBytesMax - PostgresNotification.byteCountMax
        }
        return effects
    }

    // MARK: the consumer

    /// Takes out what is delivered next. Where that is to be waited for, the consumer is woken once.
    mutating func next() -> (Answer, Effects) {
        if let element = queue.take() {
            var effects = Effects()
            if isSuspended, queue.count <= options.bufferCountMax / 2, queue.bytes <= options.bufferBytesMax / 2 {
                isSuspended = false
                effects.resumesReading = true
            }
            return (.element(element), effects)
        }
        if let end { return (.end(end.error), Effects()) }
        guard !isAwaited else {
            let error = PostgresError(.invalidState, "another task waits for this listener's elements")
            return (.end(error), Effects())
        }
        isAwaited = true
        return (.pending(until: startEnd), Effects())
    }

    /// The consumer has gone, or wants no more.
    mutating func stop() -> Effects {
        queue = NotificationQueue()
        loss = nil
        isSuspended = false
        if end == nil { end = (nil, ()) }
        return wake()
    }

    private mutating func wake() -> Effects {
        defer { isAwaited = false }
        return Effects(wakesConsumer: isAwaited)
    }
}

extension PostgresError {
    /// More channels than a listener, or a client, may listen to.
    static func tooManyChannels(_ countMax: Int) -> PostgresError {
        PostgresError(.queryInvalid, "cannot listen to more than \(countMax) channels")
    }

    /// A listener never had a session.
    fileprivate static func noSession(within limit: Duration) -> PostgresError {
        PostgresError(
            .connectTimedOut, "could not listen within \(limit.forReading)",
            hint: "See PostgresListenerOptions.startTimeout.")
    }
}
