import PostgresStreaming
import PostgresTestSupport
import Testing

/// What is made of results besides streaming them, on real servers.
@Suite(.timeLimit(.minutes(1))) struct ResultTests {
    @Test(arguments: LiveServer.allCases)
    func `several statements are a sequence of results`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let results = try await connection.results(
            of: """
                SELECT generate_series(1, 3); CREATE TEMPORARY TABLE made (n int); INSERT INTO made VALUES (1), (2);
                SELECT 'a', 'b'; SELECT generate_series(1, 100000); SELECT 7
                """)
        var seen: [String] = []
        for try await rows in results {
            switch seen.count {
            case 0: seen.append("\(try await rows.decode(Int.self).collect())")
            case 1, 2: seen.append(rows.commandTag?.description ?? "")
            case 3: seen.append(try await rows.only().decode((String, String).self).1)
            // Neither the first row nor any other has to be read.
            case 4: seen.append("\(try await rows.first()?.decode(Int.self) ?? 0)")
            default: seen.append("\(try await rows.only().decode(Int.self))")
            }
        }
        #expect(seen == ["[1, 2, 3]", "CREATE TABLE", "INSERT 0 2", "b", "1", "7"])
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error among several statements comes in its place, and undoes those before`(_ live: LiveServer)
        async throws
    {
        let connection = try await live.connect()
        let results = try await connection.results(
            of: "CREATE TEMPORARY TABLE made (n int); SELECT 1; SELECT 1/0; SELECT 2")
        var iterator = results.makeAsyncIterator()
        #expect(try await iterator.next()?.commandTag?.description == "CREATE TABLE")
        #expect(try await iterator.next()?.only().decode(Int.self) == 1)
        let error = await failure { try await iterator.next()?.collect() }
        #expect(error?.sqlState == .divisionByZero)
        #expect(try await iterator.next()?.columns == nil)
        #expect(await failure { try await connection.execute("SELECT * FROM made") }?.sqlState == .undefinedTable)
    }

    @Test(arguments: LiveServer.allCases)
    func `results that are left are cancelled and the connection goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for try await _ in try await connection.results(of: "SELECT 1; SELECT generate_series(1, 10000000)") { break }
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
        do {
            let results = try await connection.results(of: "SELECT 1; SELECT pg_sleep(60)")
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionBusy)
            _ = results
        }
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `what is collected is limited in rows and bytes`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let query: PostgresQuery = "SELECT repeat('x', 100) FROM generate_series(1, 1000)"
        #expect(try await connection.query(query).collect(rowsMax: 1000, bytesMax: 200_000).count == 1000)
        let rows = await failure { try await connection.query(query).collect(rowsMax: 999) }
        #expect(rows?.code == .resultTooLarge && rows?.isConnectionUsable == true)
        #expect(await failure { try await connection.query(query).collect(bytesMax: 99_999) }?.code == .resultTooLarge)
        let strings = await failure { try await connection.query(query).decode(String.self).collect(rowsMax: 5) }
        #expect(strings?.code == .resultTooLarge)
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `one row is one row`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
        #expect(try await connection.query("SELECT 3 WHERE false").onlyOrNone() == nil)
        #expect(
            await failure { try await connection.query("SELECT 3 WHERE false").only() }?.code == .unexpectedRowCount)
        let two = await failure { try await connection.query("SELECT generate_series(1, 2)").only() }
        #expect(two?.code == .unexpectedRowCount)
        let many = await failure { try await connection.query("SELECT generate_series(1, 1000000)").only() }
        #expect(many?.code == .unexpectedRowCount)
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `a statement says what it did and how many rows it touched`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(try await connection.execute("CREATE TEMPORARY TABLE made (n int)")?.rows == nil)
        #expect(
            try await connection.execute("INSERT INTO made SELECT generate_series(1, 5)")?.description == "INSERT 0 5")
        for number in 1...4 { #expect(try await connection.execute("DELETE FROM made WHERE n = \(number)")?.rows == 1) }
        #expect(try await connection.execute("")?.rows == nil)
        #expect(try await connection.query("SELECT n FROM made").columns.map(\.name) == ["n"])
    }

    @Test(arguments: LiveServer.allCases)
    func `a file of statements is executed whole, whatever rows they return`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let tag = try await connection.execute(
            """
            CREATE TEMPORARY TABLE piece (id int);
            SELECT set_config('search_path', 'pg_temp', false);
            INSERT INTO piece SELECT generate_series(1, 2000);
            SELECT id, id FROM piece;
            DELETE FROM piece WHERE id > 10
            """, mode: .simple)
        #expect(tag?.rows == 1990)
        #expect(try await connection.query("SELECT count(*) FROM piece").only().decode(Int.self) == 10)
        let error = await failure(of: {
            try await connection.execute("SELECT 1; SELECT 1 / 0; SELECT 2", mode: .simple)
        })
        #expect(error?.sqlState == .divisionByZero)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a transaction runs several statements, and is undone with them`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE step (id int)")
        try await connection.withTransaction { transaction in
            var counts: [Int] = []
            let results = try await transaction.results(
                of: "INSERT INTO step VALUES (1); SELECT 1; SELECT 1 UNION ALL SELECT 2")
            for try await rows in results { counts.append(try await rows.collect().count) }
            #expect(counts == [0, 1, 2])
            #expect(try await transaction.query("SELECT count(*) FROM step").only().decode(Int.self) == 1)
        }
        let error = await failure(of: {
            try await connection.withTransaction { transaction in
                for try await rows in try await transaction.results(of: "INSERT INTO step VALUES (2); SELECT 1 / 0") {
                    _ = try await rows.collect()
                }
            }
        })
        #expect(error?.sqlState == .divisionByZero)
        #expect(try await connection.query("SELECT count(*) FROM step").only().decode(Int.self) == 1)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a result that was left for the next one reads nothing of it`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let results = try await connection.results(of: "SELECT generate_series(1, 3); SELECT 4; SELECT 5")
        var iterator = results.makeAsyncIterator()
        let first = try await iterator.next()
        let second = try await iterator.next()
        let error = await failure(of: { try await first?.collect() })
        #expect(error?.code == .invalidState && error?.isConnectionUsable == true)
        #expect(try await second?.only().decode(Int32.self) == 4)
        #expect(try await iterator.next()?.only().decode(Int32.self) == 5)
        #expect(try await iterator.next()?.columns == nil)
        #expect(await failure(of: { try await first?.collect() })?.code == .invalidState)
        #expect(try await connection.query("SELECT 6").only().decode(Int32.self) == 6)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the limits of a result hold also where the one before was left`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let options = StreamOptions { $0.idleTimeout = .milliseconds(300) }
        let results = try await connection.results(
            of:
                "SELECT repeat('x', 9000) FROM generate_series(1, 3); SELECT repeat('x', 9000) UNION ALL SELECT pg_sleep(60)::text",
            options: options)
        var iterator = results.makeAsyncIterator()
        var rows = try await iterator.next()
        rows = try await iterator.next()
        #expect(await failure(of: { try await rows?.collect() })?.code == .queryTimedOut)
        await connection.close()
    }
}
