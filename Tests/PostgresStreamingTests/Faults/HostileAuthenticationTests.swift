import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HostileAuthenticationTests {
    /// Returns the error of a connection attempt. The password must not have been on the wire, whatever happened.
    private func refusal(_ script: [Step], parameters: String = "") async throws -> PostgresError? {
        try await ScriptedServer.run(script) { server in
            let error = await failure { try await PostgresConnection.connect(server.url(parameters)) }
            #expect(server.transcripts.allSatisfy { !$0.contains(TestListener.password) })
            #expect(error?.isConnectionUsable == false)
            return error
        }
    }

    @Test func `an honest SCRAM server lets the client in`() async throws {
        let session = script(
            try AuthenticationScript.scram(), [.send(BackendBytes.welcome)], .answer(1...2), [.expectEnd])
        try await ScriptedServer.run(session) { server in
            #expect(await Outcome.of("SELECT n FROM numbers", at: server.url).numbers == [1, 2])
        }
    }

    @Test func `AuthenticationOk in place of the SCRAM challenge is not believed`() async throws {
        let script: [Step] = [
            .expectStartup, AuthenticationScript.offer, .expect("p"), .send(BackendBytes.welcome), .expectEnd,
        ]
        #expect(try await refusal(script)?.code == .serverNotVerified)
    }

    @Test func `AuthenticationOk in place of the SCRAM signature is not believed`() async throws {
        let script: [Step] = try AuthenticationScript.scram().dropLast() + [.send(BackendBytes.welcome), .expectEnd]
        #expect(try await refusal(script)?.code == .serverNotVerified)
    }

    @Test func `a wrong SCRAM signature is refused`() async throws {
        let wrong = "v=" + String(repeating: "A", count: 43) + "="
        let script: [Step] =
            try AuthenticationScript.scram(final: { _ in wrong }) + [.send(BackendBytes.welcome), .expectEnd]
        #expect(try await refusal(script)?.code == .serverNotVerified)
    }

    @Test func `a nonce that does not begin with the client's is refused`() async throws {
        let script: [Step] =
            try AuthenticationScript.scram(first: { "r=other" + $0.dropFirst(2) }).dropLast(2) + [.expectEnd]
        #expect(try await refusal(script)?.code == .serverNotVerified)
    }

    @Test func `a billion SCRAM iterations are refused before they are computed`() async throws {
        let script: [Step] =
            try AuthenticationScript.scram(first: { $0.replacing(",i=4096", with: ",i=1000000000") }).dropLast(2) + [
                .expectEnd
            ]
        // Computing them would take minutes, longer than this test may.
        let error = try await refusal(script)
        #expect(error?.code == .authenticationMethodRefused)
        #expect(error?.message.hasSuffix("the server asks for a count of SCRAM iterations outside 1...100000") == true)
        #expect(error?.hint?.contains("scramIterations") == true)
    }

    @Test(arguments: ["1", "4095"])
    func `few SCRAM iterations are refused before the proof, which would make the password cheap to guess`(
        count: String
    ) async throws {
        let script: [Step] =
            try AuthenticationScript.scram(first: { $0.replacing(",i=4096", with: ",i=\(count)") }).dropLast(2) + [
                .expectEnd
            ]
        let error = try await refusal(script)
        #expect(error?.code == .authenticationMethodRefused)
        #expect(error?.reason == "the server asks for fewer than 4096 SCRAM iterations, and is not verified")
        #expect(error?.hint?.contains("unverifiedSCRAMIterationsMin") == true)
    }

    @Test func `a clear password is not asked for once SCRAM began`() async throws {
        let script: [Step] = [
            .expectStartup, AuthenticationScript.offer, .expect("p"), AuthenticationScript.ask(3), .expectEnd,
        ]
        #expect(
            try await refusal(script, parameters: "require_auth=password,scram-sha-256")?.code == .serverNotVerified)
    }

    @Test(arguments: [Int32](arrayLiteral: 3, 5, 2, 7, 9, 99))
    func `what is no SCRAM is refused over TCP, and no word of the password leaves`(code: Int32) async throws {
        let salt: [UInt8] = code == 5 ? [1, 2, 3, 4] : []
        let script: [Step] = [.expectStartup, AuthenticationScript.ask(code, salt), .expectEnd]
        #expect(try await refusal(script)?.code == .authenticationMethodRefused)
    }

    @Test(arguments: [[], ["SCRAM-SHA-1"], ["scram-sha-256"], ["oauthbearer"], ["OAUTHBEARER-PLUS"]])
    func `SASL without a mechanism we know is refused`(mechanisms: [String]) async throws {
        let script: [Step] = [
            .expectStartup, AuthenticationScript.ask(10, AuthenticationScript.list(mechanisms)), .expectEnd,
        ]
        let error = try await refusal(script)
        #expect(error?.code == .authenticationMethodRefused)
        #expect(
            error?.reason
                == "the server asks for a SASL mechanism other than SCRAM-SHA-256, which this client does not have")
        #expect(error?.hint == nil)
    }

    @Test(arguments: [
        ["SCRAM-SHA-256-PLUS"], ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], ["SCRAM-SHA-256-PLUS", "OAUTHBEARER"],
    ])
    func `an offer to bind to TLS is refused where there is none`(mechanisms: [String]) async throws {
        let script: [Step] = [
            .expectStartup, AuthenticationScript.ask(10, AuthenticationScript.list(mechanisms)), .expectEnd,
        ]
        for parameters in ["", "channel_binding=disable", "channel_binding=require"] {
            #expect(try await refusal(script, parameters: parameters)?.code == .serverNotVerified)
        }
    }

    @Test func `require_auth=md5 allows MD5`() async throws {
        let script: [Step] = [
            .expectStartup, AuthenticationScript.ask(5, [1, 2, 3, 4]), .expect("p"), .send(BackendBytes.welcome),
            .expectEnd,
        ]
        try await ScriptedServer.run(script) { server in
            _ = try await PostgresConnection.connect(server.url("require_auth=md5"))
            #expect(server.transcripts[0].contains("md5"))
            #expect(!server.transcripts[0].contains(TestListener.password))
        }
    }

    @Test func `require_auth=password allows a clear password over TCP`() async throws {
        let script: [Step] = [
            .expectStartup, AuthenticationScript.ask(3), .expect("p"), .send(BackendBytes.welcome), .expectEnd,
        ]
        try await ScriptedServer.run(script) { server in
            _ = try await PostgresConnection.connect(server.url("require_auth=password"))
            #expect(server.transcripts[0].contains(TestListener.password))
        }
    }

    @Test(arguments: ["scram-sha-256", "md5", "password", "password,scram-sha-256"])
    func `a server that asks for nothing is refused where a proof is required`(methods: String) async throws {
        let script: [Step] = [.expectStartup, .send(BackendBytes.welcome), .expectEnd]
        let error = try await refusal(script, parameters: "require_auth=\(methods)")
        #expect(error?.code == .authenticationMethodRefused)
    }

    @Test func `a message above 4 KiB asks for no authentication`() async throws {
        let script: [Step] = [.expectStartup, .send(BackendBytes().message("R", length: 5000, []).bytes), .expectEnd]
        #expect(try await refusal(script)?.code == .messageTooLarge)
    }

    @Test func `an error of 1 MiB before authentication is refused unread`() async throws {
        let script: [Step] = [
            .expectStartup, .send(BackendBytes().message("E", length: 1 << 20, []).bytes), .expectEnd,
        ]
        #expect(try await refusal(script)?.code == .messageTooLarge)
    }

    @Test func `an error before authentication is cleaned and marked`() async throws {
        let text = "no \u{1B}[31mway\u{7}\r\n\u{0085}in " + String(repeating: "x", count: 5000)
        let script: [Step] = [.expectStartup, .send(BackendBytes().error("FATAL", "28P01", text).bytes), .expectEnd]
        let error = try await refusal(script)
        #expect(error?.code == .authenticationFailed)
        #expect(error?.server?.isFromVerifiedServer == false)
        #expect(error?.reason?.hasPrefix("no ?[31mway????in xxx") == true)
        #expect((error?.description.count ?? .max) < 1200)
    }

    @Test(arguments: [
        ("28000", PostgresError.Code.authenticationFailed), ("3D000", .connectRefusedByServer),
        ("53300", .connectRefusedByServer), ("57P03", .connectRefusedByServer),
    ])
    func `an error is a refused connection before and after AuthenticationOk`(
        sqlState: String, code: PostgresError.Code
    ) async throws {
        let error = BackendBytes().error("FATAL", sqlState, "not here")
        let afterOk = BackendBytes().authentication(0).error("FATAL", sqlState, "not here")
        for answer in [error, afterOk] {
            let refusal = try await refusal([.expectStartup, .send(answer.bytes), .expectEnd])
            #expect(refusal?.code == code)
            #expect(refusal?.sqlState?.rawValue == sqlState)
        }
    }

    @Test func `more parameters than the limit are refused at start-up`() async throws {
        let flood = (0..<300).reduce(BackendBytes().authentication(0)) { $0.parameter("name\($1)", "value") }
        #expect(try await refusal([.expectStartup, .send(flood.bytes), .expectEnd])?.code == .messageTooLarge)
    }
}
