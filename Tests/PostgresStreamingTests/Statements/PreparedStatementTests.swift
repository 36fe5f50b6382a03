import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Statements that a program prepares itself, on real servers.
@Suite(.timeLimit(.minutes(1))) struct PreparedStatementTests {
    private func names(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.query("SELECT name FROM pg_prepared_statements", mode: .simple).decode(String.self)
            .collect()
    }

    @Test(arguments: LiveServer.allCases)
    func `it takes typed parameters, returns typed rows, and is closed when it is dropped`(
        _ live: LiveServer
    ) async throws {
        let connection = try await live.connect()
        do {
            let statement = try await connection.prepare(
                "SELECT n, 'row ' || n FROM generate_series(1, $1::int4) AS n WHERE n > $2",
                parameters: (Int, Int).self,
                rows: (Int, String).self)
            #expect(statement.description.parameterTypes == [.int4, .int4])
            #expect(statement.description.columns.map(\.type) == [.int4, .text])
            for _ in 1...2 {
                let rows = try await statement.query(3, 1).collect()
                #expect(rows.map(\.0) == [2, 3] && rows.map(\.1) == ["row 2", "row 3"])
            }
            #expect(try await statement.query(3, nil).collect().isEmpty)
            #expect(try await names(connection).count == 1)
            let write = try await connection.prepare(
                "CREATE TEMPORARY TABLE made AS SELECT generate_series(1, 3)", parameters: Void.self)
            #expect(try await write.execute()?.rows == 3)
        }
        try await connection.execute("SELECT 1", mode: .simple)
        try await connection.execute("SELECT 1")
        #expect(try await names(connection).isEmpty)
    }

    @Test(arguments: LiveServer.allCases)
    func `what does not fit is refused when it is prepared`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let count = await failure { try await connection.prepare("SELECT $1::int4", parameters: (Int, Int).self) }
        #expect(count?.code == .parameterInvalid)
        let columns = await failure {
            try await connection.prepare("SELECT 1, 2", parameters: Void.self, rows: (Int).self)
        }
        #expect(columns?.code == .columnMismatch)
        let type = await failure {
            try await connection.prepare("SELECT 'a'::text AS name", parameters: Void.self, rows: (Int?).self)
        }
        #expect(type?.code == .typeMismatch && type?.message.contains("\"name\"") == true)
        let value = await failure { try await connection.prepare("SELECT \(1)", parameters: Void.self) }
        #expect(value?.code == .queryInvalid)
        let syntax = await failure { try await connection.prepare("SELEC", parameters: Void.self) }
        #expect(syntax?.sqlState == .syntaxError)
        try await connection.execute("SELECT 1")
        #expect(try await names(connection).isEmpty)
    }

    @Test(arguments: LiveServer.allCases)
    func `a value that the server's type does not have is refused and nothing is sent`(_ live: LiveServer) async throws
    {
        let connection = try await live.connect()
        let statement = try await connection.prepare("SELECT $1::int2", parameters: Int.self, rows: Int.self)
        #expect(await failure { try await statement.query(70_000) }?.code == .parameterInvalid)
        #expect(try await statement.query(7).only() == 7)
    }

    @Test(arguments: LiveServer.allCases)
    func `it outlives changed tables and a reset session`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE changing (n int)")
        try await connection.execute("INSERT INTO changing VALUES (1)")
        let statement = try await connection.prepare("SELECT * FROM changing WHERE n = $1", parameters: Int.self)
        #expect(try await statement.query(1).collect().count == 1)
        try await connection.execute("ALTER TABLE changing ADD COLUMN m int")
        #expect(try await statement.query(1).columns.count == 2)
        try await connection.reset()
        try await connection.execute("CREATE TEMPORARY TABLE changing (n int)")
        #expect(try await statement.query(1).columns.count == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `it takes part in a transaction`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE noted (n int)")
        let note = try await connection.prepare("INSERT INTO noted VALUES ($1)", parameters: Int.self)
        try await connection.withTransaction { _ in try await note.execute(1) }
        _ = await failure {
            try await connection.withTransaction { _ in
                try await note.execute(2)
                throw PostgresError(.invalidState, "no")
            }
        }
        #expect(try await connection.query("SELECT n FROM noted").decode(Int.self).collect() == [1])
    }

    @Test(arguments: LiveServer.allCases)
    func `a statement is described and not run`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let description = try await connection.describe("SELECT 1/0 AS never, \("text")")
        #expect(description.parameterTypes == [.text])
        #expect(description.columns.map(\.name) == ["never", "?column?"])
        #expect(try await connection.describe("CREATE TEMPORARY TABLE never (n int)").columns.isEmpty)
        #expect(await failure { try await connection.describe("SELECT * FROM never") }?.sqlState == .undefinedTable)
    }

    @Test func `behind a transaction pooler it says why it cannot be`() async throws {
        var configuration = try PostgresConfiguration(connectionString: await LiveServer.postgres15.server.url)
        configuration.pooler = .transaction
        let connection = try await PostgresConnection.connect(configuration)
        #expect(await failure { try await connection.prepare("SELECT 1", parameters: Void.self) }?.code == .unsupported)
        #expect(await failure { try await connection.reset() }?.code == .unsupported)
        try await connection.execute("SELECT 1")
    }
}
