// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

nonisolated(nonsending) func serve(with client: PostgresClient) async throws {}

nonisolated(nonsending) func leasing(_ client: PostgresClient, _ id: Int) async throws {
    try await client.withConnection { connection in
        try await connection.execute("SET LOCAL work_mem TO '64MB'")
        try await connection.execute("UPDATE customer SET seen = now() WHERE id = \(id)")
    }
    try await client.withRetryingTransaction(isolation: .serializable) { transaction in
        try await transaction.execute("UPDATE account SET balance = balance - 1 WHERE id = \(id)")
    }
    print("\(client.statistics.waiting) calls wait")
}

nonisolated(nonsending) func runningService(_ configuration: PostgresConfiguration) async throws {
    let settings = PostgresPoolConfiguration {
        $0.connectionsMin = 1
        $0.connectionsMax = 8
        $0.leaseTimeout = .seconds(2)
    }
    try await PostgresClient.withClient(configuration, pool: settings) { client in
        try await serve(with: client)
    }
}

nonisolated(nonsending) func readingOwnWrites(_ client: PostgresClient, _ id: Int, _ name: String) async throws -> Row {
    try await client.execute("UPDATE customer SET name = \(name) WHERE id = \(id)")
    let written = try await client.position()
    let row = try await client.reader(after: written).query("SELECT name FROM customer WHERE id = \(id)").only()
    return row
}
