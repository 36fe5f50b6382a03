// The queries in the documentation of single declarations, compiled; they are not run.

import FraiseWire
import PostgresStreaming

nonisolated(nonsending) func composing(
    _ connection: PostgresConnection, _ pairs: [(id: Int, name: String)], _ region: String, _ from: PostgresDate,
    _ to: PostgresDate
) async throws -> [PostgresQuery] {
    let adults: PostgresQuery = "SELECT name FROM customer WHERE age >= \(18) AND region = \(region)"
    let bookings = try PostgresQuery(
        "SELECT * FROM booking WHERE during && daterange(:from, :to)", named: ["from": from, "to": to])
    let rows = pairs.map { "(\($0.id), \($0.name))" as PostgresQuery }
    try await connection.execute("INSERT INTO customer (id, name) VALUES \(rows.joined(separator: ", "))")
    return [adults, bookings]
}

func adding() -> PostgresNumeric {
    let price = PostgresNumeric("19.90") ?? 0
    let total = price + 5  // 24.90
    return total
}

nonisolated(nonsending) func asking(_ fraise: FraiseClient, _ region: String) async throws {
    let users = try await fraise.query("v_user", as: User.self)
        .where(.field("age") >= 18)
        .whereSQL("data->>'region' = \(region)")
        .orderBy(.field("name"), .ascending, collation: "C")
        .limit(100)
        .execute()
    for try await user in users { print(user.name) }
}

func askingWhere(_ query: FraiseQuery<User>) -> (FraiseQuery<User>, [FraiseField]) {
    let there = query.where(
        .field("age") >= 18 && (.field("city") == "Bern" || !.field("tags").arrayContains(["moved"])))
    let fields: [FraiseField] = [
        .field("status"),  // data->>'status'
        .path("owner", "address", "city"),
        .column("tenant_id"),  // a column of the view itself
        .json(column: "meta", "tags"),  // a member of another JSON column
    ]
    return (there, fields)
}

func startingWithDocuments() async throws {
    let fraise = try await FraiseClient.connect("postgres:///example")
    for try await user in try await fraise.query("v_user", as: User.self).limit(10).execute() { print(user.name) }
    await fraise.close()
}
