import PostgresTestSupport
import PostgresWire

/// A session with the server at its other end, which reads what the session says and answers as a server may.
struct SessionModel: StateModel {
    enum Event: Hashable {
        /// The client begins a session or a verb.
        case start
        case simpleQuery
        case flight(Flight)
        /// The server says what it may say, or something else.
        case say(ServerWord)
        case stray(ServerWord)
        case notice, parameter, notification, fatal
        case abandon, terminate
    }

    /// What is said in one go by the extended protocol.
    enum Flight: Hashable, CaseIterable {
        case unknownQuery, knownRows, noRows, description, behindCommand

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
            }
            return flight
        }
    }

    private var session = CopiedSession()
    private var server = ModelServer()
    private var hasStarted = false
    private var isOver = false
    /// Whether a verb is under way, and whether it has failed.
    private var hasVerb = false
    private var hasFailed = false

    /// A session that has not begun, or one that is idle.
    init(isIdle: Bool) {
        guard isIdle else { return }
        for event in [Event.start, .say(.ok), .say(.key), .say(.readyIdle)] { _ = apply(event) }
    }

    var events: [Event] {
        guard !isOver else { return [] }
        guard hasStarted else { return [.start, .stray(.readyIdle), .abandon, .terminate] }
        var events = server.possibleWords.map(Event.say)
        events += ServerWord.allCases.filter { !server.tolerates($0) }.map(Event.stray)
        events += [.notice, .fatal, .abandon, .terminate]
        if session.machine.isAuthenticated { events += [.parameter, .notification] }
        if session.machine.isIdle { events += [.simpleQuery] + Flight.allCases.map(Event.flight) }
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
        case .simpleQuery, .flight:
            (hasVerb, hasFailed) = (true, false)
            if case .flight(let flight) = event { session.perform(.flight(flight)) } else { session.perform(.query) }
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
        case .ready where hasVerb: hasVerb = false
        case .ready where server.hasBegun: return "a verb ended twice"
        case .asked(let request): session.perform(.answer(request))
        case .parsed, .bound, .columns, .noColumns, .parameterTypes, .completed, .emptyQuery, .copyRefused:
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
            let isUsable = machine.isIdle || machine.isAuthenticated || machine.columnCount != nil
            return isUsable ? "a session that is over looks usable" : nil
        }
        if machine.isAuthenticated != server.hasAccepted { return "the client takes itself for accepted, or not" }
        let isIdle = server.hasBegun && !hasVerb
        if machine.isIdle != isIdle {
            return isIdle ? "the next verb may not begin" : "the next verb may begin while one is under way"
        }
        if machine.columnCount != server.columnCount {
            return "rows of \(String(describing: machine.columnCount)) columns are expected"
        }
        if isIdle, machine.transactionStatus != server.status { return "the transaction status is another" }
        if hasStarted, !isIdle, server.possibleWords.isEmpty { return "client and server wait for each other" }
        return nil
    }

    mutating func settle() -> String? {
        for _ in 0..<200 where hasStarted && !isOver && !session.machine.isIdle {
            guard let word = server.possibleWords.first else { return "client and server wait for each other" }
            if let problem = apply(.say(word)) { return problem }
        }
        return hasVerb && !isOver ? "a verb never ends" : nil
    }
}
