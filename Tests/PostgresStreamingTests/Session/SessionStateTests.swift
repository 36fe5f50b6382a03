import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a session tells by itself, and what is left in it, on real servers.
@Suite(.timeLimit(.minutes(1))) struct SessionStateTests {
    @Test(arguments: LiveServer.allCases)
    func `notices come also in the middle of a stream, and are bounded`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute(
            """
            CREATE FUNCTION pg_temp.tell(n int) RETURNS text LANGUAGE plpgsql AS
            'BEGIN RAISE NOTICE ''row %'', n; RETURN repeat(''x'', 9000); END'
            """)
        #expect(connection.takeNotices().isEmpty)
        let rows = try await connection.query("SELECT pg_temp.tell(n) FROM generate_series(1, 150) AS n")
        var iterator = rows.makeAsyncIterator()
        _ = try await iterator.next()
        let early = connection.takeNotices()
        #expect(early.first?.message == "row 1" && early.first?.severity == "NOTICE")
        while try await iterator.next() != nil {}
        let late = connection.takeNotices()
        #expect(late.last?.message == "row 150" && late.count <= 100)
        #expect(early.count + late.count + connection.lostNoticeCount == 150)
        #expect(connection.takeNotices().isEmpty)
    }

    @Test(arguments: LiveServer.allCases)
    func `parameters and the transaction's status are there to be asked for`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(connection.parameters["server_version"]?.hasPrefix("\(live.rawValue)") == true)
        #expect(connection.takeParameterChanges().isEmpty)
        try await connection.execute("SET TimeZone = 'Antarctica/Troll'")
        #expect(connection.parameters["TimeZone"] == "Antarctica/Troll")
        #expect(connection.takeParameterChanges().map(\.name) == ["TimeZone"])
        #expect(connection.transactionStatus == .idle)
        try await connection.execute("BEGIN")
        #expect(connection.transactionStatus == .inTransaction)
        _ = await failure { try await connection.execute("SELECT 1/0") }
        #expect(connection.transactionStatus == .failed)
        try await connection.execute("ROLLBACK")
        #expect(connection.transactionStatus == .idle)
    }

    @Test(arguments: LiveServer.allCases)
    func `what statements leave behind is known, and gone after a reset`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(try await connection.remains().isClean)
        for statement: PostgresQuery in [
            "SET work_mem = '5MB'", "SELECT pg_advisory_lock(815)", "CREATE TEMPORARY TABLE left_over (n int)",
            "LISTEN news", "DECLARE kept CURSOR WITH HOLD FOR SELECT 1", "BEGIN",
        ] { try await connection.execute(statement) }
        let remains = try await connection.remains()
        #expect(remains.settings == ["work_mem"] && remains.advisoryLockCount == 1)
        #expect(remains.temporaryRelationCount == 1 && remains.listeningChannelCount == 1)
        #expect(remains.heldCursorCount == 1 && remains.transactionStatus == .inTransaction && !remains.isClean)
        _ = await failure { try await connection.execute("SELECT 1/0") }
        try await connection.reset()
        #expect(try await connection.remains().isClean)
        #expect(connection.transactionStatus == .idle)
    }
}
