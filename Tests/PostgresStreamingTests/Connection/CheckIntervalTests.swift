import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// `client_connection_check_interval` with real servers.
@Suite(.timeLimit(.minutes(1))) struct CheckIntervalTests {
    private func setting(
        _ live: LiveServer, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) async throws -> String? {
        var configuration = try PostgresConfiguration(connectionString: await live.server.url, environment: .none)
        change(&configuration)
        let connection = try await PostgresConnection.connect(configuration)
        let row = try await connection.query("SHOW client_connection_check_interval").first()
        await connection.close()
        return try row?.decode(String.self)
    }

    @Test(arguments: LiveServer.allCases)
    func `the server looks once a second unless told otherwise`(_ live: LiveServer) async throws {
        #expect(try await setting(live) == "1s")
        #expect(try await setting(live) { $0.connectionCheckInterval = nil } == "0")
        #expect(try await setting(live) { $0.connectionCheckInterval = .zero } == "0")
        #expect(try await setting(live) { $0.connectionCheckInterval = .milliseconds(1500) } == "1500ms")
    }

    @Test func `an interval out of bounds becomes the nearest that the server takes`() async throws {
        for (interval, text) in [
            (Duration.nanoseconds(1), "1ms"), (.seconds(-5), "0"), (.seconds(Int64.max), "2147483647ms"),
        ] {
            #expect(try await setting(.postgres15) { $0.connectionCheckInterval = interval } == text)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a value of the user's own wins, wherever it stands`(_ live: LiveServer) async throws {
        for name in ["client_connection_check_interval", "Client_Connection_CHECK_interval"] {
            #expect(try await setting(live) { $0.runtimeParameters[name] = "3s" } == "3s")
            #expect(try await setting(live) { $0.options = "-c \(name)=4s" } == "4s")
        }
        #expect(try await setting(live) { $0.options = "--client-connection-check-interval=5s" } == "5s")
        #expect(try await setting(live) { $0.options = "-c geqo=off" } == "1s")
    }

    @Test(arguments: LiveServer.allCases, [true, false])
    func `the server ends the query of a client that vanished`(_ live: LiveServer, isReset: Bool) async throws {
        let server = try await live.server
        let application = "vanished_\(isReset)"
        let watcher = try await PostgresConnection.connect(server.url)
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let login = "\(server.user):\(server.password)"
            let url = "postgres://\(login)@127.0.0.1:\(proxy.port)/postgres?application_name=\(application)"
            let sleeper = Task { [url] in
                await failure { try await PostgresConnection.connect(url).query("SELECT pg_sleep(600)").first() }
            }
            try await watcher.expectSleeper(application, running: true)
            let start = ContinuousClock.now
            isReset ? proxy.reset() : proxy.cut()
            #expect(await sleeper.value?.code == .connectionLost)
            try await watcher.expectSleeper(application, running: false)
            // One interval, and what a busy machine adds.
            #expect(ContinuousClock.now - start < .seconds(4))
        }
        await watcher.close()
    }
}

/// The same with servers that do not know the parameter. A connection without a script fails these tests.
@Suite(.timeLimit(.minutes(1))) struct CheckIntervalRefusalTests {
    private static let name = "client_connection_check_interval"

    private static func refusal(_ sqlState: String, _ text: String, isAuthenticated: Bool = false) -> [Step] {
        let answer = isAuthenticated ? BackendBytes().authentication(0) : BackendBytes()
        return [.expectStartup, .send(answer.error("FATAL", sqlState, text).bytes), .expectEnd]
    }

    @Test(
        arguments: [
            ("42704", "unrecognized configuration parameter \"\(name)\""),
            ("22023", "invalid value for parameter \"\(name)\": 1000"),
            ("08P01", "unsupported startup parameter: \(name)"),
            ("0A000", "Feature not supported: the proxy does not support the option \(name)"),
        ], [true, false])
    func `a server that refuses it is asked again without it, once`(
        refusal: (String, String), isAuthenticated: Bool
    ) async throws {
        let welcome: [Step] = .welcome + [.expectEnd]
        let refusal = Self.refusal(refusal.0, refusal.1, isAuthenticated: isAuthenticated)
        try await ScriptedServer.run(refusal, welcome, welcome) { server in
            for _ in 1...2 { await (try await PostgresConnection.connect(server.url)).close() }
            #expect(server.transcripts.map { $0.contains(Self.name) } == [true, false, false])
        }
    }

    @Test(arguments: [
        ("28P01", "password authentication failed for user \"\(name)\""), ("3D000", "database \"\(name)\" is gone"),
        ("42704", "unrecognized configuration parameter \"geqo\""), ("53300", "too many clients; lower \(name)"),
    ])
    func `another error is final, though it may name it`(sqlState: String, text: String) async throws {
        try await ScriptedServer.run(Self.refusal(sqlState, text)) { server in
            let error = await failure { try await PostgresConnection.connect(server.url) }
            #expect(error?.sqlState?.rawValue == sqlState)
        }
    }

    @Test func `an error that comes without it too is final, and nothing is remembered of it`() async throws {
        let refusal = Self.refusal("42704", "unrecognized configuration parameter \"\(Self.name)\"")
        try await ScriptedServer.run(refusal, refusal, refusal, refusal) { server in
            for _ in 1...2 {
                let error = await failure { try await PostgresConnection.connect(server.url) }
                #expect(error?.code == .connectRefusedByServer)
            }
            #expect(server.transcripts.map { $0.contains(Self.name) } == [true, false, true, false])
        }
    }

    @Test func `whoever turned it off is not asked twice`() async throws {
        let refusal = Self.refusal("42704", "unrecognized configuration parameter \"\(Self.name)\"")
        try await ScriptedServer.run(refusal) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            configuration.connectionCheckInterval = nil
            let error = await failure { [configuration] in try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .connectRefusedByServer)
            #expect(!server.transcripts[0].contains(Self.name))
        }
    }
}
