package import PostgresStreaming

/// The database that the examples of FraiseWire read: projects, their users, tasks and documents, as views of documents.
package enum Tracker {
    /// Runs `body` while the schema `tracker` is there.
    package static func run(at url: String, _ body: () async throws -> Void) async throws {
        try await run(at: PostgresConfiguration(connectionString: url), body)
    }

    /// Runs `body` while the schema `tracker` is there.
    package static func run(at place: PostgresConfiguration, _ body: () async throws -> Void) async throws {
        try await PostgresConnection.withConnection(place) { connection in
            for statement in statements { try await connection.execute(statement) }
            do {
                try await body()
            } catch {
                try await connection.execute("DROP SCHEMA tracker CASCADE")
                throw error
            }
            try await connection.execute("DROP SCHEMA tracker CASCADE")
        }
    }
}
