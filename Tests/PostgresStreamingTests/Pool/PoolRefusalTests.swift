import PostgresStreaming
import PostgresTestSupport
import Testing

/// Which answers to an attempt to connect a pool waits out, and which it hands on at once.
@Suite(.timeLimit(.minutes(1))) struct PoolRefusalTests {
    private static func refusal(_ sqlState: String, _ text: String) -> [Step] {
        [.expectStartup, .send(BackendBytes().error("FATAL", sqlState, text).bytes), .close]
    }

    private func client(_ server: ScriptedServer, _ parameters: String = "") throws -> PostgresClient {
        PostgresClient(
            try PostgresConfiguration(connectionString: server.url(parameters), environment: .none),
            pool: PostgresPoolConfiguration {
                $0.reset = .nothing
                $0.backoffMin = .milliseconds(1)
            })
    }

    @Test(arguments: [
        ("57P01", "terminating connection due to administrator command"),
        ("57P02", "terminating connection because of crash of another server process"),
        ("57P03", "the database system is starting up"),
        ("53200", "out of memory"),
        ("53300", "sorry, too many clients already"),
        ("53400", "configuration limit exceeded"),
        ("58030", "could not read file"),
        ("XX000", "could not open shared memory"),
        ("08P01", "no more connections allowed (max_client_conn)"),
        ("55000", "database \"shop\" is not currently accepting connections"),
    ])
    func `what passes by itself is waited out`(sqlState: String, text: String) async throws {
        try await ScriptedServer.run(Self.refusal(sqlState, text), .welcome + [.expectEnd]) { server in
            let client = try client(server)
            try await client.withConnection { _ in }
            await client.close()
        }
    }

    @Test func `so is a server that cannot even start a process`() async throws {
        let text = Array("E could not fork new process for connection: Cannot allocate memory\n".utf8) + [0]
        try await ScriptedServer.run([.expectStartup, .send(text), .close], .welcome + [.expectEnd]) { server in
            let client = try client(server)
            try await client.withConnection { _ in }
            await client.close()
        }
    }

    @Test(arguments: [
        ("28P01", "password authentication failed", PostgresError.Code.authenticationFailed),
        ("28000", "no pg_hba.conf entry", .authenticationFailed),
        ("3D000", "database \"shop\" does not exist", .connectRefusedByServer),
        ("42501", "permission denied for database \"shop\"", .connectRefusedByServer),
        ("42704", "unrecognized configuration parameter \"x\"", .connectRefusedByServer),
        ("22023", "invalid value for parameter \"x\"", .connectRefusedByServer),
        ("0A000", "unsupported frontend protocol", .connectRefusedByServer),
        ("08P01", "no such database: shop", .connectRefusedByServer),
    ])
    func `what does not is said at once, and is not safe to retry`(
        sqlState: String, text: String, code: PostgresError.Code
    ) async throws {
        try await ScriptedServer.run(Self.refusal(sqlState, text)) { server in
            let client = try client(server)
            let error = await failure(of: { try await client.withConnection { _ in } })
            #expect(error?.code == code && error?.isRetrySafe == false && error?.isConnectionUsable == false)
            await client.close()
        }
    }

    @Test(arguments: [true, false])
    func `a cut during the TLS handshake is waited out`(isReset: Bool) async throws {
        // An SSLRequest, and the beginning of a ClientHello.
        let cut: [Step] = [.expectBytes(8), .send([UInt8(ascii: "S")]), .expectBytes(5), isReset ? .reset : .close]
        try await ScriptedServer.run(cut, cut, [.expectBytes(8), .send([UInt8(ascii: "N")]), .expectEnd]) { server in
            let client = try client(server, "sslmode=require")
            // The third answer is one that no retry can mend.
            let error = await failure(of: { try await client.withConnection { _ in } })
            #expect(error?.code == .tlsFailed && error?.isRetrySafe == false, "\(error?.message ?? "")")
            await client.close()
        }
    }

    @Test func `a transaction that is retried waits them out as well`() async throws {
        let refusals = ["57P01", "57P02", "53200"].map { Self.refusal($0, "no") }
        let commit: [Step] = [.expectEnd]
        try await ScriptedServer.run(scripts: refusals + [.welcome + commit]) { server in
            let configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            let result = try await configuration.withRetryingTransaction { _ in 7 }
            #expect(result == 7)
        }
    }

    @Test func `the next host is tried where one is shutting down`() async throws {
        for state in ["57P01", "57P02", "57P03"] {
            try await ScriptedServer.run(Self.refusal(state, "no")) { first in
                try await ScriptedServer.run(.welcome + [.expectEnd]) { second in
                    var configuration = try PostgresConfiguration(connectionString: first.url, environment: .none)
                    configuration.endpoints +=
                        try PostgresConfiguration(connectionString: second.url, environment: .none).endpoints
                    await (try await PostgresConnection.connect(configuration)).close()
                }
            }
        }
    }
}
