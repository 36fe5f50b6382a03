import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Whoever waits for a connection that cannot be had is told why, in time.
@Suite(.timeLimit(.minutes(2))) struct PoolConnectFailureTests {
    /// What ten calls at once are told.
    private func outcomes(
        _ configuration: PostgresConfiguration, within timeout: Duration
    ) async -> (codes: [PostgresError.Code], longest: Duration) {
        let client = PostgresClient(
            configuration,
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = 4
                $0.leaseTimeout = timeout
                $0.backoffMin = .milliseconds(10)
            })
        let clock = ContinuousClock()
        let start = clock.now
        let codes = await withTaskGroup(of: PostgresError.Code?.self) { group in
            for _ in 1...10 {
                group.addTask { await failure(of: { try await client.execute("SELECT 1") })?.code }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let time = start.duration(to: clock.now)
        #expect(client.statistics.failures == 10 && client.statistics.waiting == 0)
        await client.close()
        return (codes.compactMap(\.self), time)
    }

    private func configuration(
        _ change: (inout PostgresConfiguration) -> Void
    ) async throws -> PostgresConfiguration {
        var configuration = try await PostgresConfiguration(
            connectionString: LiveServer.postgres15.server.url, environment: .none)
        change(&configuration)
        return configuration
    }

    @Test func `a server that is not there, at once to who only tries, and in time to who waits`() async throws {
        let configuration = try await configuration { $0.endpoints = [.tcp(host: "127.0.0.1", port: 1)] }
        let client = PostgresClient(configuration, pool: PostgresPoolConfiguration { $0.leaseTimeout = .seconds(60) })
        let clock = ContinuousClock()
        let start = clock.now
        async let waiting = failure(of: { try await client.execute("SELECT 1") })
        while client.statistics.waiting == 0 { await Task.yield() }
        #expect(await failure(of: { try await client.connect() })?.code == .connectFailed)
        #expect(start.duration(to: clock.now) < .seconds(20) && client.statistics.waiting == 1)
        // Who waits is still there, and goes with the pool.
        await client.close()
        #expect(await waiting?.code == .poolClosed)
    }

    @Test func `connecting makes the connection that the next call gets`() async throws {
        let client = PostgresClient(try await configuration { _ in })
        try await client.connect()
        try await client.connect()
        try await client.execute("SELECT 1")
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `a wrong password, to everybody and at once`() async throws {
        let configuration = try await configuration { $0.password = "wrong" }
        let (codes, time) = await outcomes(configuration, within: .seconds(60))
        #expect(codes == Array(repeating: .authenticationFailed, count: 10) && time < .seconds(20))
    }

    @Test func `a database that is not there, to everybody and at once`() async throws {
        let configuration = try await configuration { $0.database = "nowhere" }
        let (codes, time) = await outcomes(configuration, within: .seconds(60))
        #expect(codes == Array(repeating: .connectRefusedByServer, count: 10) && time < .seconds(20))
    }

    @Test func `a host that is not reached, to everybody within the deadline`() async throws {
        let configuration = try await configuration { $0.endpoints = [.tcp(host: "127.0.0.1", port: 1)] }
        let (codes, time) = await outcomes(configuration, within: .milliseconds(300))
        #expect(codes == Array(repeating: .connectFailed, count: 10))
        #expect(time >= .milliseconds(300) && time < .seconds(20))
    }

    @Test func `a server that comes back is found again, and its lost connections are not lent`() async throws {
        let server = try await LiveServer.postgres15.startAnother()
        let configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
        let client = PostgresClient(configuration, pool: PostgresPoolConfiguration { $0.connectionsMax = 3 })
        try await client.execute("SELECT 1")
        let restart = Task { try await server.restart() }
        var lostCount = 0
        while client.statistics.opened == 1 {
            // Whoever is hit by the shutdown itself is told; everybody else waits until there is a connection.
            do throws(PostgresError) {
                try await client.execute("SELECT 1")
            } catch {
                #expect(!error.isConnectionUsable, "\(error)")
                lostCount += 1
            }
        }
        try await restart.value
        #expect(lostCount <= 1)
        try await client.execute("SELECT 1")
        await client.close()
        await server.stop()
    }
}
