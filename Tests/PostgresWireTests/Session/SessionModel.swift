import PostgresTestSupport
import PostgresWire

/// A session with the server at its other end, which reads what the session says and answers as a server may.
struct SessionModel: StateModel {
    enum Event: Hashable {
        /// The client begins a session or a verb.
        case start
        case simpleQuery, copyQuery
        case flight(Flight)
        /// A flight without a Sync, and the Sync by itself.
        case later(Flight)
        case sync
        case sendCopyData, sendCopyDone, sendCopyFail
        /// The server says what it may say, or something else.
        case say(ServerWord)
        case stray(ServerWord)
        case notice, parameter, notification, fatal
        case abandon, terminate
    }

    /// What is said in one go by the extended protocol.
    enum Flight: Hashable, CaseIterable {
        case unknownQuery, knownRows, noRows, description, behindCommand
        case portal, continuation, closing, copy

        var parts: ExtendedFlight {
            var flight = ExtendedFlight()
            switch self {
            case .unknownQuery:
                flight.parse("SELECT 1")
                flight.run(BoundParameters())
            case .knownRows: flight.run(statement: "kept", BoundParameters(), result: .rows(columnCount: 2))
            case .noRows: flight.run(statement: "silent", BoundParameters(), result: .noRows)
            case .description:
                flight.close(statement: "old")
                flight.parse("SELECT 1", as: "new")
                flight.describe(statement: "new")
            case .behindCommand:
                flight.run(command: "BEGIN")
                flight.run(statement: "kept", BoundParameters(), result: .rows(columnCount: 2))
            case .portal:
                flight.bind(portal: "p", statement: "kept", BoundParameters())
                flight.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 2))
            case .continuation: flight.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 2))
            case .closing: flight.close(portal: "p")
            case .copy:
                flight.parse("COPY t")
                flight.run(BoundParameters(), result: .copy)
            }
            // What has no Sync is answered only because of this.
            if self != .copy { flight.flush() }
            return flight
        }
    }

    /// What a client does that is tried.
    enum Client {
        /// One flight at a time, none of which welcomes a COPY.
        case single
        /// Several flights at a time, with and without their Syncs.
        case pipelines
        /// Portals that are suspended, continued and closed, in pipelines too.
        case portals
        /// COPY in both protocols, in pipelines too.
        case copies

        var flights: [Flight] {
            switch self {
            case .single: [.unknownQuery, .knownRows, .noRows, .description, .behindCommand]
            case .pipelines: [.unknownQuery, .knownRows]
            case .portals: [.portal, .continuation, .closing]
            case .copies: [.copy, .noRows]
            }
        }

        /// The flights of a pipeline at most.
        var flightsMax: Int { self == .single ? 1 : 3 }
    }

    private let client: Client
    private let isDisturbed: Bool
    private var session = CopiedSession()
    private var server = ModelServer()
    private var hasStarted = false
    private var isOver = false
    /// The Syncs that were said, and those that were answered.
    private var said = 0
    private var answered = 0
    /// Whether something was said that no Sync ends.
    private var isUnsynced = false
    /// Whether the server reported an error since it was ready.
    private var hasFailed = false

    /// A session that has not begun, or one that is idle.
    ///
    /// - Parameter isDisturbed: whether messages come that may not come, or that may come at any time.
    init(isIdle: Bool, client: Client = .single, isDisturbed: Bool = true) {
        self.client = client
        self.isDisturbed = isDisturbed
        guard isIdle else { return }
        for event in [Event.start, .say(.ok), .say(.key), .say(.readyIdle)] { _ = apply(event) }
    }

    var events: [Event] {
        guard !isOver else { return [] }
        guard hasStarted else { return [.start, .stray(.readyIdle), .abandon, .terminate] }
        var events = server.possibleWords.map(Event.say)
        if isDisturbed {
            events += ServerWord.allCases.filter { !server.tolerates($0) }.map(Event.stray)
            events += [.notice, .fatal, .abandon, .terminate]
            if session.machine.isAuthenticated { events += [.parameter, .notification] }
        }
        return events + verbs
    }

    private var verbs: [Event] {
        let machine = session.machine
        var events: [Event] = []
        if machine.isIdle { events += client == .copies ? [.simpleQuery, .copyQuery] : [.simpleQuery] }
        let mayFollow = client != .single && said - answered < client.flightsMax
        if machine.isIdle || mayFollow && machine.maySayMore { events += client.flights.map(Event.flight) }
        if mayFollow, machine.maySayMore {
            // Without a Sync there is no end to what may be said.
            if !isUnsynced { events += client.flights.filter { $0 != .copy }.map(Event.later) }
            events.append(.sync)
        }
        if machine.takesCopyData { events += [.sendCopyData, .sendCopyDone] }
        if machine.takesCopyFail { events.append(.sendCopyFail) }
        return events
    }

    /// Most sessions go on.
    func weight(of event: Event) -> Double {
        switch event {
        case .say: 4
        case .stray, .fatal, .abandon, .terminate: 0.01
        case .notice, .parameter, .notification: 0.3
        default: 1
        }
    }

    mutating func apply(_ event: Event) -> String? {
        perform(event) ?? check()
    }

    private mutating func perform(_ event: Event) -> String? {
        switch event {
        case .start:
            hasStarted = true
            session.perform(.start)
            server.beginStartup()
        case .simpleQuery: say(.query, isSynced: true)
        case .copyQuery: say(.copyQuery, isSynced: true)
        case .flight(let flight): say(.flight(flight, andSync: true), isSynced: true)
        case .later(let flight): say(.flight(flight, andSync: false), isSynced: false)
        case .sync: say(.sync, isSynced: true)
        case .sendCopyData: session.perform(.sendCopyData)
        case .sendCopyDone: session.perform(.sendCopyDone)
        case .sendCopyFail: session.perform(.sendCopyFail)
        case .say(let word): return hear(word, server.say(word))
        case .stray(let word):
            isOver = true
            let outcome = session.receive(word.message)
            return outcome.isViolation ? nil : "\(word) was taken for \(outcome)"
        case .notice: return expect(.notice, of: Backend.notice)
        case .parameter: return expect(.parameterChanged, of: Backend.parameter)
        case .notification: return expect(.notified, of: Backend.notification)
        case .fatal:
            isOver = true
            return expect(.failed(isFatal: true), of: Backend.fatal)
        case .abandon, .terminate:
            isOver = true
            session.perform(event == .abandon ? .abandon : .terminate)
        }
        server.hear(session.takeOutbound())
        return nil
    }

    private mutating func say(_ verb: CopiedSession.Verb, isSynced: Bool) {
        session.perform(verb)
        if isSynced { said += 1 }
        isUnsynced = !isSynced
    }

    private mutating func expect(_ expected: SessionOutcome, of message: BackendMessage) -> String? {
        let outcome = session.receive(message)
        return outcome == expected ? nil : "\(message.name) was taken for \(outcome)"
    }

    /// The session hears what the server may say, answers if it is asked, and has to understand it.
    private mutating func hear(_ word: ServerWord, _ expected: SessionOutcome) -> String? {
        let outcome = session.receive(word.message)
        guard outcome == expected else { return "\(word) was taken for \(outcome), not \(expected)" }
        switch outcome {
        case .failed(isFatal: true): isOver = true
        case .failed: hasFailed = true
        case .ready where server.hasBegun:
            if answered == said { return "a Sync was answered twice" }
            answered += 1
            hasFailed = false
        case .asked(let request): session.perform(.answer(request))
        case .parsed, .bound, .columns, .noColumns, .parameterTypes, .completed, .suspended, .emptyQuery, .copyRefused,
            .copyIn, .copyOut, .copyBoth, .copyData, .copyDone:
            if hasFailed { return "\(word) was told of after an error" }
        default: break
        }
        if word.isReady { server.hasBegun = true }
        server.hear(session.takeOutbound())
        return nil
    }

    // MARK: what always holds

    private func check() -> String? {
        let machine = session.machine
        if machine.hasEnded != isOver { return isOver ? "a session that is over goes on" : "a session ended by itself" }
        if isOver {
            let isUsable = machine.isIdle || machine.isAuthenticated || machine.maySayMore || machine.takesCopyData
            return isUsable || machine.columnCount != nil ? "a session that is over looks usable" : nil
        }
        if machine.isAuthenticated != server.hasAccepted { return "the client takes itself for accepted, or not" }
        if machine.syncsSaid != said || machine.syncsAnswered != answered { return "the Syncs are miscounted" }
        let isIdle = server.hasBegun && said == answered && !isUnsynced
        if machine.isIdle != isIdle {
            return isIdle ? "the next verb may not begin" : "the next verb may begin while one is under way"
        }
        if machine.columnCount != server.columnCount {
            return "rows of \(String(describing: machine.columnCount)) columns are expected"
        }
        if machine.takesCopyData != server.takesCopyData { return "the server takes no data of a COPY, or does" }
        if machine.awaitsCopyData != server.sendsCopyData { return "the server sends no data of a COPY, or does" }
        if isIdle, machine.transactionStatus != server.status { return "the transaction status is another" }
        if hasStarted, !isIdle, server.possibleWords.isEmpty, !isUnsynced {
            return "client and server wait for each other"
        }
        return nil
    }

    /// Has the client do what it owes, and the server go on.
    mutating func settle() -> String? {
        for _ in 0..<200 where hasStarted && !isOver && !session.machine.isIdle {
            let event: Event
            if session.machine.takesCopyData {
                event = .sendCopyDone
            } else if isUnsynced, session.machine.maySayMore {
                event = .sync
            } else if let word = server.possibleWords.first {
                event = .say(word)
            } else {
                return "client and server wait for each other"
            }
            if let problem = apply(event) { return problem }
        }
        return said != answered && !isOver ? "a verb never ends" : nil
    }
}
