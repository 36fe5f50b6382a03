import FraiseWire
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// FraiseWire behind a real PgBouncer, which refuses to begin sessions read-only.
@Suite(.timeLimit(.minutes(2))) struct PoolerTests {
    private func configuration(
        _ pooler: PgBouncer, _ kind: PostgresConfiguration.Pooler?
    ) throws(PostgresError) -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: pooler.url(), environment: .none)
        configuration.pooler = kind
        return configuration
    }

    /// What a query that writes meets, if it meets anything.
    private func writing(_ client: FraiseClient) async throws -> PostgresError? {
        do {
            let query = try client.query("fraise.v_number").whereSQL("setval('fraise.written', 7) > 0").limit(1)
            _ = try await query.execute().collect()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (PgBouncerOptions.PoolMode.session, PostgresConfiguration.Pooler.session), (.transaction, .transaction),
    ])
    func `each query is a transaction that may only read`(
        mode: PgBouncerOptions.PoolMode, kind: PostgresConfiguration.Pooler
    ) async throws {
        _ = try await FraiseFixture.shared(.postgres15)
        let server = try await LiveServer.postgres15.server
        try await LivePooler.run(
            inFrontOf: server, PgBouncerOptions(poolMode: mode, settings: ["default_pool_size": "1"])
        ) { pooler in
            let client = FraiseClient(
                try configuration(pooler, kind), pool: PostgresPoolConfiguration { $0.connectionsMax = 1 })
            for _ in 1...3 {
                #expect(try await client.query("fraise.v_number").limit(100).execute().collect().count == 100)
                #expect(try await writing(client)?.sqlState == "25006")
                for try await _ in try await client.query("fraise.v_number").execute() { break }
                // Nor is one lost that is dropped before it was looked at.
                _ = try await client.query("fraise.v_number").execute()
            }
            // The only session of the pooler is free again each time, and no longer in a transaction.
            #expect(client.pool.statistics.opened == 1)
            #expect(try await client.pool.query("SHOW transaction_read_only").only().decode(String.self) == "off")
            await client.close()
        }
    }

    @Test func `a pooler that nobody spoke of is noticed when the client connects`() async throws {
        _ = try await FraiseFixture.shared(.postgres15)
        let server = try await LiveServer.postgres15.server
        try await LivePooler.run(inFrontOf: server, PgBouncerOptions(poolMode: .session)) { pooler in
            let client = try await FraiseClient.connect(configuration(pooler, nil))
            #expect(try await client.query("fraise.v_number").limit(100).execute().collect().count == 100)
            #expect(try await writing(client)?.sqlState == "25006")
            await client.close()

            // Who says that sessions may write is told that the parameter is refused, as by any other.
            var own = try configuration(pooler, nil)
            own.runtimeParameters["default_transaction_read_only"] = "off"
            do {
                _ = try await FraiseClient.connect(own)
                Issue.record("the parameter was not refused")
            } catch let error as PostgresError {
                #expect(error.message.contains("default_transaction_read_only"))
            }
        }
    }

    /// A value that cannot be sent.
    private struct Unsendable: PostgresEncodable {
        static var postgresType: PostgresType { .int4 }
        func encode(into bytes: inout [UInt8]) throws(PostgresError) { throw PostgresError(.parameterInvalid, "never") }
    }

    @Test func `a query that was never sent commits nothing of whoever gets its connection`() async throws {
        let pool = PostgresClient(
            try PostgresConfiguration(
                connectionString: await LiveServer.postgres15.server.url, environment: .none),
            pool: PostgresPoolConfiguration { $0.connectionsMax = 1 })
        try await pool.execute("DROP TABLE IF EXISTS fraise_undone")
        try await pool.execute("CREATE TABLE fraise_undone (id int)")
        let client = FraiseClient(on: pool, readsOnly: true)
        let query = try client.query("fraise_undone").whereSQL("id = \(Unsendable())")
        await #expect(throws: PostgresError.self) { _ = try await query.execute() }
        await #expect(throws: CancellationError.self) {
            try await pool.withTransaction { transaction in
                try await transaction.execute("INSERT INTO fraise_undone VALUES (1)")
                throw CancellationError()
            }
        }
        #expect(try await pool.query("SELECT count(*) FROM fraise_undone").only().decode(Int.self) == 0)
        #expect(pool.statistics.opened == 1)
        try await pool.execute("DROP TABLE fraise_undone")
        await pool.close()
    }
}
