import PostgresStreaming
import PostgresTesting

extension LiveServer {
    /// Runs `body` with the URL of a database of its own on the shared server: of what is counted per database, such as
    /// advisory locks, it sees its own alone. It takes a tenth of a second, a server of one's own two.
    package nonisolated(nonsending) func withDatabase<Result>(
        _ body: nonisolated(nonsending) (_ url: String) async throws -> Result
    ) async throws -> Result {
        let server = try await server
        let name = "own_\(UInt64.random(in: 0 ... .max))"
        let owner = try await connect()
        try await owner.execute("CREATE DATABASE \(identifier: name)")
        do {
            let result = try await body(server.url(database: name))
            try await owner.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
            return result
        } catch {
            // What is left of it is seen in the server's list, and the test has failed anyhow.
            _ = try? await owner.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
            throw error
        }
    }
}
