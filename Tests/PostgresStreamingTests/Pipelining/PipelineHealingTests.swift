import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Statements that are out of date, and names that mean nothing behind poolers.
@Suite(.timeLimit(.minutes(1))) struct PipelineHealingTests {
    private static let query: PostgresQuery = "SELECT * FROM changing"

    /// A connection that has a query for a table of its own prepared, and the table changed since.
    private func outdated(_ live: LiveServer) async throws -> sending PostgresConnection {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE changing (a int)")
        for _ in 1...3 { _ = try await connection.query(Self.query).collect() }
        try await connection.execute("ALTER TABLE changing ADD COLUMN b int DEFAULT 7")
        return connection
    }

    @Test(arguments: LiveServer.allCases)
    func `a statement that is out of date is prepared again where nothing had an effect`(_ live: LiveServer)
        async throws
    {
        for isolation in [PipelineIsolation.allOrNothing, .perStatement] {
            let connection = try await outdated(live)
            let columns = try await connection.withPipeline(isolation) { pipeline async throws in
                let insertion = try await pipeline.execute("INSERT INTO changing VALUES (1)")
                let rows = try await pipeline.query(Self.query)
                let columns = try await rows.rows().columns.map(\.name)
                #expect(try await insertion.commandTag()?.rows == 1)
                return columns
            }
            #expect(columns == ["a", "b"])
            #expect(try await connection.query("SELECT count(*) FROM changing").only().decode(Int.self) == 1)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a batch with a statement that is out of date comes through`(_ live: LiveServer) async throws {
        let connection = try await outdated(live)
        let results = try await connection.batch(["INSERT INTO changing VALUES (\(1))", Self.query, "SELECT 3"])
        #expect(results[1].columns.map(\.name) == ["a", "b"])
        #expect(results[1].rows.count == 1)
        #expect(results.map(\.outcome) == [.tookEffect, .tookEffect, .tookEffect])
    }

    @Test(arguments: LiveServer.allCases)
    func `what was told or is in a transaction is not taken back`(_ live: LiveServer) async throws {
        let connection = try await outdated(live)
        let error = await failure {
            try await connection.withPipeline { pipeline async throws in
                try await pipeline.execute("INSERT INTO changing VALUES (1)").commandTag()
                _ = try await pipeline.query(Self.query).rows()
            }
        }
        #expect(error?.code == .statementOutdated)
        let other = try await outdated(live)
        let within = await failure {
            try await other.withTransaction { transaction in
                try await transaction.withPipeline { pipeline async throws in
                    _ = try await pipeline.query(Self.query).rows()
                }
            }
        }
        #expect(within?.code == .statementOutdated)
        #expect(try await connection.query(Self.query).collect().isEmpty)
    }

    @Test func `pipelines work behind a transaction pooler`() async throws {
        let server = try await LiveServer.postgres15.server
        try await LivePooler.run(inFrontOf: server, PgBouncerOptions(poolMode: .transaction)) { pooler in
            var configuration = try PostgresConfiguration(connectionString: pooler.url())
            configuration.pooler = .transaction
            let client = PostgresClient(configuration)
            let name = "piped_\(UInt32.random(in: 0 ... .max))"
            try await client.execute("CREATE TABLE \(identifier: name) (n int)")
            for isolation in [PipelineIsolation.allOrNothing, .perStatement] {
                for _ in 1...3 {
                    try await client.withPipeline(isolation) { pipeline async throws in
                        for n in 1...10 { try await pipeline.execute("INSERT INTO \(identifier: name) VALUES (\(n))") }
                        #expect(try await pipeline.query("SELECT \(7)").rows().only().decode(Int.self) == 7)
                    }
                }
                let query: PostgresQuery = "INSERT INTO \(identifier: name) VALUES ($1)"
                #expect(try await client.executeMany(query, over: Array(1...1_000), isolation).rowCount == 1_000)
            }
            let count = try await client.query("SELECT count(*) FROM \(identifier: name)").only().decode(Int.self)
            #expect(count == 2_060)
            try await client.execute("DROP TABLE \(identifier: name)")
            _ = await client.close()
        }
    }
}
