import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct RefusedMethodTests {
    private static let asks: [Int32: Step] = [
        0: .send(BackendBytes.welcome), 3: AuthenticationScript.ask(3), 5: AuthenticationScript.ask(5, [1, 2, 3, 4]),
        10: AuthenticationScript.offer,
    ]

    /// Returns the error of a connection to a server that makes this one request; nothing may be sent in answer.
    private func refusal(_ request: Step, _ parameters: String = "") async throws -> PostgresError? {
        try await ScriptedServer.run([.expectStartup, request, .expectEnd]) { server in
            let error = await failure { try await PostgresConnection.connect(server.url(parameters)) }
            #expect(server.transcripts[0].frames.count == 1, "the StartupMessage is all that was sent")
            #expect(error?.isConnectionUsable == false)
            return error
        }
    }

    @Test(arguments: [
        (2 as Int32, "Kerberos V5 authentication"), (6, "SCM credentials"), (7, "GSSAPI authentication"),
        (9, "SSPI authentication"), (1, "authentication method 1"), (4, "authentication method 4"),
        (13, "authentication method 13"), (99, "authentication method 99"), (.max, "authentication method 2147483647"),
        (-1, "authentication method -1"),
    ])
    func `a method that is missing is named, and no hint proposes to allow it`(
        code: Int32, name: String
    ) async throws {
        for parameters in ["", "require_auth=gss,sspi,oauth", "require_auth=!gss"] {
            let error = try await refusal(AuthenticationScript.ask(code), parameters)
            #expect(error?.code == .authenticationMethodRefused)
            #expect(error?.reason == "the server asks for \(name), which this client does not have")
            #expect(error?.hint == nil)
        }
    }

    @Test func `what is refused by default is allowed by name, as the hint says`() async throws {
        for (code, name, method) in [
            (3 as Int32, "a password in the clear", "password"), (5, "a password hashed with MD5", "md5"),
        ] {
            let error = try await refusal(#require(Self.asks[code]))
            #expect(error?.reason == "the server asks for \(name), which is not allowed here")
            #expect(
                error?.hint
                    == "If you trust the way to the server, allow it with require_auth=\(method) in the URL.")
        }
    }

    @Test(arguments: [(0 as Int32, "none"), (3, "password"), (5, "md5"), (10, "scram-sha-256")])
    func `what require_auth negates is refused, and what it does not name too`(
        code: Int32, method: String
    ) async throws {
        let request = try #require(Self.asks[code])
        let negated = try await refusal(request, "require_auth=!\(method)")
        #expect(negated?.code == .authenticationMethodRefused)
        #expect(negated?.hint == "It is excluded by require_auth=!\(method).")
        let other = method == "md5" ? "password" : "md5"
        let unnamed = try await refusal(request, "require_auth=\(other)")
        #expect(unnamed?.code == .authenticationMethodRefused)
        #expect(unnamed?.hint == "It is not among what require_auth allows, which is \(other).")
    }

    @Test(arguments: ["!md5", "!none", "!password,!gss"])
    func `a negated list takes away and adds nothing`(list: String) async throws {
        // libpq would answer with the password now; here clear passwords and MD5 have to be named.
        for code in [3, 5] as [Int32] {
            let error = try await refusal(#require(Self.asks[code]), "require_auth=\(list)")
            #expect(error?.code == .authenticationMethodRefused)
        }
        try await ScriptedServer.run(
            try AuthenticationScript.scram() + [.send(BackendBytes.welcome), .expectEnd]
        ) { server in _ = try await PostgresConnection.connect(server.url("require_auth=\(list)")) }
    }

    @Test func `what a configuration both allows and excludes is refused`() async throws {
        try await ScriptedServer.run([.expectStartup, AuthenticationScript.ask(3), .expectEnd]) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url("require_auth=password"))
            configuration.refusedAuthentication = [.password]
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationMethodRefused)
        }
    }

    @Test func `nothing at all is allowed by an empty set`() async throws {
        for request in Self.asks.values {
            try await ScriptedServer.run([.expectStartup, request, .expectEnd]) { server in
                var configuration = try PostgresConfiguration(connectionString: server.url)
                configuration.allowedAuthentication = []
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .authenticationMethodRefused)
                #expect(error?.hint == "It is not among what require_auth allows, which is nothing.")
            }
        }
    }

    @Test(arguments: [
        (0 as Int32, "no authentication at all"), (3, "a password in the clear"), (5, "a password hashed with MD5"),
        (10, "SCRAM-SHA-256"),
    ])
    func `where channel binding is required nothing without it will do`(code: Int32, name: String) async throws {
        let parameters = "channel_binding=require&require_auth=none,password,md5,scram-sha-256"
        let error = try await refusal(#require(Self.asks[code]), parameters)
        #expect(error?.code == .authenticationMethodRefused)
        #expect(error?.reason == "channel binding is required, but the server asks for \(name) without it")
        #expect(error?.hint == "Only SCRAM-SHA-256-PLUS over TLS is bound to its connection.")
    }

    @Test func `a server that stops asking after the offer is refused where channel binding is required`() async throws
    {
        let offer = AuthenticationScript.ask(10, AuthenticationScript.list(["SCRAM-SHA-256-PLUS"]))
        #expect(try await refusal(offer, "channel_binding=require")?.code == .serverNotVerified)
    }
}
