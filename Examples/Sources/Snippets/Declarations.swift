// The code in the documentation of single declarations, compiled; it is not run.

import PostgresStreaming
import PostgresTesting

func startingServer() async throws {
    try await PostgresServer.withServer(PostgresServerOptions(version: .major(15))) { server in
        print(server.url)
    }
}

nonisolated(nonsending) func preparing(_ connection: PostgresConnection) async throws {
    let find = try await connection.prepare("SELECT name FROM customer WHERE region = $1", parameters: String.self)
    for try await name in try await find.query("north").decode(String.self) { print(name) }
}

nonisolated(nonsending) func readingResults(_ connection: PostgresConnection) async throws {
    let results = try await connection.results(of: "SELECT 1; UPDATE counter SET n = n + 1; SELECT 2")
    for try await rows in results {
        for try await number in rows.decode(Int.self) { print(number) }
    }
}

nonisolated(nonsending) func readingTuples(_ rows: RowStream) async throws {
    for try await (id, name) in rows.decode((Int, String).self) { print(id, name) }
}

nonisolated(nonsending) func makingPool(_ id: Int) async throws {
    let client = try PostgresClient("postgres://app@db.example/shop?sslmode=verify-full")
    try await client.withConnection { connection in
        try await connection.execute("UPDATE customer SET seen = now() WHERE id = \(id)")
    }
}

nonisolated(nonsending) func addCustomer(
    _ name: String, to database: some PostgresQuerying
) async throws(PostgresError) {
    try await database.execute("INSERT INTO customer (name) VALUES (\(name))")
}

nonisolated(nonsending) func namingAScope(_ client: PostgresClient, _ cart: Int) async throws {
    try await StreamOptions.withName("checkout") {
        try await client.execute("UPDATE cart SET state = 'paid' WHERE id = \(cart)")
    }
}
