import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// A stream with its consumer, its server, the memory that it shares, and tasks that pause and resume it.
///
/// What decides is the library's own `StreamStateMachine`; what acts on it is written down once more: a reader that asks
/// before each read, and a clock. `StreamBooks` are what the machine's have to say.
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
        /// The reader that waits for the end of a pause or for memory was woken, or its time has come.
        case wake
        /// The fetch fails, by its time limit or because its task is cancelled.
        case fetchFails
        /// Others keep the memory that a read would take, and let go of it.
        case memoryIsTaken, memoryIsFreed
        case pause(milliseconds: Int?, PauseOutcome)
        case resume
        case timePasses(milliseconds: Int)
        /// The consumer leaves the stream, which it may while a fetch is in progress, or a row does not become a value.
        case leave, decodingFails
        /// Only the first row was wanted, and the rest is dropped; or not, because it is too much.
        case dropRest, dropNoMore
        /// The next of several results is asked for.
        case overtake
    }

    enum Reader: Hashable {
        case idle
        /// The consumer waits: for the server, for the end of a pause, or for memory.
        case reading
        case waitingForPause(until: MonotonicTime?)
        case waitingForMemory
        case dropping
    }

    var machine = StreamStateMachine()
    var reader = Reader.idle
    var books = StreamBooks()
    private(set) var now = MonotonicTime.now
    /// The same time as the books have it.
    private(set) var time: Int64 = 1_000
    /// Rows that the server has sent and that were not read, and those that were read and not handed out.
    private var sent = 0
    private var inHand = 0
    private var lacksMemory = false
    /// What the server said last; nil while it goes on.
    private var serverEnd: StreamState?
    /// Whether the reader was signalled since it looked last.
    private(set) var isSignalled = false
    /// The first end that the consumer saw.
    private(set) var seenEnd: StreamState?
    private(set) var isOvertaken = false
    /// Whether the stream was left while a fetch was in progress, how often its query was left, and how often it should be.
    private(set) var isLeft = false
    private(set) var leavings = 0
    private(set) var leavingsDue = 0

    /// The pause as the task that paused understands it.
    private(set) var pausedSince: MonotonicTime?
    private(set) var pauseDeadline: MonotonicTime?
    private var pauseOutcome = PauseOutcome.resume
    private(set) var pausedTime = Duration.zero

    init() {
        machine.begin(chunkSize: 1, queued: 0, at: time)
        _ = machine.described(at: time)
    }

    var events: [Event] {
        var events: [Event] = [
            .pause(milliseconds: nil, .resume), .pause(milliseconds: 2, .resume), .pause(milliseconds: 2, .fail),
            .resume, .timePasses(milliseconds: 1), .timePasses(milliseconds: 3),
        ]
        guard seenEnd == nil else { return events }
        if serverEnd == nil {
            if sent < 2 { events.append(.rowsArrive) }
            events += [.serverEnds, .serverFails]
        }
        events += [.leave, lacksMemory ? .memoryIsFreed : .memoryIsTaken]
        return events + readerEvents
    }

    private var readerEvents: [Event] {
        switch reader {
        case .idle: return [.request, .overtake] + (books.chunks > 0 ? [.decodingFails, .dropRest] : [])
        case .reading where inHand > 0: return [.deliver]
        case .reading: return [.fetchFails] + (sent > 0 || serverEnd != nil || machine.isPaused ? [.read] : [])
        case .dropping: return [.fetchFails, .dropNoMore] + (sent > 0 || serverEnd != nil ? [.read] : [])
        // A reader that waits for memory looks for itself now and then.
        case .waitingForMemory: return [.fetchFails, .wake]
        case .waitingForPause(let deadline):
            return [.fetchFails] + (isSignalled || deadline.map { $0 <= now } ?? false ? [.wake] : [])
        }
    }

    /// Most streams go on.
    func weight(of event: Event) -> Double {
        switch event {
        case .leave, .serverEnds, .serverFails, .fetchFails, .decodingFails, .overtake: 0.2
        case .request, .deliver, .read, .wake: 3
        default: 1
        }
    }

    mutating func apply(_ event: Event) -> String? {
        if let problem = perform(event) { return problem }
        // As `StreamControl` does after every event.
        if machine.hasEffects { books.take(machine.takeEffects(peakBytes: 0), machine.end) }
        return check()
    }

    private mutating func perform(_ event: Event) -> String? {
        switch event {
        case .request: return request()
        case .deliver: return deliver()
        case .rowsArrive: sent += 1
        case .serverEnds: serverEnd = .completed
        case .serverFails: serverEnd = .failed
        case .memoryIsTaken: lacksMemory = true
        case .memoryIsFreed: lacksMemory = false
        case .read: return reader == .dropping ? drop() : read()
        case .wake:
            isSignalled = false
            if reader == .waitingForMemory { books.memoryWaitEnds() }
            reader = .reading
            return read()
        case .fetchFails: return fail()
        case .leave, .decodingFails: return leave()
        case .dropRest:
            if !machine.dropRest() { return "the rest cannot be dropped" }
            reader = .dropping
        case .dropNoMore: return fetchReturned()
        case .overtake:
            (isOvertaken, seenEnd) = (true, .cancelled)
            end()
            if !machine.overtaken(now: now, at: time) { return "a stream was over before the next result" }
        default: return steer(event)
        }
        return nil
    }

    private mutating func steer(_ event: Event) -> String? {
        switch event {
        case .timePasses(let milliseconds):
            now = now + .milliseconds(milliseconds)
            time += Int64(milliseconds) * 1_000_000
            if seenEnd == nil { books.pass(Int64(milliseconds) * 1_000_000, reader) }
        case .pause(let milliseconds, let outcome):
            expirePause()
            let deadline = milliseconds.map { now + .milliseconds($0) }
            let answer = machine.pause(reason: nil, until: deadline, then: outcome, now: now)
            isSignalled = true
            if answer.isPaused != (seenEnd == nil) { return "a pause was taken for another" }
            if answer.isNew != (seenEnd == nil && pausedSince == nil) { return "a pause is told of at the wrong time" }
            guard seenEnd == nil else { return nil }
            (pausedSince, pauseDeadline, pauseOutcome) = (pausedSince ?? now, deadline, outcome)
        case .resume:
            expirePause()
            machine.resume(now: now)
            isSignalled = true
            endPause(now)
        default: break
        }
        return nil
    }

    // MARK: the reader

    private mutating func request() -> String? {
        guard case .fetch(let consumed) = machine.requested(at: time) else { return "a consumer is refused" }
        reader = .reading
        return books.request(consumed)
    }

    private mutating func deliver() -> String? {
        inHand -= 1
        let chunk = StreamChunk(rows: 1, bytes: 10, rowsLeft: inHand, rowLimit: 1)
        let delivery = machine.delivered(chunk, at: books.isAtRequest ? nil : time)
        guard let delivery else { return "rows that were asked for are not handed out" }
        if delivery.isLeft != isLeft { return "a stream is taken for one that was left" }
        if let problem = books.deliver(delivery) { return problem }
        reader = .idle
        return isLeft ? fetchReturned() : nil
    }

    /// Reads if that is allowed, as the connection does before every read.
    private mutating func read() -> String? {
        expirePause()
        let permission = machine.permission(now: now, at: time)
        if permission != expectedPermission { return "the reader was told \(permission), not \(expectedPermission)" }
        switch permission {
        case .read: break
        case .hold(let deadline):
            reader = .waitingForPause(until: deadline)
            return nil
        case .fail:
            endPause(now)
            return fail()
        }
        guard !lacksMemory else {
            machine.throttled(isCrossing: false, at: time)
            reader = .waitingForMemory
            return nil
        }
        if sent > 0 {
            (sent, inHand) = (sent - 1, inHand + 1)
            return nil
        }
        return serverEnd.flatMap { serverEnded($0) }
    }

    private var expectedPermission: StreamPauses.Permission {
        guard pausedSince != nil else { return .read }
        guard let pauseDeadline, pauseDeadline <= now else { return .hold(until: pauseDeadline) }
        return .fail
    }

    private mutating func drop() -> String? {
        if sent > 0 {
            sent -= 1
            return nil
        }
        return fetchReturned() ?? (seenEnd == nil ? serverEnd : nil).flatMap { serverEnded($0) }
    }

    private mutating func serverEnded(_ state: StreamState) -> String? {
        seenEnd = state
        end()
        if !machine.end(state, now: now, at: time) { return "the end of the query is not the stream's" }
        return machine.fetchReturned(now: now, at: time) ? "a query is left that was at its end" : nil
    }

    private mutating func fail() -> String? {
        if let problem = fetchReturned() { return problem }
        guard seenEnd == nil else { return nil }
        (seenEnd, leavingsDue) = (.failed, leavingsDue + 1)
        end()
        if machine.leave(.failed, nil, now: now, at: time) { leavings += 1 }
        return nil
    }

    private mutating func fetchReturned() -> String? {
        let isToBeLeft = machine.fetchReturned(now: now, at: time)
        if isToBeLeft { leavings += 1 }
        reader = .idle
        if machine.hold != nil || machine.isFetching { return "a fetch that returned goes on" }
        if isToBeLeft != isLeft { return isLeft ? "a stream that was left goes on" : "a stream is left by itself" }
        if isLeft {
            (isLeft, seenEnd) = (false, .cancelled)
            end()
        }
        return nil
    }

    private mutating func leave() -> String? {
        let isFetching = reader != .idle
        if !isLeft { leavingsDue += 1 }
        if !isFetching {
            seenEnd = .cancelled
            end()
        }
        isLeft = isFetching
        let isToBeLeft = machine.leave(now: now, at: time)
        if isToBeLeft { leavings += 1 }
        return isToBeLeft == isFetching ? "a query is left at the wrong time" : nil
    }

    private mutating func end() {
        expirePause()
        endPause(now)
        // What was to be left is over by itself.
        if isLeft { leavingsDue -= 1 }
        books.end()
        isSignalled = true
        (reader, sent, inHand, isLeft) = (.idle, 0, 0, false)
    }

    /// A pause that was to end by itself does so at its deadline, whether that is looked at or not.
    mutating func expirePause() {
        guard let pauseDeadline, pauseDeadline <= now, pauseOutcome == .resume else { return }
        endPause(pauseDeadline)
    }

    private mutating func endPause(_ end: MonotonicTime) {
        if let pausedSince { pausedTime += pausedSince.duration(to: end) }
        (pausedSince, pauseDeadline) = (nil, nil)
    }

    mutating func settle() -> String? {
        if lacksMemory, seenEnd == nil, let problem = apply(.memoryIsFreed) { return problem }
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
