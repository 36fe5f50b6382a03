// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

nonisolated(nonsending) func locking(_ client: PostgresClient) async throws {
    try await client.withAdvisoryLock("nightly report") { connection in
        try await connection.execute("REFRESH MATERIALIZED VIEW report")
    }
}

nonisolated(nonsending) func lockingOnce(_ client: PostgresClient) async throws {
    do {
        try await client.withAdvisoryLock("nightly report", within: .zero) { connection in
            try await connection.execute("REFRESH MATERIALIZED VIEW report")
        }
    } catch {
        guard (error as? PostgresError)?.code == .lockNotAvailable else { throw error }
        print("another instance does it")
    }
}

nonisolated(nonsending) func lockingInTransaction(_ client: PostgresClient, _ customer: Int32) async throws {
    try await client.withTransaction { transaction in
        try await transaction.acquireAdvisoryLock(PostgresAdvisoryKey(1, customer))
        try await transaction.execute("INSERT INTO invoice SELECT * FROM draft WHERE customer = \(customer)")
    }
}
