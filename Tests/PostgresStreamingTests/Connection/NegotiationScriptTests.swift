import PostgresStreaming
import PostgresTestSupport
import Testing

/// What no real server says about versions. A connection without a script fails these tests, so attempts are counted.
@Suite(.timeLimit(.minutes(1))) struct NegotiationScriptTests {
    private static func negotiate(_ minor: Int32, major: Int32 = 3, options: [String] = []) -> BackendBytes {
        let names = options.flatMap(BackendBytes.string)
        return BackendBytes().message(
            "v", BackendBytes.int32(major << 16 | minor) + BackendBytes.int32(Int32(options.count)) + names)
    }

    private static func key(_ count: Int) -> [UInt8] {
        BackendBytes().authentication(0)
            .message("K", BackendBytes.int32(4711) + [UInt8](repeating: 9, count: count)).ready().bytes
    }

    private static func refusal(_ sqlState: String, _ text: String) -> [Step] {
        [.expectStartup, .send(BackendBytes().error("FATAL", sqlState, text).bytes), .expectEnd]
    }

    private func connect(_ server: ScriptedServer, _ parameters: String = "max_protocol_version=3.2") async throws {
        await (try await PostgresConnection.connect(server.url(parameters))).close()
    }

    /// The version in a connection's StartupMessage.
    private func version(_ server: ScriptedServer, _ index: Int) -> [UInt8] {
        Array(server.transcripts[index].frames.last { $0.type == 0 }?.body.prefix(4) ?? [])
    }

    @Test func `an older version is agreed on`() async throws {
        try await ScriptedServer.run(
            [.expectStartup, .send(Self.negotiate(0).bytes + BackendBytes.welcome), .expectEnd]
        ) { server in
            try await connect(server)
            #expect(version(server, 0) == [0, 3, 0, 2])
        }
    }

    @Test(arguments: [
        (negotiate(1).bytes, "max_protocol_version=3.2", "a version that does not exist"),
        (negotiate(2).bytes, "max_protocol_version=3.2", "no older version"),
        (negotiate(3).bytes, "max_protocol_version=3.2", "no older version"),
        (negotiate(0, major: 4).bytes, "max_protocol_version=3.2", "no older version"),
        (negotiate(0, major: 2).bytes, "max_protocol_version=3.2", "a version that does not exist"),
        (negotiate(0, options: ["_pq_.x"]).bytes, "max_protocol_version=3.2", "options that were not sent"),
        (negotiate(0).bytes + negotiate(0).bytes, "max_protocol_version=3.2", "came twice"),
        (negotiate(0).bytes, "application_name=x", "no older version"),
        (BackendBytes().authentication(0).bytes + negotiate(0).bytes, "max_protocol_version=3.2", "may not come"),
    ])
    func `a negotiation that makes no sense ends the attempt`(
        bytes: [UInt8], parameters: String, problem: String
    ) async throws {
        try await ScriptedServer.run([.expectStartup, .send(bytes), .expectEnd]) { server in
            let error = await failure { try await connect(server, parameters) }
            #expect(error?.code == .protocolViolation)
            #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        }
    }

    @Test func `a version below the oldest allowed is refused`() async throws {
        try await ScriptedServer.run([.expectStartup, .send(Self.negotiate(0).bytes), .expectEnd]) { server in
            let error = await failure { try await connect(server, "min_protocol_version=3.2") }
            #expect(error?.code == .protocolVersionRefused)
        }
    }

    @Test(arguments: [3, 257, 5, 0])
    func `a key of a length that cannot be ends the attempt`(count: Int) async throws {
        // A longer key than four bytes is legal in the new protocol, but only there.
        let parameters = count == 5 ? "application_name=x" : "max_protocol_version=3.2"
        try await ScriptedServer.run([.expectStartup, .send(Self.key(count)), .expectEnd]) { server in
            let error = await failure { try await connect(server, parameters) }
            #expect(error?.code == .protocolViolation)
        }
    }

    @Test(arguments: [4, 5, 256])
    func `a key of any legal length is taken`(count: Int) async throws {
        try await ScriptedServer.run([.expectStartup, .send(Self.key(count)), .expectEnd]) { server in
            try await connect(server)
        }
    }

    @Test(arguments: [
        ("0A000", "unsupported frontend protocol 3.2: server supports 1.0 to 3.0"),
        ("0A000", "nicht unterstütztes Frontend-Protokoll 3.2: Server unterstützt 1.0 bis 3.0"),
        ("08P01", "bad packet header: '0000002900030002'"), ("08P01", "unsupported protocol version"),
    ])
    func `a server that answers with an error is asked again in the old protocol, once`(
        sqlState: String, text: String
    ) async throws {
        let welcome: [Step] = .welcome + [.expectEnd]
        try await ScriptedServer.run(Self.refusal(sqlState, text), welcome, welcome) { server in
            try await connect(server)
            #expect(version(server, 0) == [0, 3, 0, 2] && version(server, 1) == [0, 3, 0, 0])
            try await connect(server)
            #expect(version(server, 2) == [0, 3, 0, 0])
        }
    }

    @Test func `an error that the old protocol brings too is final, and nothing is remembered of it`() async throws {
        let refusal = Self.refusal("08P01", "no")
        try await ScriptedServer.run(refusal, refusal, refusal, refusal) { server in
            for index in [0, 2] {
                let error = await failure { try await connect(server) }
                #expect(error?.code == .connectRefusedByServer)
                #expect(version(server, index) == [0, 3, 0, 2] && version(server, index + 1) == [0, 3, 0, 0])
            }
        }
    }

    @Test(arguments: [
        ("28P01", "password authentication failed"), ("53300", "too many clients for protocol 3.2"),
        ("08P01", "unsupported startup parameter: work_mem"),
    ])
    func `an error that is not about the version brings no second attempt`(
        sqlState: String, text: String
    ) async throws {
        try await ScriptedServer.run(Self.refusal(sqlState, text)) { server in
            let error = await failure { try await connect(server) }
            #expect(error?.sqlState?.rawValue == sqlState)
        }
    }
}
