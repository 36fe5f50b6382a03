import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// A pool behind a real PgBouncer.
@Suite(.timeLimit(.minutes(1))) struct PooledPoolerTests {
    private func client(
        _ pooler: PgBouncer, _ kind: PostgresConfiguration.Pooler
    ) throws(PostgresError) -> PostgresClient {
        var configuration = try PostgresConfiguration(connectionString: pooler.url(), environment: .none)
        configuration.pooler = kind
        return PostgresClient(configuration, pool: PostgresPoolConfiguration { $0.connectionsMax = 2 })
    }

    @Test func `in session mode leases are reset as without it`() async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, PgBouncerOptions(poolMode: .session)
        ) { pooler in
            let client = try client(pooler, .session)
            try await client.withConnection { try await $0.execute("SET statement_timeout TO '7s'") }
            let timeout = try await client.query("SHOW statement_timeout").only().decode(String.self)
            #expect(timeout == "0")
            for number in 1...4 {
                #expect(try await client.query("SELECT \(number)").only().decode(Int.self) == number)
            }
            #expect(client.statistics.opened == 1)
            await client.close()
        }
    }

    @Test func `in transaction mode queries, streams and transactions work, and what cannot says why`() async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server,
            PgBouncerOptions(poolMode: .transaction, settings: ["default_pool_size": "1"])
        ) { pooler in
            let client = try client(pooler, .transaction)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 1...8 {
                    group.addTask {
                        for number in 1...10 {
                            let sum = try await client.withTransaction { transaction in
                                try await transaction.query("SELECT \(task) + \(number)").only().decode(Int.self)
                            }
                            #expect(sum == task + number)
                        }
                        for try await _ in try await client.query("SELECT generate_series(1, 100000)") { break }
                    }
                }
                try await group.waitForAll()
            }
            try await client.withConnection { connection in
                let reset = await failure(of: { try await connection.reset() })
                #expect(reset?.code == .unsupported && reset?.message.contains("transaction pooler") == true)
                let prepared = await failure(of: { try await connection.prepare("SELECT 1", parameters: Void.self) })
                #expect(prepared?.code == .unsupported && prepared?.message.contains("transaction pooler") == true)
            }
            await client.close()
        }
    }

    /// PgBouncer sets what its client asked for anew before each transaction, if the server says it in other words.
    @Test(arguments: [PostgresConfiguration.Pooler.session, .transaction])
    func `no DateStyle is sent where sessions change, so none is set with every transaction`(
        kind: PostgresConfiguration.Pooler
    ) async throws {
        let server = try await LiveServer.postgres15.startAnother { $0.configuration = ["log_statement": "all"] }
        try await LivePooler.run(inFrontOf: server, PgBouncerOptions(poolMode: .transaction)) { pooler in
            let client = try client(pooler, kind)
            for _ in 1...5 { try await client.execute("SELECT 'asked'", mode: .simple) }
            await client.close()
        }
        let settings = server.log.split(separator: "\n").filter {
            $0.contains("SET DateStyle") || $0.contains("DateStyle=")
        }
        #expect(settings.isEmpty == (kind == .transaction), "\(settings)")
        await server.stop()
    }
}
