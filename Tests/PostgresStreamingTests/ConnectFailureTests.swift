import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectFailureTests {
    private func failure(_ url: String) async throws -> PostgresError {
        do throws(PostgresError) {
            try await PostgresConnection.connect(url).close()
        } catch {
            return error
        }
        throw PostgresError(.invalidState, "the connection came about")
    }

    @Test func `a host that does not exist is named`() async throws {
        let error = try await failure("postgres://app@no-such-host.invalid/app")
        #expect(error.code == .hostNotFound)
        #expect(error.message.contains("no-such-host.invalid:5432"))
        #expect(error.isRetrySafe)
    }

    @Test func `a refused port is named`() async throws {
        let error = try await failure("postgres://app@127.0.0.1:1/app")
        #expect(error.code == .connectFailed)
        #expect(error.message == "could not connect to 127.0.0.1:1: connect: connection refused")
    }

    @Test(arguments: ["disable", "prefer", "require"])
    func `what speaks another protocol is quoted`(mode: String) async throws {
        for greeting in ["SSH-2.0-OpenSSH_9.2p1", "HTTP/1.1 400 Bad Request", "220 mail.example ESMTP"] {
            try await ScriptedServer.run([.send(Array("\(greeting)\r\n".utf8)), .expectEnd]) { server in
                let error = try await failure(server.url("sslmode=\(mode)"))
                #expect(error.code == .protocolViolation)
                let reason = "what answers is not a Postgres server: it says \"\(greeting)\""
                #expect(error.message == "could not connect to 127.0.0.1:\(server.port): \(reason)")
                #expect(error.hint == "Check the host and the port.")
            }
        }
    }

    @Test func `a socket that is not there is named`() async throws {
        let error = try await failure("postgres://app@%2Fno%2Fsuch/app")
        #expect(error.code == .connectFailed)
        #expect(error.message == "could not connect to /no/such/.s.PGSQL.5432: connect: no such file or directory")
    }

    @Test(arguments: LiveServer.allCases)
    func `a wrong password is refused and never shown`(_ live: LiveServer) async throws {
        let server = try await live.server
        let error = try await failure(server.tcpURL(password: "wrong-horse-battery"))
        #expect(error.code == .authenticationFailed)
        #expect(error.sqlState == .invalidPassword)
        #expect(!"\(error) \(String(reflecting: error))".contains("horse"))
    }

    @Test(arguments: LiveServer.allCases)
    func `a missing database is named`(_ live: LiveServer) async throws {
        let server = try await live.server
        let error = try await failure(server.url(database: "nowhere"))
        #expect(error.code == .connectRefusedByServer)
        #expect(error.sqlState == .invalidCatalogName)
        #expect(
            error.message
                == "could not connect to \(server.socketDirectory)/.s.PGSQL.\(server.port): "
                + "database \"nowhere\" does not exist")
        #expect(!error.isConnectionUsable)
    }

    @Test(arguments: LiveServer.allCases)
    func `TCP over IPv4 and IPv6 and Unix-domain sockets all reach the server`(_ live: LiveServer) async throws {
        let server = try await live.server
        let login = "\(server.user):\(server.password)"
        for url in [
            server.url, server.tcpURL, "postgres://\(login)@localhost:\(server.port)/postgres",
            "postgres://\(login)@[::1]:\(server.port)/postgres",
        ] {
            let connection = try await PostgresConnection.connect(url)
            #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
            await connection.close()
        }
    }

    @Test(
        arguments: LiveServer.allCases,
        [
            (PostgresServerOptions.Authentication.trust, "none"), (.password, "password"), (.md5, "md5"),
            (.scramSHA256, "scram-sha-256"),
        ])
    func `each way to authenticate works where it is allowed and only there`(
        _ live: LiveServer, _ way: (PostgresServerOptions.Authentication, String)
    ) async throws {
        let server = try await live.startAnother(authentication: way.0)
        let connection = try await PostgresConnection.connect(server.tcpURL + "?require_auth=\(way.1)")
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
        await connection.close()
        let other = way.1 == "md5" ? "scram-sha-256" : "md5"
        #expect(try await failure(server.tcpURL + "?require_auth=\(other)").code == .authenticationMethodRefused)
        if way.1 == "md5" || way.1 == "password" {
            #expect(try await failure(server.tcpURL).code == .authenticationMethodRefused)
        }
        await server.stop()
    }

    @Test(arguments: [Duration.zero, .seconds(-1), Duration(attoseconds: .max), .seconds(Int64.max)])
    func `any time allowed for connecting is taken without a crash`(timeout: Duration) async throws {
        let server = try await LiveServer.postgres15.server
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.connectTimeout = timeout
        do throws(PostgresError) {
            try await PostgresConnection.connect(configuration).close()
            #expect(timeout > .zero)
        } catch {
            #expect(timeout <= .zero)
            #expect(error.code == .connectTimedOut)
        }
    }

    @Test func `a server that cannot even fork refuses the connection`() async throws {
        let text = "Ecould not fork new process for connection: Cannot allocate memory\n\0"
        try await ScriptedServer.run([.expectStartup, .send(Array(text.utf8)), .close]) { server in
            let error = try await failure(server.url)
            #expect(error.code == .connectRefusedByServer)
            // Nobody has proven who wrote that text.
            #expect(!error.description.contains("fork"))
        }
    }
}
