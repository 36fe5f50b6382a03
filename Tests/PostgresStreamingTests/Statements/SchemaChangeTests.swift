import PostgresStreaming
import PostgresTestSupport
import Testing

/// What becomes of a statement that is kept when the schema changes under it, on real servers.
@Suite(.timeLimit(.minutes(1))) struct SchemaChangeTests {
    /// A table of its own, and a connection that has a query for it prepared.
    private func prepared(_ live: LiveServer) async throws -> PostgresConnection {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE changing (a int, b int)")
        try await connection.execute("INSERT INTO changing VALUES (1, 2)")
        for _ in 1...3 { #expect(try await columns(of: connection) == ["a", "b"]) }
        #expect(try await keptCount(connection) == 1)
        return connection
    }

    private func columns(of connection: PostgresConnection) async throws -> [String] {
        let rows = try await connection.query("SELECT * FROM changing")
        let columns = rows.columns.map(\.name)
        for try await row in rows { #expect(try row.decode(column: 0, as: Int.self) == 1) }
        return columns
    }

    private func keptCount(_ connection: PostgresConnection) async throws -> Int? {
        try await connection.query(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM changing%' AND name <> ''",
            mode: .simple
        ).first()?.decode(Int.self)
    }

    @Test(arguments: LiveServer.allCases)
    func `a changed table is noticed and the statement prepared anew`(_ live: LiveServer) async throws {
        let connection = try await prepared(live)
        try await connection.execute("ALTER TABLE changing ADD COLUMN c text")
        for _ in 1...3 { #expect(try await columns(of: connection) == ["a", "b", "c"]) }
        try await connection.execute("ALTER TABLE changing ALTER COLUMN b TYPE text")
        for _ in 1...3 { #expect(try await columns(of: connection) == ["a", "b", "c"]) }
        #expect(try await keptCount(connection) == 1, "the statements that are out of date were closed")
    }

    @Test(arguments: LiveServer.allCases)
    func `a table that is made anew is noticed`(_ live: LiveServer) async throws {
        let connection = try await prepared(live)
        try await connection.execute("DROP TABLE changing")
        #expect(await failure { try await columns(of: connection) }?.sqlState == .undefinedTable)
        try await connection.execute("CREATE TEMPORARY TABLE changing (a int8)")
        try await connection.execute("INSERT INTO changing VALUES (1)")
        for _ in 1...3 { #expect(try await columns(of: connection) == ["a"]) }
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction a changed table is a clear error, and the next attempt works`(
        _ live: LiveServer
    ) async throws {
        let connection = try await prepared(live)
        try await connection.execute("ALTER TABLE changing ADD COLUMN c text")
        try await connection.execute("BEGIN")
        let error = await failure { try await columns(of: connection) }
        #expect(error?.code == .statementOutdated && error?.sqlState == .featureNotSupported)
        #expect(error?.isRetrySafe == true && error?.isConnectionUsable == true)
        try await connection.execute("ROLLBACK")
        try await connection.execute("BEGIN")
        #expect(try await columns(of: connection) == ["a", "b", "c"])
        try await connection.execute("COMMIT")
    }

    @Test(arguments: LiveServer.allCases)
    func `statements that somebody took away are prepared anew`(_ live: LiveServer) async throws {
        let connection = try await prepared(live)
        // Nothing tells the client of this.
        try await connection.execute("DO 'BEGIN EXECUTE ''DEALLOCATE ALL''; END'")
        for _ in 1...3 { #expect(try await columns(of: connection) == ["a", "b"]) }
        #expect(try await keptCount(connection) == 1)
        try await connection.execute("DISCARD ALL")
        try await connection.execute("CREATE TEMPORARY TABLE changing (a int, b int)")
        for _ in 1...3 { #expect(try await columns(of: connection) == ["a", "b"]) }
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction a statement that is gone is a clear error, and the next attempt works`(
        _ live: LiveServer
    ) async throws {
        let connection = try await prepared(live)
        try await connection.execute("BEGIN")
        try await connection.execute("DO 'BEGIN EXECUTE ''DEALLOCATE ALL''; END'")
        let error = await failure { try await columns(of: connection) }
        #expect(error?.code == .statementOutdated && error?.sqlState == .invalidSQLStatementName)
        try await connection.execute("ROLLBACK")
        #expect(try await columns(of: connection) == ["a", "b"])
    }

    @Test(arguments: LiveServer.allCases)
    func `an error of a value does not cost the statement`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let query = { (text: String) -> PostgresQuery in "SELECT 'kept once', \(text)::text::int" }
        for _ in 1...3 { _ = try await connection.query(query("1")).first() }
        #expect(await failure { try await connection.query(query("x")).first() }?.code == .server)
        _ = try await connection.query(query("2")).first()
        let count = try await connection.query(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%kept once%' AND name <> ''",
            mode: .simple
        ).first()?.decode(Int.self)
        #expect(count == 1)
    }
}
