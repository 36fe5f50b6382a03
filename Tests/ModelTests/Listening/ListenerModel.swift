import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// The state machine of one listener and its connection, with a server that numbers its notifications, sessions that come and go, and a consumer.
struct ListenerModel: StateModel {
    enum Event: Hashable {
        /// Another session notifies: the listening session receives it, or nobody does.
        case notify
        /// The server commits LISTEN, of which the session hears later.
        case listen
        case confirm
        case lose
        case fail
        case take
        case stop
    }

    private enum Session { case none, committed, confirmed }

    private static let channel = try? ChannelName("numbers")
    private var machine = ListenerGroup()
    private var id = 0
    private var session = Session.none
    private var sent = 0
    private var isOver = false
    private var isAwaited = false
    /// The last number that was delivered, and whether there was a gap since.
    private var last = 0
    private var isAtGap = true
    /// The number that the first session began after.
    private var hasListened = false

    init(_ overflow: PostgresListenerOptions.Overflow) {
        let options = PostgresListenerOptions {
            $0.bufferCountMax = 2
            $0.overflow = overflow
        }
        let joined = try? machine.join(
            options, [Self.channel].compactMap(\.self), now: MonotonicTime(nanoseconds: 0), at: Self.time(0))
        if let joined { id = joined.0 }
        _ = machine.takeChange()
    }

    var events: [Event] {
        var events: [Event] = [.take]
        guard !isOver else { return events }
        if !(machine.isSuspended && session != .none) { events.append(.notify) }
        if session == .none { events.append(.listen) }
        if session == .committed { events.append(.confirm) }
        if session != .none { events.append(.lose) }
        return events + [.fail, .stop]
    }

    func weight(of event: Event) -> Double { event == .fail || event == .stop ? 0.02 : 1 }

    private static func time(_ number: Int) -> PostgresTimestampTZ {
        PostgresTimestampTZ(microsecondsSince2000: Int64(number)) ?? .infinity
    }

    mutating func apply(_ event: Event) -> String? {
        switch event {
        case .notify:
            sent += 1
            guard session != .none else { return nil }
            let notification = PostgresNotification(
                channel: "numbers", payload: "\(sent)", processID: 1, receivedAt: Self.time(sent))
            return note(machine.received(notification))
        case .listen:
            session = .committed
            _ = machine.takeChange()
        case .confirm:
            session = .confirmed
            return note(machine.confirmed([Self.channel].compactMap(\.self), since: Self.time(sent)))
        case .lose:
            session = .none
            let isQuiet = machine.lost(.sessionChanged, at: Self.time(sent)).woken.isEmpty
            return isQuiet ? nil : "it is woken, and the next session is still to listen"
        case .fail:
            return note(machine.failed(PostgresError(.authenticationFailed, "refused"), at: Self.time(sent)))
        case .stop:
            let complaint = note(machine.stop(id, at: Self.time(sent)))
            isOver = true
            return complaint
        case .take: return take()
        }
        return nil
    }

    /// What a waiting consumer is owed: to be woken by what it waits for.
    private mutating func note(_ effects: ListenerGroup.Effects) -> String? {
        if effects.stops { isOver = true }
        guard isAwaited else { return !effects.woken.isEmpty ? "it is woken and does not wait" : nil }
        guard effects.woken == [id] else { return "it waits and is not woken" }
        isAwaited = false
        return nil
    }

    private mutating func take() -> String? {
        guard !isAwaited else { return nil }
        switch machine.next(of: id).0 {
        case .pending:
            isAwaited = true
            return isOver ? "it waits for what is over" : nil
        case .end: return isOver ? nil : "it ends while a session may come"
        case .element(.listening): return nil
        case .element(.gap):
            isAtGap = true
            return nil
        case .element(.notification(let notification)):
            let number = Int(notification.payload) ?? -1
            defer { (last, isAtGap, hasListened) = (number, false, true) }
            if number <= last { return "\(number) follows \(last)" }
            return number == last + 1 || isAtGap || !hasListened ? nil : "\(number) follows \(last) without a gap"
        }
    }

    /// A session listens again, and one more number is sent: whatever is missing is at a gap by then.
    mutating func settle() -> String? {
        if !isOver {
            if session == .none { session = .committed }
            if session == .committed, let problem = apply(.confirm) { return problem }
            if !machine.isSuspended, let problem = apply(.notify) { return problem }
        }
        for _ in 0..<200 where !isAwaited {
            if let problem = take() { return problem }
        }
        return isAwaited || isOver ? nil : "it delivers without end"
    }
}
