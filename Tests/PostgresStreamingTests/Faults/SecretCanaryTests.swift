import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Secrets are put wherever one can go, and looked for in whatever can be printed.
@Suite(.timeLimit(.minutes(2))) struct SecretCanaryTests {
    private static let canary = "Kanarienvogel-4711"
    /// 32 bytes, as a key has.
    private static let keyBytes = Array("Kanarienvogel-Kanarienvogel-0815".utf8)
    private static let key = "S2FuYXJpZW52b2dlbC1LYW5hcmllbnZvZ2VsLTA4MTU%3D"

    private struct Failure: Error, CustomStringConvertible {
        let description = "the token is \(canary)"
    }

    /// As text, as Base64, as an array's numbers, and as `dump` writes an array.
    private static let traces = [
        "Kanarien", "S2FuYXJpZW", "75, 97, 110, 97, 114", "- 75\n    - 97\n", "- 75\n  - 97\n",
    ]

    private func expectSilent<Value>(_ value: Value, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = printed(value)
        #expect(!text.isEmpty, sourceLocation: sourceLocation)
        for trace in Self.traces where text.contains(trace) {
            Issue.record("\(Value.self) prints a secret: \(text)", sourceLocation: sourceLocation)
        }
    }

    private func expectSilent(
        failure error: PostgresError?, _ code: PostgresError.Code, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(error?.code == code, sourceLocation: sourceLocation)
        guard let error else { return }
        expectSilent(error, sourceLocation: sourceLocation)
        expectSilent([error.message, error.hint ?? ""], sourceLocation: sourceLocation)
        guard let server = error.server else { return }
        expectSilent(server, sourceLocation: sourceLocation)
        for code in "SVCMDHPpqWstcdnFLR" { expectSilent(server[code], sourceLocation: sourceLocation) }
    }

    /// A configuration with a secret in every place that takes one.
    private static func configuration(
        _ endpoint: PostgresConfiguration.Endpoint = .tcp(host: "db.example"), user: String = "app"
    ) -> PostgresConfiguration {
        var configuration = PostgresConfiguration(
            endpoint: endpoint, user: user, password: canary, database: "postgres")
        configuration.passwordProvider = { _ in canary }
        configuration.scramKeys = PostgresConfiguration.SCRAMKeys(clientKey: keyBytes, serverKey: keyBytes)
        configuration.oauth.clientSecret = canary
        configuration.tokenProvider = { _ in PostgresConfiguration.BearerToken(canary) }
        configuration.options = "-c app.token=\(canary)"
        configuration.runtimeParameters = ["app.token": canary]
        configuration.tls.mode = .disable
        configuration.tls.keyPassphrase = canary
        configuration.tls.keyPassphraseProvider = { canary }
        configuration.connectTimeout = .seconds(60)
        return configuration
    }

    private static let url = "postgres://app:\(canary)@db.example/shop?scram_client_key=\(key)&scram_server_key=\(key)"

    // MARK: at rest

    @Test func `configurations and their parts print no secret`() throws {
        let configuration = Self.configuration()
        expectSilent(configuration)
        expectSilent(configuration.tls)
        expectSilent(configuration.scramKeys)
        expectSilent(configuration.oauth)
        expectSilent(PostgresConfiguration.BearerToken(Self.canary))
        expectSilent([configuration.scramKeys: configuration])
        expectSilent((configuration, configuration.tls, configuration.scramKeys))
        expectSilent(Result<PostgresConfiguration, PostgresError>.success(configuration))
        expectSilent(configuration.endpoints)
    }

    @Test func `connection strings on their way to a configuration print no secret`() throws {
        let environment = ConnectionEnvironment(
            variables: ["PGPASSWORD": Self.canary, "PGSSLPASSWORD": Self.canary, "PGOPTIONS": Self.canary],
            homeDirectory: nil, userName: "app")
        expectSilent(environment)
        let texts = [
            Self.url, "host=h user=app password=\(Self.canary) sslpassword=\(Self.canary)", "host=h user=app",
            "host=h user=app oauth_client_secret=\(Self.canary)", "host=h options='-c app.token=\(Self.canary)'",
        ]
        for text in texts {
            let string = try ConnectionString(text)
            expectSilent(string)
            let parameters = try ConnectionParameters(string, environment)
            expectSilent(parameters)
            do throws(PostgresError) {
                expectSilent(try PostgresConfiguration(connectionString: text, environment: environment))
            } catch {
                expectSilent(failure: error, .configurationInvalid)
            }
        }
    }

    @Test func `what is wrong with a secret's keyword is said without the secret`() {
        for keyword in ConnectionKeyword.all {
            for text in ["host=h user=app \(keyword)=\(Self.canary)", "postgres://app@h/d?\(keyword)=\(Self.canary)"] {
                // Where these may be a name of a person, a place or a program they are no secret.
                let isName = [.host, .hostaddr, .user, .dbname, .service].contains(keyword)
                guard !isName else { continue }
                do throws(PostgresError) {
                    expectSilent(try PostgresConfiguration(connectionString: text, environment: .none))
                } catch {
                    expectSilent(failure: error, .configurationInvalid)
                }
            }
        }
    }

    @Test func `password files print no secret`() throws {
        try TemporaryDirectory.with { directory in
            for (mode, text) in [
                (0o600 as UInt32, "*:*:*:*:\(Self.canary)"), (0o644, Self.canary), (0o600, Self.canary),
            ] {
                try TemporaryDirectory.write(text, to: "\(directory)/pgpass", mode: mode)
                expectSilent(
                    PasswordFile.look(
                        up: .tcp(host: "h"), user: "u", database: "d", at: "\(directory)/pgpass"))
            }
        }
    }

    // MARK: at work

    @Test(arguments: LiveServer.allCases)
    func `sessions and what fails in them print no secret`(_ live: LiveServer) async throws {
        let (configuration, server) = try await role("m_canary", on: live)
        let connection = try await PostgresConnection.connect(configuration)
        expectSilent(connection)
        let query: PostgresQuery = "SELECT \(Self.canary), n FROM generate_series(1, 2000) AS n"
        expectSilent(query)
        let rows = try await connection.query(query)
        expectSilent(rows)
        expectSilent(rows.decode((String, Int).self))
        expectSilent(rows.columns)
        let busy = await failure { try await connection.execute(query) }
        expectSilent(failure: busy, .connectionBusy)
        for try await row in rows {
            expectSilent(row)
            let mismatch = await failure { try row.decode(Int.self) }
            expectSilent(failure: mismatch, .typeMismatch)
            let wrong = await failure { try row.decode((Int, Int).self) }
            expectSilent(failure: wrong, .typeMismatch)
            break
        }
        for try await chunk in try await connection.query(query).chunks {
            expectSilent(chunk)
            break
        }
        let syntax = await failure { try await connection.execute("SELEKT \(Self.canary)") }
        expectSilent(failure: syntax, .server)
        let nul = await failure {
            try await connection.execute(PostgresQuery(unsafeSQL: "SELECT '\(Self.canary)\0'"))
        }
        expectSilent(failure: nul, .queryInvalid)
        try await expectSilentDetail(connection)

        let process = try await connection.query("SELECT pg_backend_pid()").first()?.decode(Int32.self) ?? 0
        try await server.run(["SELECT pg_terminate_backend(\(process), 10000)"])
        let ended = await failure { try await connection.execute(query) }
        expectSilent(failure: ended, .sessionEndedByServer)
        expectSilent(connection)
        await connection.close()
        let closed = await failure { try await connection.execute(query) }
        if let closed { expectSilent(closed) }
    }

    /// The server quotes keys in the detail of a unique violation, which is no part of what is printed.
    private func expectSilentDetail(_ connection: PostgresConnection) async throws {
        try await connection.execute("CREATE TEMP TABLE secret (word text PRIMARY KEY)")
        try await connection.execute("INSERT INTO secret VALUES (\(Self.canary))")
        let error = await failure { try await connection.execute("INSERT INTO secret VALUES (\(Self.canary))") }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.server?.detail?.contains(Self.canary) == true)
        if let error { expectSilent(error) }
    }

    @Test(arguments: LiveServer.allCases)
    func `logins that fail print no secret`(_ live: LiveServer) async throws {
        var (configuration, server) = try await role("m_canary_refused", on: live)
        try await server.run(["ALTER ROLE m_canary_refused PASSWORD 'another'"])
        for parameters in [[:], ["app.token": "\(Self.canary)\0"], ["role": Self.canary]] {
            configuration.runtimeParameters = parameters
            let error = await failure { try await PostgresConnection.connect(configuration) }
            if let error { expectSilent(error) }
        }
        configuration.runtimeParameters = [:]
        configuration.scramKeys = PostgresConfiguration.SCRAMKeys(
            clientKey: Self.keyBytes, serverKey: Self.keyBytes)
        let keys = await failure { try await PostgresConnection.connect(configuration) }
        expectSilent(failure: keys, .authenticationFailed)
        configuration.scramKeys = nil
        configuration.password = nil
        let provided = await failure { try await PostgresConnection.connect(configuration) }
        expectSilent(failure: provided, .authenticationFailed)
        configuration.passwordProvider = { _ in throw Failure() }
        let failing = await failure { try await PostgresConnection.connect(configuration) }
        expectSilent(failure: failing, .passwordUnavailable)
        configuration.password = "\(Self.canary)\0"
        let nul = await failure { try await PostgresConnection.connect(configuration) }
        expectSilent(failure: nul, .configurationInvalid)
        configuration.password = Self.canary
        configuration.channelBinding = .require
        let unbound = await failure { try await PostgresConnection.connect(configuration) }
        expectSilent(failure: unbound, .authenticationMethodRefused)
        configuration.endpoints = [.tcp(host: "127.0.0.1", port: 1), .unixSocket(directory: "/no/such")]
        let nowhere = await failure { try await PostgresConnection.connect(configuration) }
        expectSilent(failure: nowhere, .connectFailed)
    }

    private func role(
        _ name: String, on live: LiveServer
    ) async throws -> (PostgresConfiguration, AuthenticationServer) {
        let server = try await AuthenticationServer.on(live)
        try await server.run([
            "DROP ROLE IF EXISTS \(name)", "CREATE ROLE \(name) LOGIN PASSWORD '\(Self.canary)'",
        ])
        var configuration = Self.configuration(
            .tcp(host: "127.0.0.1", port: UInt16(server.server.port)), user: name)
        configuration.scramKeys = nil
        return (configuration, server)
    }
}
