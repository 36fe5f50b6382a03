import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

/// A primary and its synchronous standby, for tests that leave them as they are.
struct ReplicatedServers: Sendable {
    let primary: PostgresServer
    let standby: PostgresServer

    /// One pair for each version, started when first asked for.
    static func shared(_ version: LiveServer) async throws -> ReplicatedServers {
        try await Shared.pairs.pair(version)
    }

    /// Starts a pair of its own for a test that harms it. The primary waits with every commit until the standby shows it.
    static func start(_ version: LiveServer) async throws -> ReplicatedServers {
        let primary = try await version.startAnother {
            $0.configuration = [
                "synchronous_standby_names": "standby", "synchronous_commit": "remote_apply", "max_connections": "80",
            ]
        }
        return ReplicatedServers(primary: primary, standby: try await primary.startStandby())
    }

    func stop() async {
        await standby.stop()
        await primary.stop()
    }

    /// Both servers in an order, as the primary's superuser.
    func configuration(
        _ target: PostgresConfiguration.TargetSession, standbyFirst: Bool = false
    ) throws(PostgresError) -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: primary.tcpURL, environment: .none)
        let endpoints = [primary, standby].map {
            PostgresConfiguration.Endpoint.tcp(host: $0.host, port: UInt16($0.port))
        }
        configuration.endpoints = standbyFirst ? endpoints.reversed() : endpoints
        configuration.targetSession = target
        return configuration
    }

    private actor Shared {
        static let pairs = Shared()
        private var running: [Int: Task<ReplicatedServers, any Error>] = [:]

        func pair(_ version: LiveServer) async throws -> ReplicatedServers {
            if let task = running[version.rawValue] { return try await task.value }
            let task = Task { try await ReplicatedServers.start(version) }
            running[version.rawValue] = task
            return try await task.value
        }
    }
}
