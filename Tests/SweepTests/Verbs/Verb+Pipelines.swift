import PostgresStreaming

extension Verb {
    /// The ways to run many statements in one flight.
    static let pipelines: [Verb] = [
        Verb(
            "pipeline",
            [
                "PostgresConnection.withPipeline(_:options:_:)", "PostgresPipeline.query(_:options:)",
                "PostgresPipeline.execute(_:)", "PipelinedRows.rows()", "PipelinedCommand.commandTag()",
            ],
            .statement,
            .connection { connection, number in
                try await connection.withPipeline { pipeline async throws in
                    let before = try await pipeline.query(query)
                    let insertion = try await pipeline.execute(insertion(number))
                    let after = try await pipeline.query(query)
                    try expect(await before.rows().decode((Int64, String).self).collect())
                    try expect(await insertion.commandTag()?.rows, 1)
                    try expect(await after.rows().decode((Int64, String).self).collect())
                }
            }),
        Verb(
            "pipelineOfStatements", ["PostgresPipeline.flush()", "PostgresPipeline.sync()"], .statement,
            .connection { connection, number in
                try await connection.withPipeline(.perStatement) { pipeline async throws in
                    let failing = try await pipeline.execute("SELECT 1/0")
                    try await pipeline.flush()
                    let insertion = try await pipeline.execute(insertion(number))
                    try await pipeline.sync()
                    do {
                        try await failing.commandTag()
                    } catch {
                        guard (error as? PostgresError)?.sqlState == .divisionByZero else { throw error }
                    }
                    try expect(await insertion.commandTag()?.rows, 1)
                }
            }),
        Verb(
            "pipelineInTransaction", ["PostgresTransaction.withPipeline(_:options:_:)"], .transaction,
            .connection { connection, number in
                try await connection.withTransaction { transaction async throws in
                    try await transaction.withPipeline { pipeline async throws in
                        try await pipeline.execute(insertion(number))
                        let rows = try await pipeline.query(query)
                        try expect(await rows.rows().decode((Int64, String).self).collect())
                    }
                }
            }),
        Verb(
            "batch", ["PostgresPipelining.batch(_:_:options:)", "PostgresPipelining.withPipeline(_:options:_:)"],
            .statement,
            .connection { connection, number in
                let results = try await connection.batch([query, insertion(number), query])
                for index in [0, 2] {
                    var rows: [(Int64, String)] = []
                    for row in results[index].rows { rows.append(try row.decode((Int64, String).self)) }
                    try expect(rows)
                }
                try expect(results[1].commandTag?.rows, 1)
            }),
        Verb(
            "executeMany", ["PostgresPipelining.executeMany(_:over:_:options:progress:)"], .statement,
            .connection { connection, number in
                let result = try await connection.executeMany(
                    "INSERT INTO written VALUES ($1)", over: [number] as [Int64])
                try expect(result.rowCount, 1)
            }),
        Verb(
            "pipelineOfPool", ["PostgresClient.withPipeline(_:options:_:)"], .statement,
            .client { client, number in
                try await client.withPipeline { pipeline async throws in
                    try await pipeline.execute(insertion(number))
                    let rows = try await pipeline.query(query)
                    try expect(await rows.rows().decode((Int64, String).self).collect())
                }
            }),
    ]
}
