import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// The first row of a result, and what becomes of the rest.
@Suite(.timeLimit(.minutes(1))) struct FirstRowTests {
    private static let long: PostgresQuery = "SELECT n, repeat('x', 1000) FROM generate_series(1, 100000) AS n"

    @Test(arguments: LiveServer.allCases)
    func `a transaction goes on after the first row of a long result`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction async throws in
            #expect(try await transaction.query(Self.long).first()?.decode((Int32, String).self).0 == 1)
            #expect(try await transaction.query(Self.long).decode((Int32, String).self).first()?.0 == 1)
            #expect(try await transaction.query("SELECT 2").only().decode(Int.self) == 2)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what a writing statement fails with after its first row is thrown`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute(
            "CREATE TEMPORARY TABLE part (id int UNIQUE DEFERRABLE INITIALLY DEFERRED, filling text)")
        let insert: PostgresQuery = "INSERT INTO part VALUES (1, ''), (1, '') RETURNING id"
        for _ in 0..<3 {
            let error = await failure(of: { try await connection.query(insert).first() })
            #expect(error?.sqlState == .uniqueViolation && error?.isConnectionUsable == true)
            let decoded = await failure(of: { try await connection.query(insert).decode(Int.self).first() })
            #expect(decoded?.sqlState == .uniqueViolation)
        }
        #expect(try await connection.query("SELECT count(*) FROM part").only().decode(Int.self) == 0)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a writing statement is done whole, however many rows it returns`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE log (id int, filling text)")
        let first = try await connection.query(
            "INSERT INTO log SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n RETURNING id, filling"
        ).decode((Int32, String).self).first()
        #expect(first?.0 == 1)
        #expect(try await connection.query("SELECT count(*) FROM log").only().decode(Int.self) == 20_000)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the rest of an endless result is left, outside of transactions at once`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let endless: PostgresQuery = "SELECT generate_series(1, 100000000000)"
        let time = try await ContinuousClock().measure { () async throws in
            #expect(try await connection.query(endless).decode(Int.self).first() == 1)
            #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
        }
        #expect(time < .seconds(4))
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a query's own limit holds while the rest is read`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let options = StreamOptions { $0.timeout = .milliseconds(200) }
        let error = await failure(of: {
            try await connection.withTransaction { transaction in
                try await transaction.query("SELECT generate_series(1, 100000000000)", options: options).first()
            }
        })
        #expect(error?.code == .queryTimedOut)
        try await connection.expectUsable()
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a writing statement in simple mode is done whole as well`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE log (id int, filling text)")
        let rows = try await connection.query(
            "INSERT INTO log SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n RETURNING id",
            mode: .simple)
        #expect(try await rows.first()?.decode(Int32.self) == 1)
        #expect(try await connection.query("SELECT count(*) FROM log").only().decode(Int.self) == 20_000)
        await connection.close()
    }

    @Test func `a connection is not touched after it went back to its pool`() async throws {
        let client = try await PostgresClient(
            PostgresConfiguration(connectionString: LiveServer.postgres15.server.url, environment: .none),
            pool: PostgresPoolConfiguration { $0.connectionsMax = 1 })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    for turn in 0..<200 {
                        let query: PostgresQuery = "SELECT \(number * 1000 + turn), generate_series(1, 3)"
                        let row = try await client.query(query).decode((Int, Int32).self).first()
                        #expect(row?.0 == number * 1000 + turn)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }
}
