import PostgresTestSupport
import PostgresWire

/// A place in a session that a trace reaches, one for each phase of the machine.
enum SessionStage: String, CaseIterable, Sendable {
    case initial
    case request, ownAnswer, passwordVerdict
    case saslChallenge, saslOwnResponse, saslOutcome, saslOwnVerification, saslVerdict
    case tokenVerdict, tokenWish, tokenOwnAcknowledgement, tokenRefused
    case starting, idle
    case closeComplete, parseComplete, parameterDescription, statementDescription
    case bindComplete, description, rows, noRows, extendedCopyOut
    case simpleResult, simpleRows, simpleCopyOut
    case finishing
    case unsynced, skipping, limitedRows, mayCopy, simpleMayCopy
    case input, failing, inputDone, output, outputDone, both, bothClientDone, bothServerDone, bothDone
    case simpleInput, simpleFailing, simpleInputDone, simpleOutput
    case simpleBoth, simpleBothClientDone, simpleBothServerDone
    case endedByViolation, endedByFatalError, abandoned, terminated

    var isOver: Bool {
        switch self {
        case .endedByViolation, .endedByFatalError, .abandoned, .terminated: true
        default: false
        }
    }

    var isBeforeAuthentication: Bool {
        switch self {
        case .initial, .request, .ownAnswer, .passwordVerdict, .saslChallenge, .saslOwnResponse, .saslOutcome,
            .saslOwnVerification, .saslVerdict, .tokenVerdict, .tokenWish, .tokenOwnAcknowledgement, .tokenRefused:
            true
        default: false
        }
    }

    /// Whether the client may send data of a COPY.
    var takesCopyData: Bool {
        switch self {
        case .input, .both, .bothServerDone, .simpleInput, .simpleBoth, .simpleBothServerDone: true
        default: false
        }
    }

    /// Returns a session that stands there.
    func session() throws -> SessionStateMachine {
        var session = SessionStateMachine()
        try advance(&session)
        return session
    }

    private func advance(_ session: inout SessionStateMachine) throws {
        switch self {
        case .initial: break
        case .request: try session.start(Self.startup)
        case .ownAnswer: try pass(.request, Backend.cleartext, &session)
        case .passwordVerdict:
            try Self.ownAnswer.advance(&session)
            try session.sendPassword(PasswordMessage(password: "secret"))
        case .saslChallenge:
            try pass(.request, Backend.sasl, &session)
            try session.sendSASLInitialResponse(SASLInitialResponse(mechanism: "SCRAM-SHA-256", data: [1]))
        case .saslOwnResponse: try pass(.saslChallenge, Backend.challenge, &session)
        case .saslOutcome:
            try Self.saslOwnResponse.advance(&session)
            try session.sendSASLResponse(SASLResponse(data: [2]))
        case .saslOwnVerification: try pass(.saslOutcome, Backend.outcome, &session)
        case .saslVerdict:
            try Self.saslOwnVerification.advance(&session)
            session.confirmServer()
        case .tokenVerdict:
            try pass(.request, Backend.oauth, &session)
            try session.sendBearerToken(SASLInitialResponse(mechanism: "OAUTHBEARER", data: [1]), isEmpty: false)
        case .tokenWish:
            try pass(.request, Backend.oauth, &session)
            try session.sendBearerToken(SASLInitialResponse(mechanism: "OAUTHBEARER", data: []), isEmpty: true)
        case .tokenOwnAcknowledgement: try pass(.tokenVerdict, Backend.challenge, &session)
        case .tokenRefused:
            try Self.tokenOwnAcknowledgement.advance(&session)
            try session.sendBearerAcknowledgement(SASLResponse(data: [1]))
        case .starting: try pass(.request, Backend.ok, &session)
        case .idle: try pass(.starting, Backend.ready, &session)
        case .closeComplete: try start(&session) { $0.close(statement: "old") }
        case .parameterDescription: try start(&session) { $0.describe(statement: "kept") }
        case .statementDescription: try pass(.parameterDescription, Backend.parameterTypes(23), &session)
        case .parseComplete:
            try Self.idle.advance(&session)
            try session.startExtendedQuery("SELECT 1", parameters: BoundParameters())
        case .bindComplete: try pass(.parseComplete, Backend.parsed, &session)
        case .description: try pass(.bindComplete, Backend.bound, &session)
        case .rows: try pass(.description, Backend.columns("a", "b"), &session)
        case .noRows: try pass(.description, Backend.noData, &session)
        case .extendedCopyOut: try pass(.noRows, Backend.copyOut, &session)
        case .simpleResult:
            try Self.idle.advance(&session)
            try session.startSimpleQuery("SELECT 1")
        case .simpleRows: try pass(.simpleResult, Backend.columns("a", "b"), &session)
        case .simpleCopyOut: try pass(.simpleResult, Backend.copyOut, &session)
        case .finishing: try pass(.parseComplete, Backend.error, &session)
        case .unsynced:
            try Self.idle.advance(&session)
            var flight = ExtendedFlight()
            flight.parse("SELECT 1")
            flight.flush()
            try session.start(flight, andSync: false)
            _ = try session.receive(Backend.parsed)
        case .skipping: try pass(.unsynced, Backend.error, &session)
        case .limitedRows:
            try start(&session) { $0.execute(portal: "p", maximumRows: 2, result: .rows(columnCount: 2)) }
        case .endedByViolation:
            try Self.idle.advance(&session)
            _ = SessionOutcome(of: Backend.parsed, in: &session)
        case .endedByFatalError: try pass(.idle, Backend.fatal, &session)
        case .abandoned:
            try Self.idle.advance(&session)
            session.abandon()
        case .terminated:
            try Self.idle.advance(&session)
            session.terminate()
        default: try advanceToCopy(&session)
        }
    }

    private func advanceToCopy(_ session: inout SessionStateMachine) throws {
        switch self {
        case .mayCopy: try start(&session) { $0.execute(portal: "", result: .copy) }
        case .simpleMayCopy:
            try Self.idle.advance(&session)
            try session.startSimpleQuery("COPY t TO STDOUT", isCopyWelcome: true)
        case .input: try pass(.mayCopy, Backend.copyIn, &session)
        case .simpleInput: try pass(.simpleMayCopy, Backend.copyIn, &session)
        case .output: try pass(.mayCopy, Backend.copyOut, &session)
        case .simpleOutput: try pass(.simpleMayCopy, Backend.copyOut, &session)
        case .both: try pass(.mayCopy, Backend.copyBoth, &session)
        case .simpleBoth: try pass(.simpleMayCopy, Backend.copyBoth, &session)
        case .failing: try fail(.input, &session)
        case .simpleFailing: try fail(.simpleInput, &session)
        case .inputDone: try end(.input, &session)
        case .simpleInputDone: try end(.simpleInput, &session)
        case .outputDone: try pass(.output, Backend.copyDone, &session)
        case .bothClientDone: try end(.both, &session)
        case .simpleBothClientDone: try end(.simpleBoth, &session)
        case .bothServerDone: try pass(.both, Backend.copyDone, &session)
        case .simpleBothServerDone: try pass(.simpleBoth, Backend.copyDone, &session)
        case .bothDone: try end(.bothServerDone, &session)
        default: break
        }
    }

    private func end(_ stage: Self, _ session: inout SessionStateMachine) throws {
        try stage.advance(&session)
        session.sendCopyDone()
    }

    private func fail(_ stage: Self, _ session: inout SessionStateMachine) throws {
        try stage.advance(&session)
        try session.sendCopyFail(reason: "no")
    }

    private func start(_ session: inout SessionStateMachine, _ say: (inout ExtendedFlight) -> Void) throws {
        try Self.idle.advance(&session)
        var flight = ExtendedFlight()
        say(&flight)
        try session.start(flight)
    }

    /// One message behind another stage.
    private func pass(_ stage: Self, _ message: BackendMessage, _ session: inout SessionStateMachine) throws {
        try stage.advance(&session)
        _ = try session.receive(message)
    }

    static let startup = StartupMessage(parameters: [StartupParameter(name: "user", value: "app")])
}
