import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SessionRobustnessTests {
    @Test func `valid messages in a random order never trap`() throws {
        let seed = UInt64.random(in: .min ... .max)
        // A trap would take the failure message with it, so the seed is out before anything is received.
        print("random sessions: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let samples = BackendMessageSamples.all.map(\.expected)
        var seen: Set<String> = []
        var session = SessionStateMachine()
        var script: [BackendMessage] = []
        for _ in 0..<50_000 {
            if session.hasEnded {
                session = SessionStateMachine()
                try session.start(SessionStage.startup)
                script = Self.startups.randomElement(using: &generator) ?? []
            }
            if session.isIdle { script = try startQuery(&session, using: &generator) }
            // Mostly what a server would say next, so that the walk gets far before it goes astray.
            let isAstray = script.isEmpty || Int.random(in: 0..<20, using: &generator) == 0
            let stray = samples[Int.random(in: 0..<samples.count, using: &generator)]
            let message = isAstray ? stray : script.removeFirst()
            let outcome = SessionOutcome(of: message, in: &session)
            seen.insert("\(outcome)".prefix { $0 != "(" }.description)
            try answer(outcome, in: &session)
            if session.takesCopyData { session.sendCopyDone() }
            _ = session.takeOutbound()
        }
        // Only rows do not come as messages.
        #expect(seen.count == 23, "seed \(seed): \(seen.sorted())")
    }

    private static let startups: [[BackendMessage]] = [
        [Backend.ok, Backend.key, Backend.ready],
        [Backend.md5, Backend.ok, Backend.parameter, Backend.ready],
        [Backend.sasl, Backend.challenge, Backend.outcome, Backend.ok, Backend.key, Backend.ready],
    ]

    private static let extended: [[BackendMessage]] = [
        [Backend.parsed, Backend.bound, Backend.columns("a"), Backend.completes("SELECT 0"), Backend.ready],
        [Backend.parsed, Backend.bound, Backend.noData, Backend.empty, Backend.ready],
        [Backend.parsed, Backend.bound, Backend.noData, Backend.copyIn, Backend.error, Backend.ready],
        [Backend.parsed, Backend.error, Backend.ready(.failed)],
    ]

    private static let described: [[BackendMessage]] = [
        [Backend.closed, Backend.parsed, Backend.parameterTypes(23), Backend.columns("a"), Backend.ready],
        [Backend.closed, Backend.parsed, Backend.parameterTypes(), Backend.noData, Backend.ready],
        [Backend.closed, Backend.error, Backend.ready],
    ]

    private static let simple: [[BackendMessage]] = [
        [Backend.columns("a"), Backend.completes("SELECT 0"), Backend.columns("b"), Backend.error, Backend.ready],
        [Backend.copyOut, Backend.copyData, Backend.copyDone, Backend.completes("COPY 1"), Backend.ready],
        [Backend.copyIn, Backend.error, Backend.ready],
    ]

    private static let portals: [[BackendMessage]] = [
        [Backend.bound, Backend.suspended, Backend.ready(.inTransaction)],
        [Backend.bound, Backend.completes("SELECT 2"), Backend.ready],
    ]

    private static let copies: [[BackendMessage]] = [
        [Backend.copyIn, Backend.completes("COPY 1"), Backend.ready],
        [Backend.copyIn, Backend.error, Backend.ready],
        [Backend.copyOut, Backend.copyData, Backend.copyDone, Backend.completes("COPY 1"), Backend.ready],
        [Backend.copyBoth, Backend.copyData, Backend.copyDone, Backend.completes("STREAMING"), Backend.ready],
    ]

    private func startQuery(
        _ session: inout SessionStateMachine, using generator: inout SeededGenerator
    ) throws -> [BackendMessage] {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            try session.startExtendedQuery("SELECT 1", parameters: BoundParameters())
            return Self.extended.randomElement(using: &generator) ?? []
        case 1:
            var flight = ExtendedFlight()
            flight.close(statement: "old")
            flight.parse("SELECT 1", as: "new")
            flight.describe(statement: "new")
            try session.start(flight)
            return Self.described.randomElement(using: &generator) ?? []
        case 2:
            var flight = ExtendedFlight()
            flight.bind(portal: "p", BoundParameters())
            flight.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 2))
            try session.start(flight)
            return Self.portals.randomElement(using: &generator) ?? []
        case 3:
            try session.startSimpleQuery("COPY t", isCopyWelcome: true)
            return Self.copies.randomElement(using: &generator) ?? []
        default:
            try session.startSimpleQuery("SELECT 1")
            return Self.simple.randomElement(using: &generator) ?? []
        }
    }

    /// Does what a verb does when the server asks for a proof.
    private func answer(_ outcome: SessionOutcome, in session: inout SessionStateMachine) throws {
        guard case .asked(let request) = outcome else { return }
        switch request {
        case .sasl: try session.sendSASLInitialResponse(SASLInitialResponse(mechanism: "SCRAM-SHA-256", data: nil))
        case .saslContinue: try session.sendSASLResponse(SASLResponse(data: []))
        case .saslFinal: session.confirmServer()
        default: try session.sendPassword(PasswordMessage(password: "secret"))
        }
    }
}
