// The code of the documentation's pages, compiled; it is not run.

import Foundation
import PostgresFoundation
import PostgresStreaming

nonisolated(nonsending) func exchangingValues(_ connection: PostgresConnection, _ ids: [Int]) async throws {
    let price: PostgresNumeric = 20
    let rows = try await connection.query(
        "SELECT name, price, tags, seen FROM article WHERE id = ANY(\(ids)) AND price < \(price)")
    typealias Article = (String, PostgresNumeric, [String], PostgresTimestampTZ?)
    for try await (name, price, tags, seen) in rows.decode(Article.self) {
        print(name, price, tags, seen ?? .infinity)
    }
}

nonisolated(nonsending) func usingFoundation(_ connection: PostgresConnection) async throws {
    let since = Date(timeIntervalSinceNow: -86_400)
    let rows = try await connection.query("SELECT id, created_at FROM customer WHERE created_at > \(since)")
    for try await (id, created) in rows.decode((UUID, Date).self) {
        print(id, created)
    }
}
