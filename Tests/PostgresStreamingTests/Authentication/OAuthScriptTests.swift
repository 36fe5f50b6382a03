import PostgresStreaming
import PostgresTestSupport
import Testing

/// OAUTHBEARER with scripted servers, on sockets that need no TLS unless said otherwise.
@Suite(.timeLimit(.minutes(1))) struct OAuthScriptTests {
    private typealias Script = OAuthScript

    private struct Failure: Error, CustomStringConvertible {
        let description = OAuthScript.token
    }

    private static func configuration(
        _ server: ScriptedServer, _ parameters: String = "", _ source: TokenSource = TokenSource(),
        issuer: String = OAuthScript.configurationURL
    ) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(
            connectionString: server.url("oauth_issuer=\(issuer)&\(parameters)application_name="), environment: .none)
        configuration.password = nil
        configuration.tokenProvider = source.provider
        return configuration
    }

    /// Returns the error of a connection to a server with these scripts. The token is in nothing that is printed.
    private static func refusal(
        _ scripts: [Step]..., parameters: String = "", issuer: String = OAuthScript.configurationURL,
        on place: TestListener.Place = .abstractUnix, source: TokenSource = TokenSource()
    ) async throws -> (error: PostgresError?, transcripts: [ScriptedServer.Transcript]) {
        try await ScriptedServer.run(scripts: scripts, on: place) { server in
            let configuration = try configuration(server, parameters, source, issuer: issuer)
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.isConnectionUsable == false)
            #expect(!printed(error).contains("geheim"))
            return (error, server.transcripts)
        }
    }

    // MARK: the way it should go

    @Test func `a token goes out at once where the address of the issuer's description is known`() async throws {
        try await ScriptedServer.run(Script.accepts, on: .abstractUnix) { server in
            let source = TokenSource()
            let parameters = "oauth_client_id=me&oauth_client_secret=s&oauth_scope=mine&"
            let configuration = try Self.configuration(server, parameters, source)
            let connection = try await PostgresConnection.connect(configuration)
            await connection.close()
            #expect(server.transcripts[0].frames.last?.body == Script.response("Bearer \(Script.token)"))
            let request = try #require(source.requests.first)
            #expect(source.requests.count == 1 && request.endpoint == configuration.endpoints[0])
            #expect(request.user == "tester" && request.database == "shop" && request.issuer == Script.issuer)
            #expect(request.configurationURL == Script.configurationURL && request.scope == "mine")
            #expect(request.clientID == "me" && request.clientSecret == "s")
        }
    }

    @Test func `otherwise the server is asked first, and once for all connections`() async throws {
        try await ScriptedServer.run(
            Script.discovery, Script.accepts, Script.accepts, on: .abstractUnix
        ) { server in
            let source = TokenSource()
            let configuration = try Self.configuration(server, "", source, issuer: Script.issuer)
            for _ in 0..<2 { await (try await PostgresConnection.connect(configuration)).close() }
            let bodies = server.transcripts.map { $0.frames.dropFirst().map(\.body) }
            #expect(bodies[0] == [Script.response(""), [1]])
            #expect(bodies[1].first == Script.response("Bearer \(Script.token)"))
            #expect(source.requests.count == 2)
            for request in source.requests {
                #expect(request.issuer == Script.issuer && request.configurationURL == Script.configurationURL)
                #expect(request.scope == "openid postgres")
            }
        }
    }

    @Test func `a scope of one's own goes before the server's`() async throws {
        try await ScriptedServer.run(Script.discovery, Script.accepts, on: .abstractUnix) { server in
            let source = TokenSource()
            let configuration = try Self.configuration(server, "oauth_scope=mine&", source, issuer: Script.issuer)
            await (try await PostgresConnection.connect(configuration)).close()
            #expect(source.requests.map(\.scope) == ["mine"])
        }
    }

    @Test(arguments: ["require_auth=oauth&", "require_auth=oauth,none&", "require_auth=!md5,!none&"])
    func `require_auth can allow nothing but OAuth`(parameters: String) async throws {
        try await ScriptedServer.run(Script.accepts, on: .abstractUnix) { server in
            await (try await PostgresConnection.connect(Self.configuration(server, parameters))).close()
        }
    }

    @Test func `SCRAM is taken where a server offers both`() async throws {
        let both = AuthenticationScript.ask(10, AuthenticationScript.list(["OAUTHBEARER", "SCRAM-SHA-256"]))
        let scram: [Step] = try AuthenticationScript.scram() + [.send(BackendBytes.welcome), .expectEnd]
        let oauth: [Step] = [.expectStartup, both, .expect("p"), .send(BackendBytes.welcome), .expectEnd]
        try await ScriptedServer.run([.expectStartup, both] + scram.dropFirst(2), oauth, on: .abstractUnix) { server in
            var configuration = try Self.configuration(server)
            configuration.password = TestListener.password
            await (try await PostgresConnection.connect(configuration)).close()
            configuration.refusedAuthentication = [.scramSHA256]
            await (try await PostgresConnection.connect(configuration)).close()
            #expect(server.transcripts[1].contains(Script.token))
        }
    }

    // MARK: what is not set up, or not allowed

    @Test func `without an issuer or a provider nothing is sent, and the hint says what is missing`() async throws {
        let script: [Step] = [.expectStartup, Script.offer, .expectEnd]
        try await ScriptedServer.run(script, script, script, on: .abstractUnix) { server in
            let (issuer, provider) = (
                "Name the authorization server by oauth_issuer.", "Give the configuration a tokenProvider."
            )
            let both = "Name the authorization server by oauth_issuer and give the configuration a tokenProvider."
            for (hasIssuer, hasProvider, hint) in [
                (false, true, issuer), (true, false, provider), (false, false, both),
            ] {
                var configuration = try Self.configuration(server)
                if !hasIssuer { configuration.oauth.issuer = nil }
                if !hasProvider { configuration.tokenProvider = nil }
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .authenticationMethodRefused)
                #expect(error?.reason == "the server asks for an OAuth token, and OAuth is not set up here")
                #expect(error?.hint == hint)
            }
            #expect(server.transcripts.allSatisfy { $0.frames.count == 1 })
        }
    }

    @Test(arguments: [
        ("require_auth=!oauth&", "the server asks for an OAuth token, which is not allowed here"),
        ("require_auth=scram-sha-256&", "the server asks for an OAuth token, which is not allowed here"),
        ("channel_binding=require&", "channel binding is required, but the server asks for an OAuth token without it"),
        (
            "channel_binding=require&require_auth=oauth&",
            "channel binding is required, but the server asks for an OAuth token without it"
        ),
    ])
    func `OAuth that is excluded or cannot be bound is refused unsent`(parameters: String, message: String) async throws
    {
        let source = TokenSource()
        let (error, transcripts) = try await Self.refusal(
            [.expectStartup, Script.offer, .expectEnd], parameters: parameters, source: source)
        #expect(error?.code == .authenticationMethodRefused)
        #expect(error?.reason == message)
        #expect(transcripts[0].frames.count == 1 && source.requests.isEmpty)
    }

    @Test(arguments: ["", "require_auth=oauth&"])
    func `no token is sent over TCP without TLS, whatever is allowed`(parameters: String) async throws {
        let source = TokenSource()
        for issuer in [Script.issuer, Script.configurationURL] {
            let (error, transcripts) = try await Self.refusal(
                [.expectStartup, Script.offer, .expectEnd], parameters: parameters, issuer: issuer, on: .ipv4,
                source: source)
            #expect(error?.code == .authenticationMethodRefused)
            #expect(error?.reason == "the server asks for an OAuth token over a connection in the clear")
            #expect(error?.hint == "Tokens are sent over TLS and Unix-domain sockets only: use sslmode=verify-full.")
            #expect(transcripts[0].frames.count == 1 && source.requests.isEmpty)
        }
    }

    // MARK: refusals

    @Test func `a refused token is the server's error with the reason as its hint`() async throws {
        let (error, transcripts) = try await Self.refusal(Script.refuses)
        #expect(error?.code == .authenticationFailed)
        #expect(error?.sqlState == .invalidAuthorizationSpecification)
        #expect(error?.reason == "OAuth bearer authentication failed for user \"tester\"")
        #expect(
            error?.hint
                == "The token was refused as \"invalid_token\"; the server wants the scope \"openid postgres\".")
        #expect(transcripts.count == 1 && transcripts[0].frames.last?.body == [1])
    }

    @Test func `after a refusal the server is asked again what it wants`() async throws {
        try await ScriptedServer.run(
            Script.discovery, Script.refuses, Script.discovery, Script.accepts, on: .abstractUnix
        ) { server in
            let configuration = try Self.configuration(server, issuer: Script.issuer)
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationFailed)
            #expect(error?.reason == "OAuth bearer authentication failed for user \"tester\"")
            await (try await PostgresConnection.connect(configuration)).close()
        }
    }

    @Test(arguments: [
        ("https://other.example/.well-known/openid-configuration", "that is \"https://other.example\""),
        ("https://issuer.example/x/.well-known/openid-configuration", "that is \"https://issuer.example/x\""),
        ("https://Issuer.example/.well-known/openid-configuration", "that is \"https://Issuer.example\""),
        ("http://issuer.example/.well-known/openid-configuration", "the URL that it gives is no URL that begins with"),
        ("https://issuer.example/.well-known/openid-configuration?x", "the URL that it gives has a query"),
        ("https://issuer.example/configuration", "the URL that it gives has \"/.well-known/\" in it and is not"),
    ])
    func `a server that names another issuer gets no token`(url: String, problem: String) async throws {
        let source = TokenSource()
        let asks: [Step] = [.expectStartup, Script.offer, .expect("p"), Script.refusal(url: url), .expectEnd]
        let (error, _) = try await Self.refusal(asks, issuer: Script.issuer, source: source)
        #expect(error?.code == .serverNotVerified)
        #expect(error?.message.contains("the server asks for a token of another issuer: \(problem)") == true)
        #expect(error?.hint?.contains("letter by letter") == true)
        #expect(source.requests.isEmpty)
    }

    @Test func `a server that does not say where tokens come from gets none`() async throws {
        let source = TokenSource()
        let asks: [Step] = [.expectStartup, Script.offer, .expect("p"), Script.refusal(url: nil), .expectEnd]
        let (error, _) = try await Self.refusal(asks, issuer: Script.issuer, source: source)
        #expect(error?.code == .authenticationFailed)
        #expect(error?.reason == "the server asks for OAuth and does not say where tokens come from")
        #expect(source.requests.isEmpty)
    }

    // MARK: hostile servers

    /// Answers to a token, or to the question which one is wanted, that no honest server gives.
    private static let lies: [(name: String, steps: [Step])] = [
        ("an end", [AuthenticationScript.ask(12, [1])]), ("a request", [AuthenticationScript.ask(3)]),
        ("another offer", [Script.offer]), ("no JSON", [AuthenticationScript.ask(11, Array("no".utf8))]),
        ("no status", [AuthenticationScript.ask(11, Array("{}".utf8))]),
        ("empty", [AuthenticationScript.ask(11, [])]),
        ("acceptance after the refusal", [Script.refusal(), .expect("p"), .send(BackendBytes.welcome)]),
        ("a second refusal", [Script.refusal(), .expect("p"), Script.refusal()]),
        ("an end after the refusal", [Script.refusal(), .expect("p"), AuthenticationScript.ask(12, [])]),
        ("a password after the refusal", [Script.refusal(), .expect("p"), AuthenticationScript.ask(3)]),
        (
            "two refusals at once",
            [
                .send(
                    BackendBytes().authentication(11, Array(#"{"status":"a"}"#.utf8))
                        .authentication(11, Array(#"{"status":"a"}"#.utf8)).bytes)
            ]
        ),
    ]

    @Test(arguments: lies.map(\.name), [OAuthScript.issuer, OAuthScript.configurationURL])
    func `what no honest server says is not believed`(name: String, issuer: String) async throws {
        let lie = try #require(Self.lies.first { $0.name == name })
        let script = [.expectStartup, Script.offer, .expect("p")] + lie.steps + [.expectEnd]
        let (error, transcripts) = try await Self.refusal(script, issuer: issuer)
        #expect([.serverNotVerified, .authenticationFailed].contains(error?.code))
        #expect(error?.server == nil)
        #expect(transcripts.count == 1)
    }

    @Test func `acceptance of an empty token is not believed`() async throws {
        let (error, _) = try await Self.refusal(Script.accepts, issuer: Script.issuer)
        #expect(error?.code == .serverNotVerified)
    }

    @Test func `a challenge before anything was offered is not believed`() async throws {
        let (error, transcripts) = try await Self.refusal([.expectStartup, Script.refusal(), .expectEnd])
        #expect(error?.code == .serverNotVerified)
        #expect(transcripts[0].frames.count == 1)
    }

    @Test func `a refusal above 4 KiB is refused unread`() async throws {
        let huge = AuthenticationScript.ask(11, [UInt8](repeating: UInt8(ascii: " "), count: 5000))
        let (error, _) = try await Self.refusal([.expectStartup, Script.offer, .expect("p"), huge, .expectEnd])
        #expect(error?.code == .messageTooLarge)
    }

    @Test func `a server that asks for its wishes to be asked again is not followed without end`() async throws {
        // The second attempt shows a token whatever the server says.
        let (error, transcripts) = try await Self.refusal(Script.discovery, Script.refuses, issuer: Script.issuer)
        #expect(error?.code == .authenticationFailed && transcripts.count == 2)
    }

    // MARK: the provider

    @Test func `a provider that fails says so without its words`() async throws {
        try await ScriptedServer.run([.expectStartup, Script.offer, .expectEnd], on: .abstractUnix) { server in
            var configuration = try Self.configuration(server)
            configuration.tokenProvider = { _ in throw Failure() }
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .passwordUnavailable && error?.isRetrySafe == true)
            #expect(error?.reason == "the token provider failed with an error of type Failure")
            #expect(!printed(error).contains("geheim"))
        }
    }

    @Test(arguments: ["", "geheim\u{1}auth=x", "geheim x", "geheim\0"])
    func `what is no token is not sent`(token: String) async throws {
        let (error, transcripts) = try await Self.refusal(
            [.expectStartup, Script.offer, .expectEnd], source: TokenSource(token))
        #expect(error?.code == .passwordUnavailable)
        #expect(error?.reason == "the token provider gave something that is no bearer token")
        #expect(transcripts[0].frames.count == 1)
    }

    @Test func `a provider that takes too long fails the attempt, and is cancelled`() async throws {
        try await ScriptedServer.run([.expectStartup, Script.offer, .expectEnd], on: .abstractUnix) { server in
            let (never, wasCancelled) = (Gate(), Gate())
            var configuration = try Self.configuration(server)
            configuration.connectTimeout = .milliseconds(200)
            configuration.tokenProvider = { _ in
                await never.wait()
                if Task.isCancelled { wasCancelled.open() }
                return PostgresConfiguration.BearerToken("late")
            }
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .connectTimedOut)
            #expect(error?.message.hasSuffix("time ran out while waiting for the token provider") == true)
            await wasCancelled.wait()
            #expect(!server.transcripts[0].contains("late"))
        }
    }

    @Test func `a server that says nothing to a token is waited for within the time for connecting`() async throws {
        try await ScriptedServer.run(
            [.expectStartup, Script.offer, .expect("p"), .never], on: .abstractUnix
        ) { server in
            var configuration = try Self.configuration(server)
            configuration.connectTimeout = .milliseconds(200)
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .connectTimedOut)
            #expect(error?.message.hasSuffix("time ran out while waiting for the verdict on the token") == true)
        }
    }

    // MARK: TLS

    @Test func `over TLS a token goes to a verified server, and to another one by opt-in`() async throws {
        try await ScriptedServer.run(Script.accepts, [.expectStartup, Script.offer, .expectEnd], Script.accepts) {
            server in
            try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: server.port)]
            ) { relay in
                func connect(_ parameters: String) async throws {
                    var configuration = try PostgresConfiguration(
                        connectionString:
                            "postgres://tester@db.example:\(relay.port)/shop?hostaddr=127.0.0.1&\(parameters)"
                            + "&oauth_issuer=\(Script.configurationURL)", environment: .none)
                    configuration.tokenProvider = TokenSource().provider
                    await (try await PostgresConnection.connect(configuration)).close()
                }
                try await connect("sslmode=verify-full&sslrootcert=\(try TestCertificates.shared.path("root.crt"))")
                let error = await failure { try await connect("sslmode=require") }
                #expect(error?.code == .authenticationMethodRefused)
                #expect(error?.reason == "the server asks for an OAuth token, which is not allowed here")
                #expect(
                    error?.hint == "If you trust the way to the server, allow it with require_auth=oauth in the URL.")
                try await connect("sslmode=require&require_auth=oauth")
            }
            #expect(server.transcripts.map { $0.contains(Script.token) } == [true, false, true])
        }
    }

    @Test func `a token that was refused over TLS is not followed by an attempt in the clear`() async throws {
        try await ScriptedServer.run(Script.refuses) { server in
            try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: server.port)]
            ) { relay in
                var configuration = try PostgresConfiguration(
                    connectionString: "postgres://tester@127.0.0.1:\(relay.port)/shop?sslmode=prefer&require_auth=oauth"
                        + "&oauth_issuer=\(Script.configurationURL)", environment: .none)
                configuration.tokenProvider = TokenSource().provider
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .authenticationFailed)
                #expect(error?.reason == "OAuth bearer authentication failed for user \"tester\"")
                #expect(relay.transcripts.count == 1)
            }
        }
    }
}
