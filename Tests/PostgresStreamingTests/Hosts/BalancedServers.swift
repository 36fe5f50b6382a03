import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

/// A primary and two standbys that follow it, for tests of how connections are spread.
struct BalancedServers: Sendable {
    let primary: PostgresServer
    let standbys: [PostgresServer]

    /// Starts the three for a test that may harm them.
    static func start(_ version: LiveServer) async throws -> BalancedServers {
        let primary = try await version.startAnother { $0.configuration = ["max_connections": "80"] }
        return BalancedServers(
            primary: primary,
            standbys: [
                try await primary.startStandby(named: "first"), try await primary.startStandby(named: "second"),
            ])
    }

    /// Three for each version, started when first asked for, for tests that leave them as they find them.
    static func shared(_ version: LiveServer) async throws -> BalancedServers {
        try await Shared.servers.servers(version)
    }

    private actor Shared {
        static let servers = Shared()
        private var running: [Int: Task<BalancedServers, any Error>] = [:]

        func servers(_ version: LiveServer) async throws -> BalancedServers {
            if let task = running[version.rawValue] { return try await task.value }
            let task = Task { try await BalancedServers.start(version) }
            running[version.rawValue] = task
            return try await task.value
        }
    }

    func stop() async {
        for standby in standbys { await standby.stop() }
        await primary.stop()
    }

    /// All servers, to be taken in a random order, as the primary's superuser.
    func configuration(
        _ target: PostgresConfiguration.TargetSession
    ) throws(PostgresError) -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: primary.tcpURL, environment: .none)
        configuration.endpoints = ([primary] + standbys).map {
            .tcp(host: $0.host, port: UInt16($0.port))
        }
        configuration.targetSession = target
        configuration.shufflesEndpoints = true
        return configuration
    }

    /// How many of `count` connections that are lent at once lead to each standby, in their order, and to the primary last.
    func spread(_ client: PostgresClient, _ count: Int) async throws -> [Int] {
        let ports = try await Self.ports(client, count)
        return (standbys + [primary]).map { server in ports.count { $0 == server.port } }
    }

    /// The ports of so many connections, each lent while the others are.
    private static func ports(_ client: PostgresClient, _ count: Int) async throws -> [Int] {
        guard count > 0 else { return [] }
        return try await client.withConnection { connection in
            let query: PostgresQuery = "SELECT pg_catalog.current_setting('port')::int"
            let port = try await connection.query(query).only().decode(Int.self)
            return [port] + (try await ports(client, count - 1))
        }
    }
}
