import PostgresStreaming

extension Verb {
    private static let patience = RetryPolicy { $0.timeout = .seconds(3) }

    /// What runs on a connection of a pool.
    static let pools: [Verb] = [
        Verb(
            "pooledQuery", ["PostgresClient.query(_:mode:options:)"],
            .client { client, _ in
                for _ in 1...2 { try expect(await client.query(query).decode((Int64, String).self).collect()) }
            }),
        Verb(
            "leftQuery", [],
            .client { client, _ in
                // The server sends what it has gathered, 8 KiB, and then it is silent until it is asked to cancel.
                let rows = try await client.query(
                    """
                    SELECT repeat('x', 4100) FROM generate_series(1, 3) UNION ALL SELECT '' FROM pg_sleep(60)
                    """)
                for try await row in rows {
                    try expect(row.decode(String.self).utf8.count, 4100)
                    break
                }
            }),
        Verb(
            "lease",
            [
                "PostgresClient.withConnection(_:)", "PostgresClient.withConnection(within:_:)",
                "PostgresClient.withConnection(label:timeout:_:)",
            ], .statement,
            .client { client, number in
                try await client.withConnection { connection async throws in
                    try await connection.execute("SET work_mem = '4321kB'")
                }
                try await client.withConnection(within: .seconds(1)) { connection async throws in
                    let value = try await connection.query("SHOW work_mem").only().decode(String.self)
                    try expect(value == "4321kB", false)
                }
                try await client.withConnection(label: "sweep", timeout: .seconds(1)) { connection async throws in
                    try expect(await connection.execute(insertion(number))?.rows, 1)
                }
            }),
        Verb(
            "pooledTransaction", ["PostgresClient.withTransaction(isolation:options:_:)"], .transaction,
            .client { client, number in
                try await client.withTransaction { transaction async throws in
                    try await transaction.execute(insertion(number))
                    try expect(await transaction.query("SELECT 42").only().decode(Int.self), 42)
                }
            }),
        Verb(
            "pooledPreparedTransaction",
            [
                "PostgresClient.prepareTransaction(as:isolation:options:_:)", "PostgresClient.commitPrepared(_:)",
                "PostgresClient.rollbackPrepared(_:)",
            ], .transaction,
            .client { client, number in
                try await client.prepareTransaction(as: "undone \(number)") { _ in }
                try await client.rollbackPrepared("undone \(number)")
                try await client.prepareTransaction(as: "pool \(number)") { transaction async throws in
                    try await transaction.execute(insertion(number))
                }
                try await client.commitPrepared("pool \(number)")
            }),
        Verb(
            "pooledRetryingTransaction", [], .transaction,
            .client { client, number in
                let options = TransactionOptions { $0.tracksCommit = true }
                try await client.withRetryingTransaction(options: options, retry: patience) {
                    transaction async throws in
                    try await transaction.execute(insertion(number))
                }
            }),
        Verb(
            "pooledLock", ["PostgresClient.withAdvisoryLock(_:mode:within:label:_:)"],
            .client { client, number in
                try await client.withAdvisoryLock(PostgresAdvisoryKey(number), within: .seconds(1)) {
                    connection async throws in
                    try expect(await connection.query("SELECT 42").only().decode(Int.self), 42)
                }
            }),
        Verb(
            "pooledEventLoop", ["PostgresClient.onEventLoop(_:)"],
            .client { client, _ in
                try expect(
                    await client.onEventLoop { client in
                        try await client.query(query).decode((Int64, String).self).collect()
                    })
            }),
        Verb(
            "reader",
            [
                "PostgresClient.position()", "PostgresReader.query(_:mode:options:)",
                "PostgresReader.withConnection(_:)", "PostgresReader.withConnection(within:_:)",
                "PostgresReader.withTransaction(isolation:options:_:)",
            ],
            .client { client, _ in
                let reader = try await client.reader(after: client.position())
                try expect(await reader.query(query).decode((Int64, String).self).collect())
                try await reader.withConnection { connection async throws in
                    try expect(await connection.query("SELECT 42").only().decode(Int.self), 42)
                }
                try await reader.withConnection(within: .seconds(1)) { connection async throws in
                    try expect(await connection.query("SELECT 43").only().decode(Int.self), 43)
                }
                try await reader.withTransaction { transaction async throws in
                    try expect(await transaction.query("SELECT 44").only().decode(Int.self), 44)
                }
            }),
    ]
}
