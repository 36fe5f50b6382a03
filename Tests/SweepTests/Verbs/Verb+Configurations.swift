import PostgresStreaming

extension Verb {
    private static let patience = RetryPolicy { $0.timeout = .seconds(3) }

    /// What connects for itself.
    static let configurations: [Verb] = [
        Verb(
            "connect", ["PostgresConnection.connect(_:)"],
            .configuration { configuration, _ in
                let connection = try await PostgresConnection.connect(configuration)
                try expect(connection.transactionStatus, .idle)
                await connection.close()
            }),
        Verb(
            "scope",
            [
                "PostgresConnection.withConnection(_:_:)", "PostgresConfiguration.withConnection(_:)",
                "PostgresConnectionSource.withConnection(_:)",
            ], .statement,
            .configuration { configuration, number in
                try await PostgresConnection.withConnection(configuration) { connection async throws in
                    try expect(await connection.query(query).decode((Int64, String).self).collect())
                }
                try await configuration.withConnection { connection async throws in
                    try expect(await connection.execute(insertion(number))?.rows, 1)
                }
            }),
        Verb(
            "eventLoop", ["PostgresConnection.onEventLoop(_:)"],
            .configuration { configuration, _ in
                let rows = try await PostgresConnection.onEventLoop {
                    let connection = try await PostgresConnection.connect(configuration)
                    let rows = try await connection.query(query).decode((Int64, String).self).collect()
                    await connection.close()
                    return rows
                }
                try expect(rows)
            }),
        Verb(
            "retryingTransaction",
            [
                "PostgresConnectionSource.withRetryingTransaction(isolation:options:retry:_:)",
                "PostgresConfiguration.withConnection(within:_:)", "PostgresConnectionSource.withConnection(within:_:)",
            ], .transaction,
            .configuration { configuration, number in
                let options = TransactionOptions { $0.tracksCommit = true }
                try await configuration.withRetryingTransaction(options: options, retry: patience) {
                    transaction async throws in
                    try await transaction.execute(insertion(number))
                    try expect(await transaction.query("SELECT 42").only().decode(Int.self), 42)
                }
            }),
        Verb(
            "scopedClient", ["PostgresClient.withClient(_:pool:_:)", "PostgresClient.connect()"],
            .configuration { configuration, _ in
                try await PostgresClient.withClient(configuration, pool: Session.pool) { client async throws in
                    try await client.connect()
                    try expect(await client.query(query).decode((Int64, String).self).collect())
                }
            }),
        Verb(
            "runningClient", ["PostgresClient.run()", "PostgresClient.close()"],
            .configuration { configuration, _ in
                let client = PostgresClient(configuration, pool: Session.pool)
                try await withThrowingTaskGroup(of: Void.self) { group async throws in
                    group.addTask { await client.run() }
                    let rows: [(Int64, String)]
                    do {
                        rows = try await client.query(query).decode((Int64, String).self).collect()
                    } catch {
                        await client.close()
                        throw error
                    }
                    await client.close()
                    try await group.waitForAll()
                    try expect(rows)
                }
            }),
    ]
}
