import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// How a pool spreads its connections over the servers that fit.
@Suite(.timeLimit(.minutes(3))) struct BalancingTests {
    private static let targets: [PostgresConfiguration.TargetSession] = [.standby, .readOnly, .preferStandby]

    @Test(arguments: LiveServer.allCases)
    func `connections are spread over all servers that have the role asked for`(version: LiveServer) async throws {
        let servers = try await BalancedServers.shared(version)
        for target in Self.targets {
            let client = PostgresClient(try servers.configuration(target))
            #expect(try await servers.spread(client, 10) == [5, 5, 0], "\(target)")
            await client.close()
        }
        var configuration = try servers.configuration(.primary)
        configuration.shufflesEndpoints = false
        let client = PostgresClient(configuration)
        #expect(try await servers.spread(client.reader, 10) == [5, 5, 0])
        #expect(client.reader.statistics.total <= 10, "a pool's maximum is for all servers together")
        await client.close()
        configuration.targetSession = .any
        configuration.shufflesEndpoints = true
        let any = PostgresClient(configuration)
        #expect(try await servers.spread(any, 9) == [3, 3, 3])
        await any.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a standby that was away gets its share again as connections age`(version: LiveServer) async throws {
        let servers = try await BalancedServers.start(version)
        let closed = Locked(0)
        let settings = PostgresPoolConfiguration {
            $0.hostRecheckInterval = .milliseconds(50)
            $0.lifetimeMax = .seconds(2)
            $0.hooks.onClose = { _ in closed.withLock { $0 += 1 } }
        }
        let client = PostgresClient(try servers.configuration(.primary), pool: settings)
        let reader = client.reader
        #expect(try await servers.spread(reader, 10) == [5, 5, 0])
        await servers.standbys[0].kill()
        #expect(try await servers.spread(reader, 10) == [0, 10, 0], "what is left takes all")
        try await servers.standbys[0].restart()
        closed.withLock { $0 = 0 }
        // Each round borrows them all; those that are too old are replaced.
        while closed.withLock({ $0 }) < 10 { _ = try await servers.spread(reader, 10) }
        let shares = try await servers.spread(reader, 10)
        #expect(shares[0] >= 4 && shares[1] >= 4 && shares[2] == 0, "\(shares)")
        await client.close()
        await servers.stop()
    }

    @Test func `connections that are asked for at once are spread as well`() async throws {
        let servers = try await BalancedServers.shared(.postgres15)
        let client = PostgresClient(try servers.configuration(.standby))
        let ports = Locked<[Int]>([])
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    try await client.withConnection { connection in
                        let query: PostgresQuery = "SELECT pg_catalog.current_setting('port')::int"
                        let port = try await connection.query(query).only().decode(Int.self)
                        ports.withLock { $0.append(port) }
                        if ports.withLock({ $0.count }) == 10 { gate.open() }
                        await gate.wait()
                    }
                }
            }
            try await group.waitForAll()
        }
        let shares = servers.standbys.map { standby in ports.withLock { $0.count { $0 == standby.port } } }
        #expect(shares.reduce(0, +) == 10 && shares.allSatisfy { $0 >= 4 }, "\(shares)")
        await client.close()
    }
}
