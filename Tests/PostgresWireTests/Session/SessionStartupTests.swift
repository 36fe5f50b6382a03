import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SessionStartupTests {
    private static let toReady: SessionTrace = [
        (Backend.ok, .authenticated), (Backend.parameter, .parameterChanged), (Backend.key, .nothing),
        (Backend.ready, .ready(.idle)),
    ]

    @Test func `a trusted client is ready without a proof`() throws {
        var session = try SessionStage.request.session()
        #expect(try session.takeOutbound() == FrontendBytes.encode(SessionStage.startup))
        session.follow(Self.toReady)
        #expect(session.isIdle && session.isAuthenticated && !session.hasEnded)
        #expect(session.cancelKey == Backend.cancelKey)
        #expect(session.outbound.isEmpty == true)
    }

    @Test func `a server need not tell a cancel key`() throws {
        var session = try SessionStage.request.session()
        session.follow([(Backend.ok, .authenticated), (Backend.ready(.inTransaction), .ready(.inTransaction))])
        #expect(session.cancelKey == nil)
        #expect(session.transactionStatus == .inTransaction)
    }

    @Test(arguments: [Backend.cleartext, Backend.md5])
    func `a password is sent when the server asks for it`(message: BackendMessage) throws {
        guard case .authentication(let authentication) = message else { return }
        var session = try SessionStage.request.session()
        _ = session.takeOutbound()
        session.follow([(message, .asked(authentication.request))])
        #expect(session.outbound.isEmpty && !session.isAuthenticated)
        let password = PasswordMessage(password: "secret")
        try session.sendPassword(password)
        #expect(try session.takeOutbound() == FrontendBytes.encode(password))
        session.follow(Self.toReady)
        #expect(session.isIdle == true)
    }

    @Test func `SASL goes through challenge, outcome and verification`() throws {
        var session = try SessionStage.request.session()
        _ = session.takeOutbound()
        session.follow([(Backend.sasl, .asked(.sasl(mechanisms: ["SCRAM-SHA-256"])))])
        let first = SASLInitialResponse(mechanism: "SCRAM-SHA-256", data: [1])
        try session.sendSASLInitialResponse(first)
        #expect(try session.takeOutbound() == FrontendBytes.encode(first))
        session.follow([(Backend.challenge, .asked(.saslContinue([1])))])
        try session.sendSASLResponse(SASLResponse(data: [2]))
        #expect(try session.takeOutbound() == FrontendBytes.encode(SASLResponse(data: [2])))
        session.follow([(Backend.outcome, .asked(.saslFinal([2])))])
        session.confirmServer()
        #expect(session.isAuthenticated == false)
        session.follow(Self.toReady)
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test func `a token is accepted without further ado`() throws {
        var session = try SessionStage.request.session()
        _ = session.takeOutbound()
        session.follow([(Backend.oauth, .asked(.sasl(mechanisms: ["OAUTHBEARER"])))])
        let first = SASLInitialResponse(mechanism: "OAUTHBEARER", data: [1])
        try session.sendBearerToken(first, isEmpty: false)
        #expect(try session.takeOutbound() == FrontendBytes.encode(first))
        session.follow(Self.toReady)
        #expect(session.isIdle && session.outbound.isEmpty)
    }

    @Test(arguments: [SessionStage.tokenVerdict, .tokenWish])
    func `a refused token is acknowledged, and only an error may follow`(stage: SessionStage) throws {
        var session = try stage.session()
        _ = session.takeOutbound()
        session.follow([(Backend.challenge, .asked(.saslContinue([1])))])
        try session.sendBearerAcknowledgement(SASLResponse(data: [1]))
        #expect(try session.takeOutbound() == FrontendBytes.encode(SASLResponse(data: [1])))
        session.follow([(Backend.fatal, .failed(isFatal: true))])
        #expect(session.hasEnded && !session.isAuthenticated)
    }

    @Test(arguments: [
        SessionStage.ownAnswer, .saslChallenge, .saslOwnResponse, .saslOutcome, .saslOwnVerification, .tokenWish,
        .tokenOwnAcknowledgement, .tokenRefused,
    ])
    func `an acceptance out of order is never believed`(stage: SessionStage) throws {
        var session = try stage.session()
        session.follow([(Backend.ok, .violation(.authentication))])
        #expect(session.hasEnded && !session.isAuthenticated)
    }

    @Test(arguments: [
        SessionStage.ownAnswer, .passwordVerdict, .saslChallenge, .saslOwnResponse, .saslOutcome,
        .saslOwnVerification, .saslVerdict, .tokenVerdict, .tokenWish, .tokenOwnAcknowledgement, .tokenRefused,
    ])
    func `no other method may be asked for in the middle of one`(stage: SessionStage) throws {
        let methods: [AuthenticationRequest] = [
            .cleartextPassword, .md5Password(salt: [1, 2, 3, 4]), .sasl(mechanisms: ["SCRAM-SHA-256"]), .gss, .sspi,
            .kerberosV5, .unsupported(6),
        ]
        for method in methods {
            var session = try stage.session()
            session.follow([(Backend.asks(method), .violation(.authentication))])
            #expect(session.hasEnded == true)
        }
    }

    @Test func `SASL messages come in their order and once`() throws {
        let wrong: [(SessionStage, BackendMessage)] = [
            (.request, Backend.challenge), (.request, Backend.outcome), (.passwordVerdict, Backend.challenge),
            (.saslChallenge, Backend.outcome), (.saslOwnResponse, Backend.challenge), (.saslOutcome, Backend.challenge),
            (.saslOwnResponse, Backend.outcome), (.saslOwnVerification, Backend.outcome),
            (.saslVerdict, Backend.outcome), (.saslVerdict, Backend.challenge),
            (.tokenVerdict, Backend.outcome), (.tokenWish, Backend.outcome),
            (.tokenOwnAcknowledgement, Backend.challenge), (.tokenOwnAcknowledgement, Backend.outcome),
            (.tokenRefused, Backend.challenge), (.tokenRefused, Backend.outcome),
        ]
        for (stage, message) in wrong {
            var session = try stage.session()
            session.follow([(message, .violation(.authentication))])
        }
    }

    @Test func `an acceptance comes once`() throws {
        var session = try SessionStage.starting.session()
        session.follow([(Backend.ok, .violation(.unexpectedMessage))])
    }

    @Test(arguments: ["ERROR", "FATAL", "PANIC"])
    func `an error before the session is ready ends it`(severity: String) throws {
        for stage in SessionStage.allCases where stage.isBeforeAuthentication || stage == .starting {
            guard stage != .initial else { continue }
            var session = try stage.session()
            session.follow([(Backend.fails(severity), .failed(isFatal: true))])
            #expect(session.hasEnded == true, "\(stage)")
        }
    }

    @Test func `a startup that cannot be encoded leaves nothing to send and may be tried again`() throws {
        var session = SessionStateMachine()
        let bad = StartupMessage(parameters: [StartupParameter(name: "user", value: "a\0b")])
        #expect(throws: FrontendMessageError.containsNUL) { try session.start(bad) }
        #expect(session.outbound.isEmpty == true)
        try session.start(SessionStage.startup)
    }

    @Test func `a password that cannot be encoded leaves nothing to send`() throws {
        var session = try SessionStage.ownAnswer.session()
        _ = session.takeOutbound()
        #expect(throws: FrontendMessageError.containsNUL) {
            try session.sendPassword(PasswordMessage(password: "a\0b"))
        }
        #expect(session.outbound.isEmpty == true)
        try session.sendPassword(PasswordMessage(password: "ab"))
    }
}
