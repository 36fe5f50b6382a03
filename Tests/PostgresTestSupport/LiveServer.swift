import PostgresStreaming
import PostgresTesting
import Testing

/// The real servers that the tests of one process share: one of each version, started when first asked for.
package enum LiveServer: Int, Sendable, CaseIterable, CustomStringConvertible {
    case postgres15 = 15
    case postgres18 = 18

    package var description: String { "PostgreSQL \(rawValue)" }

    /// The shared server. Tests leave it as they find it: what they make is temporary or named after themselves.
    ///
    /// Where the machine has no server of this version the running test is cancelled and says so.
    package var server: PostgresServer {
        get async throws {
            try await cancellingWhereMissing { try await Shared.servers.server(rawValue) }
        }
    }

    /// Starts a server of its own for a test that harms it.
    package func startAnother(
        authentication: PostgresServerOptions.Authentication = .scramSHA256
    ) async throws -> PostgresServer {
        try await startAnother { $0.authentication = authentication }
    }

    /// Starts a server of its own with other options than the usual.
    package func startAnother(_ change: (inout PostgresServerOptions) -> Void) async throws -> PostgresServer {
        var options = PostgresServerOptions(version: .major(rawValue))
        change(&options)
        return try await cancellingWhereMissing { [options] in try await PostgresServer.start(options) }
    }

    /// Runs `start`; where it finds no server of this version the running test is cancelled and says so.
    package nonisolated(nonsending) func cancellingWhereMissing<Result>(
        _ start: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        try await PostgresTestSupport.cancellingWhereMissing(description, start)
    }

    /// Connects to the shared server as its superuser.
    package nonisolated(nonsending) func connect() async throws -> sending PostgresConnection {
        try await PostgresConnection.connect(server.url)
    }

    private actor Shared {
        static let servers = Shared()
        private var running: [Int: Task<PostgresServer, any Error>] = [:]

        func server(_ version: Int) async throws -> PostgresServer {
            if let task = running[version] { return try await task.value }
            let task = Task { try await PostgresServer.start(PostgresServerOptions(version: .major(version))) }
            running[version] = task
            return try await task.value
        }
    }
}

/// Starts something that the machine may not have; then the running test is cancelled and says so.
nonisolated(nonsending) func cancellingWhereMissing<Server>(
    _ name: String, _ start: nonisolated(nonsending) () async throws -> Server
) async throws -> Server {
    do {
        return try await start()
    } catch {
        guard (error as? PostgresServerError)?.code == .binariesNotFound else { throw error }
        let reason = "\(name) is not on this machine; scripts/bootstrap fetches it"
        // The runner counts a cancelled case among those that passed and keeps the reason to itself.
        print("↳ not run: \(reason)")
        try Test.cancel("\(reason)")
    }
}
