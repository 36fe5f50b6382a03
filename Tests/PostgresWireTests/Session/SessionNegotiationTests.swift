import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct SessionNegotiationTests {
    private static let v3_1 = ProtocolVersion(major: 3, minor: 1)

    private static func session(
        _ version: ProtocolVersion, oldest: ProtocolVersion = .v3_0
    ) throws -> SessionStateMachine {
        var session = SessionStateMachine()
        try session.start(
            StartupMessage(protocolVersion: version, parameters: SessionStage.startup.parameters), oldestVersion: oldest
        )
        return session
    }

    private static func answer(_ version: ProtocolVersion, options: [String] = []) -> BackendMessage {
        .negotiateProtocolVersion(NegotiateProtocolVersion(newestVersion: version, unknownOptions: options))
    }

    private static func key(bytes: Int) -> BackendMessage {
        .backendKeyData(BackendKeyData(processID: 7, secretKey: [UInt8](repeating: 1, count: bytes)))
    }

    @Test func `the version asked for holds where the server does not object`() throws {
        var session = try Self.session(.v3_2)
        session.follow([(Backend.ok, .authenticated), (Self.key(bytes: 256), .nothing), (Backend.ready, .ready(.idle))])
        #expect(session.protocolVersion == .v3_2)
        #expect(session.cancelKey?.secretKey.count == 256)
    }

    @Test func `an older version is agreed on`() throws {
        var session = try Self.session(.v3_2)
        session.follow([(Self.answer(.v3_0), .nothing), (Backend.sasl, .asked(.sasl(mechanisms: ["SCRAM-SHA-256"])))])
        #expect(session.protocolVersion == .v3_0)
    }

    @Test func `a long cancel key belongs to 3_2 alone`() throws {
        var session = try Self.session(.v3_2)
        session.follow([
            (Self.answer(.v3_0), .nothing), (Backend.ok, .authenticated),
            (Self.key(bytes: 32), .violation(.malformedMessage)),
        ])
    }

    @Test func `a version older than allowed is refused by name`() throws {
        var session = try Self.session(.v3_2, oldest: .v3_2)
        session.follow([(Self.answer(.v3_0), .violation(.unsupportedVersion))])
        #expect(session.hasEnded == true)
    }

    @Test(arguments: [
        answer(.v3_2), answer(ProtocolVersion(major: 3, minor: 3)), answer(v3_1),
        answer(ProtocolVersion(major: 2, minor: 0)),
        answer(ProtocolVersion(major: 4, minor: 0)), answer(.v3_0, options: ["_pq_.x"]),
        answer(.v3_2, options: ["_pq_.x"]),
    ])
    func `an answer that changes nothing possible is a violation`(message: BackendMessage) throws {
        var session = try Self.session(.v3_2)
        session.follow([(message, .violation(.unexpectedMessage))])
    }

    @Test func `whoever asked for 3_0 has nothing to negotiate`() throws {
        var session = try Self.session(.v3_0)
        session.follow([(Self.answer(.v3_0), .violation(.unexpectedMessage))])
    }

    @Test func `the answer comes once, and before authentication`() throws {
        var session = try Self.session(.v3_2)
        session.follow([(Self.answer(.v3_0), .nothing), (Self.answer(.v3_0), .violation(.unexpectedMessage))])
        for stage in SessionStage.allCases where stage != .request && stage != .initial {
            var session = try stage.session()
            session.follow([(Self.answer(.v3_0), .violation(.unexpectedMessage))])
        }
    }
}
