import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// Listeners that share one connection, with a server, sessions that come and go, and consumers that come, change their
/// channels and leave.
///
/// Each consumer loads its state where it is told that the server listens, and at each gap; then it has to know of every
/// notification of its channels, by its state or by its elements.
struct ListenerGroupModel: StateModel {
    enum Event: Hashable {
        case join(Int)
        case add(Int, Int)
        case remove(Int, Int)
        case leave(Int)
        case take(Int)
        /// Another session notifies.
        case notify(Int)
        /// The session says what is to change.
        case say
        /// The server commits it, of which the session hears later.
        case commit
        case confirm
        case lose
    }

    /// A consumer, and what it knows of each of its channels: up to which number.
    private struct Consumer {
        let id: ListenerGroup.ID
        var wanted: Set<Int>
        var known: [Int: Int] = [:]
        /// The channels with a notification that came after one that did not, since the state was loaded.
        var torn: Set<Int> = []
        var last = 0
        var isAwaited = false
    }

    private static let names = ["a", "b"].compactMap { try? ChannelName($0) }
    private static let channels = [0, 1]
    private let options: PostgresListenerOptions
    private var machine = ListenerGroup()
    private var consumers: [Int: Consumer] = [:]
    /// What the server's session listens to; nil where there is none.
    private var listening: Set<Int>?
    private var change: ListenerGroup.Change?
    private var isCommitted = false
    private var sent = 0
    /// The last number of each channel.
    private var lastSent = [0, 0]

    init(_ overflow: PostgresListenerOptions.Overflow) {
        options = PostgresListenerOptions {
            $0.bufferCountMax = 2
            $0.overflow = overflow
        }
    }

    private var now: PostgresTimestampTZ { PostgresTimestampTZ(microsecondsSince2000: Int64(sent)) ?? .infinity }

    var events: [Event] {
        guard !machine.isOver else { return [] }
        var events: [Event] = []
        for place in 0...1 {
            guard let consumer = consumers[place] else {
                events.append(.join(place))
                continue
            }
            events += [.take(place), .leave(place)]
            for channel in Self.channels {
                events.append(consumer.wanted.contains(channel) ? .remove(place, channel) : .add(place, channel))
            }
        }
        guard !consumers.isEmpty else { return events }
        if !machine.isSuspended { events += Self.channels.map { .notify($0) } }
        if change == nil { events.append(.say) }
        if change != nil { events.append(isCommitted ? .confirm : .commit) }
        if listening != nil { events.append(.lose) }
        return events
    }

    func weight(of event: Event) -> Double {
        switch event {
        case .leave: 0.1
        case .add, .remove, .lose: 0.3
        default: 1
        }
    }

    mutating func apply(_ event: Event) -> String? {
        switch event {
        case .join(let place): return join(place)
        case .add(let place, let channel): return change(place, adding: channel)
        case .remove(let place, let channel): return change(place, removing: channel)
        case .leave(let place): return leave(place)
        case .take(let place): return take(place)
        case .notify(let channel): return notify(channel)
        case .say: change = machine.takeChange()
        case .commit: commit()
        case .confirm: return confirm()
        case .lose:
            (listening, change, isCommitted) = (nil, nil, false)
            return note(machine.lost(.sessionChanged, at: now))
        }
        return nil
    }

    // MARK: the consumers

    private mutating func join(_ place: Int) -> String? {
        let start = MonotonicTime(nanoseconds: 0)
        guard let (id, effects) = try? machine.join(options, [Self.names[place]], now: start, at: now) else {
            return "it cannot join"
        }
        consumers[place] = Consumer(id: id, wanted: [place])
        return note(effects)
    }

    private mutating func change(_ place: Int, adding: Int? = nil, removing: Int? = nil) -> String? {
        guard let id = consumers[place]?.id,
            let effects = try? machine.change(
                id, adding: adding.map { [Self.names[$0]] } ?? [], removing: removing.map { [Self.names[$0]] } ?? [],
                at: now)
        else { return "it cannot change" }
        if let adding { consumers[place]?.wanted.insert(adding) }
        if let removing {
            consumers[place]?.wanted.remove(removing)
            consumers[place]?.known[removing] = nil
            consumers[place]?.torn.remove(removing)
        }
        return note(effects)
    }

    private mutating func leave(_ place: Int) -> String? {
        guard let consumer = consumers.removeValue(forKey: place) else { return nil }
        let effects = machine.remove(consumer.id, at: now)
        if consumers.isEmpty != effects.stops { return "the connection ends with another listener than the last" }
        return note(Effects(effects, without: consumer.id))
    }

    private mutating func take(_ place: Int) -> String? {
        guard var consumer = consumers[place], !consumer.isAwaited else { return nil }
        defer { consumers[place] = consumer }
        switch machine.next(of: consumer.id).0 {
        case .pending: consumer.isAwaited = true
        case .end: return options.overflow == .fail ? nil : "it ends by itself"
        case .element(.listening(let names)):
            for channel in Self.channels where names.contains(Self.names[channel].text) { load(channel, &consumer) }
        case .element(.gap): for channel in consumer.known.keys { load(channel, &consumer) }
        case .element(.notification(let notification)):
            let number = Int(notification.payload) ?? -1
            if number <= consumer.last { return "\(number) follows \(consumer.last)" }
            consumer.last = number
            guard let channel = Self.channels.first(where: { Self.names[$0].text == notification.channel }) else {
                return "it comes from nowhere"
            }
            if let known = consumer.known[channel], number > known {
                // The number of the one before it on this channel came along.
                if Int(notification.processID) > known { consumer.torn.insert(channel) }
                consumer.known[channel] = number
            }
        }
        return nil
    }

    private func load(_ channel: Int, _ consumer: inout Consumer) {
        guard consumer.wanted.contains(channel) else { return }
        consumer.known[channel] = lastSent[channel]
        consumer.torn.remove(channel)
    }

    // MARK: the server

    private mutating func notify(_ channel: Int) -> String? {
        sent += 1
        defer { lastSent[channel] = sent }
        guard listening?.contains(channel) == true else { return nil }
        return note(
            machine.received(
                PostgresNotification(
                    channel: Self.names[channel].text, payload: "\(sent)", processID: Int32(lastSent[channel]),
                    receivedAt: now)))
    }

    private mutating func commit() {
        guard let change else { return }
        var channels = listening ?? []
        for channel in Self.channels {
            if change.removed.contains(Self.names[channel]) { channels.remove(channel) }
            if change.added.contains(Self.names[channel]) { channels.insert(channel) }
        }
        (listening, isCommitted) = (channels, true)
    }

    private mutating func confirm() -> String? {
        guard let change else { return nil }
        if listening != Set(Self.channels.filter { change.channels.contains(Self.names[$0]) }) {
            return "the session does not listen to what it takes itself to"
        }
        (self.change, isCommitted) = (nil, false)
        return note(machine.confirmed(change.channels, since: now))
    }

    private typealias Effects = ListenerGroup.Effects

    /// The consumers that wait are woken by what they wait for, and no others.
    private mutating func note(_ effects: Effects) -> String? {
        for id in effects.woken {
            guard let place = consumers.first(where: { $0.value.id == id })?.key, consumers[place]?.isAwaited == true
            else { return "it is woken and does not wait" }
            consumers[place]?.isAwaited = false
        }
        return nil
    }

    /// The session gets what it wants, and consumers take all there is: then they know everything.
    mutating func settle() -> String? {
        for _ in 0..<20 {
            if change == nil { change = machine.takeChange() }
            guard change != nil else { break }
            if !isCommitted { commit() }
            if let problem = confirm() { return problem }
        }
        if change != nil { return "the session changes its channels without end" }
        for place in 0...1 {
            for _ in 0..<50 where consumers[place]?.isAwaited == false {
                if let problem = take(place) { return problem }
            }
            guard let consumer = consumers[place], consumer.isAwaited else { continue }
            for channel in consumer.wanted where consumer.known[channel] != lastSent[channel] {
                return "it does not know of \(lastSent[channel]) but of \(consumer.known[channel] ?? -1)"
            }
            if !consumer.torn.isEmpty { return "a number is missing without a gap" }
        }
        return nil
    }
}

extension ListenerGroup.Effects {
    /// Without the waking of a listener that has left.
    fileprivate init(_ effects: ListenerGroup.Effects, without id: ListenerGroup.ID) {
        self = effects
        woken.removeAll { $0 == id }
    }
}
