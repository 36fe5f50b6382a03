import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// A pool goes by what it knows of its servers.
@Suite(.timeLimit(.minutes(1))) struct HostOrderTests {
    @Test func `a server that did not answer is not asked again as long as another one fits`() async throws {
        let servers = try await ReplicatedServers.shared(.postgres15)
        let metrics = PostgresMetrics()
        var configuration = try servers.configuration(.primary, standbyFirst: true)
        configuration.endpoints.insert(.tcp(host: "127.0.0.1", port: 1), at: 0)
        configuration.metrics = metrics
        func attempts() -> Double { metrics.snapshot()["connection_attempts_total"]?.total() ?? 0 }
        let client = PostgresClient(
            configuration, pool: PostgresPoolConfiguration { $0.hostRecheckInterval = .seconds(3600) })
        try await client.withConnection { first in
            #expect(attempts() == 3, "all were tried until one fitted")
            try await client.withConnection { second in
                #expect(attempts() == 4, "the one that fitted was tried first")
            }
        }
        await client.close()
    }

    @Test func `what was found is forgotten in time`() async throws {
        let servers = try await ReplicatedServers.shared(.postgres15)
        let metrics = PostgresMetrics()
        var configuration = try servers.configuration(.primary, standbyFirst: true)
        configuration.metrics = metrics
        func attempts() -> Double { metrics.snapshot()["connection_attempts_total"]?.total() ?? 0 }
        let client = PostgresClient(
            configuration, pool: PostgresPoolConfiguration { $0.hostRecheckInterval = .nanoseconds(1) })
        try await client.withConnection { _ in
            try await client.withConnection { _ in }
        }
        #expect(attempts() == 4)
        await client.close()
    }
}
