import PostgresStreaming
import PostgresTestSupport
import Testing

/// A hostile server says what does not belong where the exchange stands.
@Suite(.timeLimit(.minutes(1))) struct AuthenticationOrderTests {
    /// How far the exchange is.
    enum Stage: Int, CaseIterable, Sendable {
        case beginning, afterFirstMessage, afterProof, verified

        /// What an honest server would have said up to here.
        func script() throws -> [Step] {
            switch self {
            case .beginning: [.expectStartup]
            case .afterFirstMessage: [.expectStartup, AuthenticationScript.offer, .expect("p")]
            case .afterProof: try AuthenticationScript.scram().dropLast()
            case .verified: try AuthenticationScript.scram()
            }
        }
    }

    /// An Authentication message, with data that fits it.
    enum Request: Int32, CaseIterable, Sendable {
        case ok = 0
        case kerberosV5 = 2
        case password = 3
        case scm = 6
        case md5 = 5
        case gss = 7
        case gssContinue = 8
        case sspi = 9
        case sasl = 10
        case saslContinue = 11
        case saslFinal = 12
        case unknown = 99

        var step: Step {
            switch self {
            case .ok: .send(BackendBytes.welcome)
            case .md5: AuthenticationScript.ask(5, [1, 2, 3, 4])
            case .sasl: AuthenticationScript.offer
            case .saslContinue: AuthenticationScript.ask(11, Array("r=abc,s=AAEC,i=4096".utf8))
            case .saslFinal: AuthenticationScript.ask(12, Array("v=\(String(repeating: "A", count: 43))=".utf8))
            default: AuthenticationScript.ask(rawValue)
            }
        }

        func isInOrder(_ stage: Stage) -> Bool {
            switch (stage, self) {
            case (.beginning, .sasl), (.verified, .ok): true
            default: false
            }
        }

        func code(at stage: Stage) -> PostgresError.Code {
            switch (stage, self) {
            case (.beginning, .saslContinue), (.beginning, .saslFinal), (.beginning, .gssContinue): .serverNotVerified
            case (.beginning, _): .authenticationMethodRefused
            default: .serverNotVerified
            }
        }
    }

    @Test(arguments: Stage.allCases, Request.allCases)
    func `what does not belong there ends the connection, and nothing secret was sent`(
        stage: Stage, request: Request
    ) async throws {
        guard !request.isInOrder(stage) else { return }
        // Later on it is not for want of permission that the request is refused.
        let methods = stage == .beginning ? "scram-sha-256" : "scram-sha-256,password,md5,none"
        try await ScriptedServer.run(stage.script() + [request.step, .expectEnd]) { server in
            let error = await failure {
                try await PostgresConnection.connect(server.url("require_auth=\(methods)"))
            }
            #expect(error?.code == request.code(at: stage))
            #expect(error?.isConnectionUsable == false)
            #expect(error?.isRetrySafe == false)
            let transcript = server.transcripts[0]
            #expect(!transcript.contains(TestListener.password))
            #expect(!transcript.contains("md5"))
            #expect(transcript.contains(",p=") == (stage.rawValue >= Stage.afterProof.rawValue))
        }
    }

    @Test func `an offer of SASL in the middle of SASL is refused however it is spelled`() async throws {
        for mechanisms in [["SCRAM-SHA-256"], ["SCRAM-SHA-256-PLUS"], []] {
            let again = AuthenticationScript.ask(10, AuthenticationScript.list(mechanisms))
            try await ScriptedServer.run(Stage.afterFirstMessage.script() + [again, .expectEnd]) { server in
                let error = await failure { try await PostgresConnection.connect(server.url) }
                #expect(error?.code == .serverNotVerified)
                #expect(server.transcripts[0].frames.count == 2)
            }
        }
    }

    @Test(
        arguments: [
            { "r=x" + $0.dropFirst(2) }, { String($0.dropLast(4)) }, { $0.replacing(",s=", with: ",x=") },
            { $0.replacing(",i=4096", with: ",i=0") }, { $0.replacing(",i=4096", with: ",i=-1") },
            { $0.replacing(",i=4096", with: ",i=04096") }, { $0.replacing(",i=4096", with: "") }, { $0 + ",m=x" },
            { $0 + ",i=4096" },
            { $0 + "\0" }, { $0 + "," }, { "m=x," + $0 }, { _ in "" }, { _ in "e=other-error" },
            { $0 + ",x=" + String(repeating: "y", count: 4_200) }, { $0.replacing(",s=", with: ",s=*") },
        ] as [@Sendable (String) -> String])
    func `a first message of SCRAM that is not right ends the exchange before the proof`(
        change: @Sendable @escaping (String) -> String
    ) async throws {
        let script: [Step] = try AuthenticationScript.scram(first: change).dropLast(2) + [.expectEnd]
        try await ScriptedServer.run(script) { server in
            let error = await failure { try await PostgresConnection.connect(server.url) }
            let isTooLong = change("r=a,s=b,i=4096").utf8.count >= 4_000
            #expect(error?.code == .serverNotVerified || isTooLong && error?.code == .messageTooLarge)
            #expect(!server.transcripts[0].contains(",p="))
        }
    }

    @Test(
        arguments: [
            { $0.replacing("v=", with: "e=") }, { String($0.dropLast()) }, { $0 + "," }, { $0 + ",v=AAAA" },
            { $0 + "\0" },
            { $0 + ",m=x" }, { "x=y," + $0 }, { _ in "" }, { _ in "v=" }, { _ in "v=AAAA" }, { _ in "e=other-error" },
            { $0 + $0 },
        ] as [@Sendable (String) -> String])
    func `a last message of SCRAM that is not right proves nothing`(
        change: @Sendable @escaping (String) -> String
    ) async throws {
        let script: [Step] =
            try AuthenticationScript.scram(final: change) + [.send(BackendBytes.welcome), .expectEnd]
        try await ScriptedServer.run(script) { server in
            let error = await failure { try await PostgresConnection.connect(server.url) }
            #expect(error?.code == .serverNotVerified)
        }
    }
}
