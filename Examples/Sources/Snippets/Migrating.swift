// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

nonisolated(nonsending) func insteadOfLibpq(_ url: String, _ id: Int) async throws {
    // PQconnectdb
    let connection = try await PostgresConnection.connect(url)
    // PQexecParams, PQgetvalue, PQgetisnull
    let name = try await connection.query("SELECT name FROM customer WHERE id = \(id)").only().decode(String?.self)
    print(name ?? "none")
    // PQprepare, PQexecPrepared
    let statement = try await connection.prepare("SELECT name FROM customer WHERE id = $1", parameters: Int.self)
    for try await row in try await statement.query(id) { print(try row.decode(String?.self) ?? "none") }
    // PQfinish
    await connection.close()
}

nonisolated(nonsending) func insteadOfPostgresNIO(_ client: PostgresClient, _ id: Int) async throws {
    // for try await (name, age) in rows.decode((String, Int).self), as before
    let rows = try await client.query("SELECT name, age FROM customer WHERE id = \(id)")
    for try await (name, age) in rows.decode((String, Int).self) {
        print(name, age)
    }
}
