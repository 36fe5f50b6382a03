// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

func observing(_ url: String) throws {
    let metrics = PostgresMetrics()
    var configuration = try PostgresConfiguration(connectionString: url)
    configuration.metrics = metrics  // counts; several configurations may share one
    configuration.observer = StandardErrorObserver(format: .json)  // tells; or an observer of your own
    print(metrics.prometheusText())  // for a /metrics endpoint
}

nonisolated(nonsending) func handling(_ connection: PostgresConnection, _ email: String) async throws {
    do throws(PostgresError) {
        try await connection.execute("INSERT INTO customer (email) VALUES (\(email))")
    } catch {
        switch error.sqlState {
        case .uniqueViolation: print("taken, says constraint \(error.server?.constraint ?? "?")")
        default: throw error
        }
    }
}

nonisolated(nonsending) func handlingInTransaction(_ client: PostgresClient, _ email: String) async throws {
    do {
        try await client.withTransaction { transaction in
            try await transaction.execute("INSERT INTO customer (email) VALUES (\(email))")
        }
    } catch {
        guard let error = error as? PostgresError, error.sqlState == .uniqueViolation else { throw error }
        print("taken, says constraint \(error.server?.constraint ?? "?")")
    }
}
