import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What servers that are of no use cost a pool that spreads its connections.
@Suite(.timeLimit(.minutes(1))) struct UnusableHostTests {
    private let metrics = PostgresMetrics()

    private func attempts() -> Double { metrics.snapshot()["connection_attempts_total"]?.total() ?? 0 }

    /// A real server and the place of another, in a random order.
    private func configuration(
        and other: PostgresConfiguration.Endpoint, _ target: PostgresConfiguration.TargetSession = .any,
        addressTimeout: Duration = .milliseconds(300)
    ) async throws -> PostgresConfiguration {
        let server = try await LiveServer.postgres15.server
        var configuration = try PostgresConfiguration(connectionString: server.tcpURL, environment: .none)
        configuration.endpoints.append(other)
        configuration.targetSession = target
        configuration.shufflesEndpoints = true
        configuration.addressTimeout = addressTimeout
        configuration.metrics = metrics
        return configuration
    }

    /// Borrows so many connections at once.
    private func borrow(_ count: Int, of client: PostgresClient) async throws {
        guard count > 0 else { return }
        try await client.withConnection { _ in try await borrow(count - 1, of: client) }
    }

    @Test func `one that refuses has no part in the next connections`() async throws {
        let refusal = BackendBytes().error("FATAL", "53300", "sorry, too many clients already").bytes
        try await ScriptedServer.run([.expectStartup, .send(refusal), .expectEnd]) { scripted in
            var settings = PostgresPoolConfiguration()
            settings.hostRecheckInterval = .seconds(3600)
            let port = try PostgresConfiguration(connectionString: scripted.url).endpoints[0]
            let client = PostgresClient(try await configuration(and: port), pool: settings)
            try await borrow(8, of: client)
            #expect(client.statistics.idle + client.statistics.returning == 8 && attempts() == 9)
            await client.close()
        }
    }

    @Test func `a standby that is silent is not waited for again by who takes the primary as well`() async throws {
        let hole = try #require(BlackHole())
        let settings = PostgresPoolConfiguration { $0.hostRecheckInterval = .seconds(3600) }
        let configuration = try await configuration(and: .tcp(host: "127.0.0.1", port: hole.port), .preferStandby)
        let client = PostgresClient(configuration, pool: settings)
        try await borrow(1, of: client)
        let first = attempts()
        try await borrow(5, of: client)
        #expect(attempts() == first + 4, "each of the others was one attempt, at the primary")
        await client.close()
    }

    @Test func `one that may answer again is tried by one attempt at a time`() async throws {
        let hole = try #require(BlackHole())
        let settings = PostgresPoolConfiguration { $0.hostRecheckInterval = .nanoseconds(1) }
        let client = PostgresClient(
            try await configuration(and: .tcp(host: "127.0.0.1", port: hole.port), addressTimeout: .seconds(1)),
            pool: settings)
        // With two connections one attempt at least has found out.
        try await borrow(2, of: client)
        let before = attempts()
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { try await client.withConnection { _ in await gate.wait() } }
            }
            while client.statistics.leased < 7 { await Task.yield() }
            #expect(attempts() <= before + 7, "six connections, and one attempt at what is silent")
            gate.open()
            try await group.waitForAll()
        }
        await client.close()
    }
}
