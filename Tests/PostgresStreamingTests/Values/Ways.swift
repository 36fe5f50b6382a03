import PostgresStreaming
import PostgresTestSupport

/// The ways in which a statement with parameters reaches a server.
enum Way: CaseIterable {
    /// For the first time on a connection.
    case first
    /// Once more, when it is known.
    case again
    /// Inside a transaction, for the first time on a connection.
    case transaction
}

extension LiveServer {
    /// Runs a query in every way and gives each row to `body`.
    nonisolated(nonsending) func inEveryWay(
        _ query: PostgresQuery, _ body: (Row, Way) throws -> Void
    ) async throws {
        let connection = try await connect()
        for way in [Way.first, .again] { try body(try await connection.query(query).only(), way) }
        let other = try await connect()
        let row = try await other.withTransaction { transaction in try await transaction.query(query).only().detached()
        }
        try body(row, .transaction)
    }
}
