import PostgresTestSupport
import PostgresWire
import Testing

/// Every message in every phase.
@Suite struct SessionPhaseTests {
    @Test(arguments: SessionStage.allCases)
    func `a message is either expected in a phase or a violation that ends it`(stage: SessionStage) throws {
        for sample in BackendMessageSamples.all {
            var session = try stage.session()
            let outcome = SessionOutcome(of: sample.expected, in: &session)
            let isExpected = Self.isExpected(sample, at: stage)
            #expect(outcome.isViolation == !isExpected, "\(sample.name) at \(stage): \(outcome)")
            if outcome.isViolation { expectClosed(&session) }
        }
    }

    @Test(arguments: SessionStage.allCases)
    func `notices, parameters and notifications do not disturb a phase`(stage: SessionStage) throws {
        guard !stage.isOver, stage != .initial else { return }
        var session = try stage.session()
        session.follow([(Backend.notice, .notice)])
        if !stage.isBeforeAuthentication {
            session.follow([(Backend.parameter, .parameterChanged), (Backend.notification, .notified)])
        }
        // What was expected before is expected still.
        for sample in BackendMessageSamples.all where Self.isExpected(sample, at: stage) {
            var disturbed = try stage.session()
            var calm = try stage.session()
            _ = SessionOutcome(of: Backend.notice, in: &disturbed)
            let outcome = SessionOutcome(of: sample.expected, in: &disturbed)
            #expect(outcome == SessionOutcome(of: sample.expected, in: &calm), "\(sample.name) at \(stage)")
        }
    }

    @Test(arguments: SessionStage.allCases)
    func `a fatal error ends every phase`(stage: SessionStage) throws {
        guard !stage.isOver, stage != .initial else { return }
        for severity in ["FATAL", "PANIC"] {
            var session = try stage.session()
            session.follow([(Backend.fails(severity), .failed(isFatal: true))])
            expectClosed(&session)
        }
    }

    @Test func `an error that is not fatal belongs to a query`() throws {
        var session = try SessionStage.idle.session()
        session.follow([(Backend.error, .violation(.unexpectedMessage))])
        expectClosed(&session)
    }

    @Test(arguments: SessionStage.allCases)
    func `nobody is authenticated before the server said so or after the end`(stage: SessionStage) throws {
        let session = try stage.session()
        #expect(session.isAuthenticated == !(stage.isBeforeAuthentication || stage.isOver))
    }

    @Test(arguments: SessionStage.allCases)
    func `a session is idle, and may send rows, in its own phases only`(stage: SessionStage) throws {
        let session = try stage.session()
        #expect(session.isIdle == (stage == .idle))
        #expect(session.hasEnded == stage.isOver)
        #expect(session.columnCount == ([.rows, .simpleRows, .limitedRows].contains(stage) ? 2 : nil))
        #expect(session.takesCopyData == stage.takesCopyData)
        #expect(session.takesCopyFail == (stage == .input || stage == .simpleInput))
    }

    @Test func `good-bye is said once`() throws {
        var session = try SessionStage.idle.session()
        _ = session.takeOutbound()
        session.terminate()
        session.terminate()
        #expect(try session.takeOutbound() == FrontendBytes.encode(Terminate()))
        expectClosed(&session)
    }

    @Test func `an abandoned session says nothing more`() throws {
        var session = try SessionStage.rows.session()
        _ = session.takeOutbound()
        session.abandon()
        session.terminate()
        #expect(session.outbound.isEmpty == true)
        expectClosed(&session)
    }

    private func expectClosed(
        _ session: inout SessionStateMachine, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(session.hasEnded && !session.isIdle && !session.isAuthenticated, sourceLocation: location)
        #expect(session.columnCount == nil, sourceLocation: location)
        for message in [Backend.ready, Backend.ok, Backend.notice, Backend.fatal] {
            session.follow([(message, .violation(.unexpectedMessage))], at: location)
        }
    }

    private static func isExpected(_ sample: BackendMessageSamples.Sample, at stage: SessionStage) -> Bool {
        if sample.type == UInt8(ascii: "R") {
            let name = sample.name.dropFirst("authentication: ".count)
            return (requests[stage] ?? []).contains(String(name))
        }
        // The sessions here speak 3.0, as they have said.
        guard sample.name != "key of protocol 3.2" else { return false }
        return (types[stage] ?? "").utf8.contains(sample.type)
    }

    /// The type bytes of the messages that may come, but for authentication. The error of the samples is not fatal.
    private static let types: [SessionStage: String] = [
        .request: "NE", .ownAnswer: "NE", .passwordVerdict: "NE", .saslChallenge: "NE", .saslOwnResponse: "NE",
        .saslOutcome: "NE", .saslOwnVerification: "NE", .saslVerdict: "NE",
        .tokenVerdict: "NE", .tokenWish: "NE", .tokenOwnAcknowledgement: "NE", .tokenRefused: "NE", .starting: "NESAKZ",
        .idle: "NSA",
        .closeComplete: "NESA3", .parameterDescription: "NESAt", .statementDescription: "NESATn",
        .parseComplete: "NESA1", .bindComplete: "NESA2", .description: "NESATn", .rows: "NESAC",
        .noRows: "NESACIGH", .extendedCopyOut: "NESAdcC", .simpleResult: "NESATCIGHZ", .simpleRows: "NESAC",
        .simpleCopyOut: "NESAdcC", .finishing: "NESAZ",
        .unsynced: "NESA", .skipping: "NESA", .limitedRows: "NESACs", .mayCopy: "NESACIGHW",
        .simpleMayCopy: "NESATCIGHWZ", .input: "NESA", .failing: "NESA", .inputDone: "NESAC", .output: "NESAdc",
        .outputDone: "NESAC", .both: "NESAdcC", .bothClientDone: "NESAdcC", .bothServerDone: "NESAC",
        .bothDone: "NESAC",
        .simpleInput: "NESA", .simpleFailing: "NESA", .simpleInputDone: "NESAC", .simpleOutput: "NESAdc",
        .simpleBoth: "NESAdcC", .simpleBothClientDone: "NESAdcC", .simpleBothServerDone: "NESAC",
    ]

    /// The authentication requests that may come.
    private static let requests: [SessionStage: Set<String>] = [
        .request: [
            "ok", "Kerberos V5", "cleartext password", "MD5 password", "GSS", "SSPI", "SASL", "unlisted request",
        ],
        .passwordVerdict: ["ok"], .saslChallenge: ["SASL challenge"], .saslOutcome: ["SASL outcome"],
        .saslVerdict: ["ok"], .tokenVerdict: ["ok", "SASL challenge"], .tokenWish: ["SASL challenge"],
    ]
}
