import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// OAUTHBEARER with a real PostgreSQL 18.
@Suite(.timeLimit(.minutes(2))) struct OAuthLiveTests {
    private static func login(_ configuration: PostgresConfiguration) async -> PostgresError? {
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(configuration)
            let user = try await connection.query("SELECT current_user::text").first()?.decode(String.self)
            #expect(user == configuration.user)
            await connection.close()
            return nil
        } catch {
            return error
        }
    }

    private static func login(_ text: String, showing token: String) async -> PostgresError? {
        do throws(PostgresError) {
            var configuration = try PostgresConfiguration(connectionString: text, environment: .none)
            configuration.tokenProvider = TokenSource(token).provider
            return await login(configuration)
        } catch {
            return error
        }
    }

    @Test(arguments: ["", "/.well-known/openid-configuration"])
    func `a good token opens a session, a bad one is refused with the reason`(suffix: String) async throws {
        let server = try await OAuthServer.shared
        let issuer = OAuthScript.issuer + suffix
        #expect(await Self.login(try server.configuration("o_user", issuer: issuer)) == nil)
        let error = await Self.login(try server.configuration("o_user", issuer: issuer, token: "bad-geheim"))
        #expect(error?.code == .authenticationFailed && error?.sqlState == .invalidAuthorizationSpecification)
        #expect(error?.reason == "OAuth bearer authentication failed for user \"o_user\"")
        #expect(
            error?.hint
                == "The token was refused as \"invalid_token\"; the server wants the scope \"\(OAuthServer.scope)\".")
        #expect(!printed(error).contains("geheim"))
        #expect(await Self.login(try server.configuration("o_user", issuer: issuer)) == nil)
    }

    @Test(arguments: [6, 100, 4000, 60 << 10])
    func `a token arrives as it was given, however long`(count: Int) async throws {
        let server = try await OAuthServer.shared
        let letters = Array("abcXYZ019-._~+/".unicodeScalars)
        let rest = (5..<count).map { letters[$0 % letters.count] }
        let token = "good-" + String(String.UnicodeScalarView(rest))
        let connection = try await PostgresConnection.connect(server.configuration("o_echo", token: token))
        let identity = try await connection.query("SELECT system_user").first()?.decode(String.self)
        #expect(identity == "oauth:\(token)")
        await connection.close()
    }

    @Test func `the provider is told what the server wants`() async throws {
        let server = try await OAuthServer.shared
        let source = TokenSource("good-1")
        var configuration = try server.configuration("o_user")
        configuration.tokenProvider = source.provider
        #expect(await Self.login(configuration) == nil)
        let request = try #require(source.requests.first)
        #expect(request.configurationURL == OAuthScript.configurationURL && request.scope == OAuthServer.scope)
    }

    @Test func `another issuer is refused`() async throws {
        let server = try await OAuthServer.shared
        for issuer in ["https://issuer.example/", "https://ISSUER.example", "https://other.example/x/"] {
            let error = await Self.login(try server.configuration("o_user", issuer: issuer))
            #expect(error?.code == .serverNotVerified)
        }
        let error = await Self.login(
            try server.configuration("o_other", issuer: "https://other.example/x", token: "bad"))
        #expect(error?.code == .authenticationFailed)
    }

    @Test func `each connection of a pool shows a token of its own`() async throws {
        let server = try await OAuthServer.shared
        let count = Locked(0)
        var configuration = try server.configuration("o_echo")
        configuration.tokenProvider = { _ in
            PostgresConfiguration.BearerToken("good-\(count.withLock { $0 += 1; return $0 })")
        }
        let client = PostgresClient(configuration)
        let identities = try await client.withConnection { first in
            let one = try await first.query("SELECT system_user").first()?.decode(String.self)
            let two = try await client.withConnection { second in
                try await second.query("SELECT system_user").first()?.decode(String.self)
            }
            return [one, two]
        }
        #expect(identities == ["oauth:good-1", "oauth:good-2"])
        await client.close()
    }

    @Test(.disabled(if: Sanitizer.isOn, "its memory is too large to search"))
    func `after a login the message with the token is not in memory`() async throws {
        let server = try await OAuthServer.shared
        let token = "good-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        try await TemporaryDirectory.with { directory in
            let connection = try await PostgresConnection.connect(server.configuration("o_user", token: token))
            let memory = try ProcessMemory(writingTo: "\(directory)/memory")
            await connection.close()
            let message = Array("auth=Bearer \(token)".utf8)
            #expect(try memory.finds([message, Array(token.utf8)]) == [false, true])
        }
    }

    @Test func `a server behind TLS takes a token`() async throws {
        let server = try await OAuthServer.shared
        try await ScriptedServer.run(
            onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: UInt16(server.server.port))]
        ) { relay in
            var configuration = try PostgresConfiguration(
                connectionString: "host=db.example hostaddr=127.0.0.1 port=\(relay.port) user=o_user dbname=postgres "
                    + "sslmode=verify-full sslrootcert=\(try TestCertificates.shared.path("root.crt")) "
                    + "oauth_issuer=\(OAuthScript.issuer)", environment: .none)
            configuration.tokenProvider = TokenSource("good-1").provider
            #expect(await Self.login(configuration) == nil)
        }
    }

    @Test func `in the clear over TCP nothing is sent`() async throws {
        let server = try await OAuthServer.shared
        let source = TokenSource("good-1")
        var configuration = try server.configuration("o_user", parameters: "require_auth=oauth&")
        configuration.endpoints = [.tcp(host: "127.0.0.1", port: UInt16(server.server.port))]
        configuration.tls.mode = .prefer
        configuration.tokenProvider = source.provider
        let error = await Self.login(configuration)
        #expect(error?.code == .authenticationMethodRefused && source.requests.isEmpty)
        #expect(error?.message.hasSuffix("the server asks for an OAuth token over a connection in the clear") == true)
    }

    @Test func `logins end as they do with libpq 18`() async throws {
        let server = try await OAuthServer.shared
        guard let libpq = ReferenceLibpq.all.first(where: { $0.version >= 180_000 }) else { return }
        let (issuer, url) = (OAuthScript.issuer, OAuthScript.configurationURL)
        let place = "host=\(server.server.socketDirectory) port=\(server.server.port) dbname=postgres"
        let strings = [
            "oauth_issuer=\(issuer)", "oauth_issuer=\(url)", "oauth_issuer=\(issuer) require_auth=oauth",
            "oauth_issuer=\(issuer) require_auth=!oauth", "oauth_issuer=\(issuer) require_auth=scram-sha-256,oauth",
            "oauth_issuer=\(issuer) require_auth=scram-sha-256", "oauth_issuer=\(issuer) require_auth=!none",
            "oauth_issuer=\(issuer)/", "oauth_issuer=\(issuer.uppercased())", "oauth_issuer=https://other.example",
            "oauth_issuer=https://other.example/.well-known/openid-configuration", "oauth_issuer=http://issuer.example",
            "oauth_issuer=\(issuer)/.well-known/oauth-authorization-server", "oauth_issuer=\(url)/x", "",
            "oauth_issuer=", "oauth_scope=mine oauth_issuer=\(issuer)",
            "oauth_issuer=\(issuer) channel_binding=require",
        ].map { "\(place) user=o_user oauth_client_id=me \($0)" }
        for token in ["good-1", "bad"] {
            let theirs = try await libpq.connect(strings, showing: token)
            for (text, attempt) in zip(strings, theirs) {
                let error = await Self.login(text, showing: token)
                #expect(
                    (error == nil) == attempt.isConnected, "\(text): \(attempt.message) \(String(describing: error))")
            }
            #expect(theirs.contains { $0.isConnected } == (token == "good-1"))
        }
    }
}
