import PostgresStreaming
import PostgresTestSupport

/// A stream with its consumer, its server, and tasks that pause and resume it.
///
/// What decides when a stream reads and how it ends is spread over classes today; the part that is plain values, pauses and
/// ends, is the library's own here, and the reader around it is written down once more. The events are those of any
/// stream, however it is built.
struct StreamModel: StateModel {
    enum Event: Hashable {
        /// The consumer asks for rows.
        case request
        /// The rows that the consumer asked for are handed to it, out of what is in hand.
        case deliver
        /// The server sends rows, has sent the last, or fails.
        case rowsArrive, serverEnds, serverFails
        /// The reader reads what has arrived.
        case read
        /// The reader that waits for the end of a pause was woken, or its deadline has come.
        case wake
        case pause(milliseconds: Int?, PauseOutcome)
        case resume
        case timePasses(milliseconds: Int)
        /// The consumer leaves the stream, or its task is cancelled.
        case leave
    }

    private enum Reader: Hashable {
        case idle
        /// The consumer waits: for the server, or for the end of a pause.
        case reading
        case waitingForPause(until: ContinuousClock.Instant?)
    }

    private var pauses = StreamPauses()
    private var reader = Reader.idle
    private var now = ContinuousClock.now
    /// Rows that the server has sent and that were not read, and those that were read and not handed out.
    private var sent = 0
    private var inHand = 0
    /// What the server said last; nil while it goes on.
    private var serverEnd: StreamState?
    /// Whether the reader was signalled since it looked last.
    private var isSignalled = false
    /// The first end that the consumer saw.
    private var seenEnd: StreamState?
    private var ends = 0

    /// The pause as whoever paused understands it.
    private var pausedSince: ContinuousClock.Instant?
    private var pauseDeadline: ContinuousClock.Instant?
    private var pauseOutcome = PauseOutcome.resume
    private var pausedTime = Duration.zero

    var events: [Event] {
        var events: [Event] = [
            .pause(milliseconds: nil, .resume), .pause(milliseconds: 2, .resume), .pause(milliseconds: 2, .fail),
            .resume, .timePasses(milliseconds: 1), .timePasses(milliseconds: 3),
        ]
        if serverEnd == nil, seenEnd == nil {
            if sent < 2 { events.append(.rowsArrive) }
            events += [.serverEnds, .serverFails]
        }
        guard seenEnd == nil else { return events }
        events.append(.leave)
        switch reader {
        case .idle: events.append(.request)
        case .reading where inHand > 0: events.append(.deliver)
        case .reading: events += sent > 0 || serverEnd != nil || pauses.isPaused ? [.read] : []
        case .waitingForPause(let deadline):
            if isSignalled || deadline.map({ $0 <= now }) ?? false { events.append(.wake) }
        }
        return events
    }

    /// Most streams go on.
    func weight(of event: Event) -> Double {
        switch event {
        case .leave, .serverEnds, .serverFails: 0.2
        case .request, .deliver, .read, .wake: 3
        default: 1
        }
    }

    mutating func apply(_ event: Event) -> String? {
        perform(event) ?? check()
    }

    private mutating func perform(_ event: Event) -> String? {
        switch event {
        case .request:
            reader = .reading
            return nil
        case .deliver:
            inHand -= 1
            reader = .idle
            return nil
        case .rowsArrive: sent += 1
        case .serverEnds: serverEnd = .completed
        case .serverFails: serverEnd = .failed
        case .read: return read()
        case .wake:
            isSignalled = false
            reader = .reading
            return read()
        case .leave: return end(.cancelled)
        default: return steer(event)
        }
        return nil
    }

    private mutating func steer(_ event: Event) -> String? {
        switch event {
        case .timePasses(let milliseconds): now += .milliseconds(milliseconds)
        case .pause(let milliseconds, let outcome):
            expirePause()
            let deadline = milliseconds.map { now + .milliseconds($0) }
            let answer = pauses.pause(reason: nil, until: deadline, then: outcome, now: now)
            isSignalled = true
            if answer.isPaused != (seenEnd == nil) { return "a pause was taken for another" }
            if answer.isNew != (seenEnd == nil && pausedSince == nil) { return "a pause is told of at the wrong time" }
            guard seenEnd == nil else { return nil }
            (pausedSince, pauseDeadline, pauseOutcome) = (pausedSince ?? now, deadline, outcome)
        case .resume:
            expirePause()
            pauses.resume(now: now)
            isSignalled = true
            endPause(now)
        default: break
        }
        return nil
    }

    /// Reads if that is allowed, as the connection does before every read.
    private mutating func read() -> String? {
        expirePause()
        let permission = pauses.permission(now: now)
        if permission != expectedPermission { return "the reader was told \(permission), not \(expectedPermission)" }
        switch permission {
        case .read: break
        case .hold(let deadline):
            reader = .waitingForPause(until: deadline)
            return nil
        case .fail:
            endPause(now)
            return end(.failed)
        }
        if sent > 0 {
            (sent, inHand) = (sent - 1, inHand + 1)
            return nil
        }
        return serverEnd.flatMap { end($0) }
    }

    private var expectedPermission: StreamPauses.Permission {
        guard pausedSince != nil else { return .read }
        guard let pauseDeadline, pauseDeadline <= now else { return .hold(until: pauseDeadline) }
        return .fail
    }

    private mutating func end(_ state: StreamState) -> String? {
        expirePause()
        if pauses.end(state, now: now) { ends += 1 }
        endPause(now)
        isSignalled = true
        seenEnd = seenEnd ?? state
        (reader, sent, inHand) = (.idle, 0, 0)
        // What comes later, such as the end of a clean-up, changes nothing.
        if pauses.end(.failed, now: now) { return "a stream ended twice" }
        return nil
    }

    /// A pause that was to end by itself does so at its deadline, whether that is looked at or not.
    private mutating func expirePause() {
        guard let pauseDeadline, pauseDeadline <= now, pauseOutcome == .resume else { return }
        endPause(pauseDeadline)
    }

    private mutating func endPause(_ end: ContinuousClock.Instant) {
        if let pausedSince { pausedTime += pausedSince.duration(to: end) }
        (pausedSince, pauseDeadline) = (nil, nil)
    }

    // MARK: what always holds

    private func check() -> String? {
        if ends > 1 || (ends == 1) != (seenEnd != nil) { return "a stream ended \(ends) times" }
        if pauses.end != seenEnd { return "the end is told as \(String(describing: pauses.end))" }
        if seenEnd != nil, pauses.isPaused { return "a stream is paused at its end" }
        // Whoever looks settles first what time alone has ended.
        var (looked, expected) = (pauses, self)
        looked.settle(now)
        expected.expirePause()
        if seenEnd == nil, looked.isPaused != (expected.pausedSince != nil) { return "the state tells another pause" }
        if looked.pausedTime != expected.pausedTime {
            return "\(looked.pausedTime) paused, \(expected.pausedTime) it was"
        }
        guard case .waitingForPause(let deadline) = reader, seenEnd == nil, !isSignalled else { return nil }
        if expected.pausedSince == nil, deadline == nil { return "the reader waits although it could go on" }
        return deadline == pauseDeadline || pausedSince == nil ? nil : "the reader waits for another deadline"
    }

    mutating func settle() -> String? {
        for _ in 0..<100 where seenEnd == nil {
            let possible = events
            let next: Event? =
                [Event.wake, .read, .deliver, .request].first(where: possible.contains)
                ?? (serverEnd == nil ? .serverEnds : pauseDeadline == nil ? .resume : .timePasses(milliseconds: 3))
            if let next, let problem = apply(next) { return problem }
        }
        return seenEnd == nil ? "the stream never ends: \(reader)" : nil
    }
}
