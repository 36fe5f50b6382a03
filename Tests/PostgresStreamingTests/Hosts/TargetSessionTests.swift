import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Which of several servers is taken, as libpq's `target_session_attrs` has it.
@Suite(.timeLimit(.minutes(2))) struct TargetSessionTests {
    /// The port of the server that a configuration leads to.
    private func port(_ configuration: PostgresConfiguration) async throws -> Int {
        try await configuration.withConnection { connection in
            try await connection.query("SELECT current_setting('port')::int").only().decode(Int.self)
        }
    }

    @Test(arguments: LiveServer.allCases, [false, true])
    func `the server that fits is taken, whatever the order`(version: LiveServer, standbyFirst: Bool) async throws {
        let servers = try await ReplicatedServers.shared(version)
        let expected: [PostgresConfiguration.TargetSession: PostgresServer] = [
            .any: standbyFirst ? servers.standby : servers.primary, .readWrite: servers.primary,
            .primary: servers.primary, .readOnly: servers.standby, .standby: servers.standby,
            .preferStandby: servers.standby,
        ]
        for target in PostgresConfiguration.TargetSession.allCases {
            let port = try await port(servers.configuration(target, standbyFirst: standbyFirst))
            #expect(port == expected[target]?.port, "\(target)")
        }
    }

    @Test(arguments: [
        (PostgresConfiguration.TargetSession.standby, "the server is not a standby"),
        (.readOnly, "the session is not read-only"),
    ])
    func `where none fits the error says of each why`(
        target: PostgresConfiguration.TargetSession, reason: String
    ) async throws {
        let server = try await LiveServer.postgres15.server
        var configuration = try PostgresConfiguration(connectionString: server.tcpURL, environment: .none)
        configuration.endpoints.append(.tcp(host: "127.0.0.1", port: 1))
        configuration.endpoints.reverse()
        configuration.targetSession = target
        let error = await failure(of: { [configuration] in try await PostgresConnection.connect(configuration) })
        #expect(error?.code == .targetSessionMismatch && error?.isRetrySafe == true)
        #expect(error?.message.contains("127.0.0.1:1: ") == true)
        #expect(error?.message.hasSuffix("could not use 127.0.0.1:\(server.port): \(reason)") == true)
    }

    @Test func `a primary whose sessions begin read-only does not write`() async throws {
        let server = try await LiveServer.postgres18.server
        var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
        configuration.runtimeParameters["default_transaction_read_only"] = "on"
        configuration.targetSession = .readWrite
        let error = await failure(of: { [configuration] in try await PostgresConnection.connect(configuration) })
        #expect(error?.message.hasSuffix("the session is read-only") == true)
        configuration.targetSession = .readOnly
        await (try PostgresConnection.connect(configuration)).close()
        configuration.targetSession = .primary
        await (try PostgresConnection.connect(configuration)).close()
    }

    @Test func `where no standby answers, preferring one is no demand`() async throws {
        let server = try await LiveServer.postgres15.server
        var configuration = try PostgresConfiguration(connectionString: server.tcpURL, environment: .none)
        configuration.endpoints.append(.tcp(host: "127.0.0.1", port: 1))
        configuration.targetSession = .preferStandby
        #expect(try await port(configuration) == server.port)
    }

    /// A server before 14, or a pooler, does not report what it is.
    @Test(arguments: [("t", "on", true), ("f", "off", false), ("f", "on", false)])
    func `a server that does not say what it is is asked`(
        recovery: String, readOnly: String, isStandby: Bool
    ) async throws {
        let answer = BackendBytes().message("1").message("2").row([Array(recovery.utf8), Array(readOnly.utf8)])
            .complete("SELECT 1").ready().bytes
        let script: [Step] = .welcome + [.expect("PBES"), .send(answer), .expectEnd]
        try await ScriptedServer.run(script) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url(), environment: .none)
            configuration.targetSession = isStandby ? .standby : .primary
            await (try PostgresConnection.connect(configuration)).close()
        }
    }

    @Test func `one that answers nonsense is an error`() async throws {
        let answer = BackendBytes().message("1").message("2").complete("SELECT 0").ready().bytes
        try await ScriptedServer.run(.welcome + [.expect("PBES"), .send(answer), .expectEnd]) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url(), environment: .none)
            configuration.targetSession = .primary
            let error = await failure(of: { [configuration] in try await PostgresConnection.connect(configuration) })
            #expect(error?.reason == "the server does not say what it is")
        }
    }

    @Test func `behind PgBouncer the server itself is asked`() async throws {
        let servers = try await ReplicatedServers.shared(.postgres15)
        try await LivePooler.run(inFrontOf: servers.standby, PgBouncerOptions(authentication: .plain)) { pooler in
            var configuration = try PostgresConfiguration(
                connectionString: pooler.url("require_auth=password"), environment: .none)
            configuration.targetSession = .standby
            await (try PostgresConnection.connect(configuration)).close()
            configuration.targetSession = .primary
            let error = await failure(of: { [configuration] in try await PostgresConnection.connect(configuration) })
            #expect(error?.code == .targetSessionMismatch)
        }
    }

    @Test func `hosts in a random order share the load`() async throws {
        let servers = try await ReplicatedServers.shared(.postgres18)
        var configuration = try servers.configuration(.any)
        configuration.shufflesEndpoints = true
        var ports: Set<Int> = []
        for _ in 1...60 where ports.count < 2 { ports.insert(try await port(configuration)) }
        #expect(ports == [servers.primary.port, servers.standby.port])
    }

    @Test(arguments: PostgresConfiguration.TargetSession.allCases)
    func `connection string and environment say what is wanted`(target: PostgresConfiguration.TargetSession) throws {
        let string = "host=a,b user=app target_session_attrs=\(target.rawValue)"
        #expect(try PostgresConfiguration(connectionString: string, environment: .none).targetSession == target)
        let environment = ConnectionEnvironment(variables: ["PGTARGETSESSIONATTRS": target.rawValue])
        let plain = try PostgresConfiguration(connectionString: "host=a user=app", environment: environment)
        #expect(plain.targetSession == target)
    }
}
