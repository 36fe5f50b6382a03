import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Rows of which one value comes in pieces.
@Suite(.timeLimit(.minutes(2))) struct LargeRowsTests {
    @Test(arguments: LiveServer.allCases)
    func `each value comes in pieces, with the columns around it`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for run in 1...4 {
            let rows = try await connection.query(
                """
                SELECT n::int8 AS id, repeat('x', n) AS name, convert_to(repeat('0123456789abcdef', n * 500), 'UTF8') AS body,
                    n * 2 AS twice, NULL::text AS nothing
                FROM generate_series(0, 9) n
                """, streaming: "body")
            var number = 0
            for try await row in rows {
                let (id, name) = try (row.leading["id", as: Int.self], row.leading["name", as: String.self])
                #expect(id == number && name == String(repeating: "x", count: number))
                let value = try #require(row.value)
                #expect(value.byteCount == 16 * 500 * number)
                var body: [UInt8] = []
                for try await piece in value {
                    #expect(piece.count > 0)
                    piece.append(to: &body)
                }
                #expect(body.elementsEqual(repeatElement("0123456789abcdef".utf8, count: 500 * number).joined()))
                let trailing = try await row.trailing()
                let (twice, nothing) = try (trailing[0, as: Int.self], trailing["nothing", as: String?.self])
                #expect(twice == number * 2 && nothing == nil)
                number += 1
            }
            #expect(number == 10, "run \(run)")
            #expect(rows.commandTag?.description == "SELECT 10" && rows.control.state == .completed)
            #expect(rows.statistics.rows == 10)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what is not read of a value is read past`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            "SELECT n, repeat('y', 100000) AS body, -n AS last FROM generate_series(1, 6) n", streaming: "body")
        var number = 0
        for try await row in rows {
            number += 1
            #expect(try row.leading.decode(column: 0, as: Int.self) == number)
            if number % 2 == 0 { for try await _ in row.value! { break } }
            if number % 3 == 0 {
                #expect(try await row.trailing().decode(column: 0, as: Int.self) == -number)
                // As often as one likes.
                #expect(try await row.trailing().decode(column: 0, as: Int.self) == -number)
                #expect(try await row.value!.collect().isEmpty)
            }
        }
        #expect(number == 6)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `NULL is no value, and an empty one has no pieces`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            "SELECT * FROM (VALUES (NULL::bytea, 1), (''::bytea, 2), ('\\x00'::bytea, 3)) AS t (body, id)",
            streaming: "body")
        var seen: [[UInt8]?] = []
        var last: [Int] = []
        for try await row in rows {
            #expect(row.leading.columns.isEmpty)
            seen.append(try await row.value?.collect())
            last.append(try await row.trailing().decode(column: "id"))
        }
        #expect(seen == [nil, [], [0]] && last == [1, 2, 3])
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `jsonb comes as its text, and text as characters that are whole`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let text = String(repeating: "aé€😀", count: 30_000)
        let rows = try await connection.query(
            "SELECT jsonb_build_object('t', \(text)::text) AS body UNION ALL SELECT to_jsonb(1)", streaming: "body")
        var texts: [String] = []
        for try await row in rows {
            var (joined, count) = ("", 0)
            for try await piece in row.value!.text { (joined, count) = (joined + piece, count + 1) }
            #expect(row.value!.byteCount == joined.utf8.count)
            texts.append(joined)
        }
        #expect(texts == ["{\"t\": \"\(text)\"}", "1"])
        let latin = try await connection.query("SELECT '\\xe9'::bytea AS body", streaming: "body")
        for try await row in latin {
            let error = await failure { for try await _ in row.value!.text {} }
            #expect(error?.code == .valueMalformed)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a long value is left with the connection usable, and a longer one with it closed`(
        server: LiveServer
    ) async throws {
        for (mebibytes, isUsable) in [(4, true), (64, false)] {
            let connection = try await server.connect()
            try await connection.withLargeRow(mebibytes) { row in
                for try await _ in row.value! { break }
            }
            if isUsable {
                #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
            } else {
                #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionLost)
            }
            await connection.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `memory stays at a few buffers however long the value is`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            "SELECT 1, convert_to(repeat('0123456789abcdef', 8 << 20), 'UTF8') AS body", streaming: "body",
            options: StreamOptions { $0.memoryMax = 2 << 20 })
        var count = 0
        for try await row in rows { for try await piece in row.value! { count += piece.count } }
        #expect(count == 128 << 20)
        #expect(rows.statistics.peakBytes <= 2 << 20)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a value is read in a transaction, from a pool, and while others are paused`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            try await transaction.execute("CREATE TEMPORARY TABLE document (id int8, body text) ON COMMIT DROP")
            try await transaction.execute("INSERT INTO document VALUES (1, repeat('z', 100000))")
            let rows = try await transaction.query("SELECT * FROM document", streaming: "body")
            for try await row in rows { #expect(try await row.value!.collect().count == 100_000) }
            #expect(try await transaction.query("SELECT 2").only().decode(Int.self) == 2)
        }
        await connection.close()
        let configuration = try await PostgresConfiguration(connectionString: server.server.url)
        try await PostgresClient.withClient(configuration) { client in
            let rows = try await client.query("SELECT repeat('z', 300000) AS body", streaming: "body")
            rows.control.pause()
            rows.control.resume()
            for try await row in rows { #expect(try await row.value!.collect().count == 300_000) }
            #expect(try await client.query("SELECT 3").only().decode(Int.self) == 3)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what cannot be done is refused`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for (query, column) in [
            ("SELECT 1 AS a", "b"), ("SELECT 1 AS a, 2 AS a", "a"), ("SET work_mem = '1MB'", "a"),
        ] as [(PostgresQuery, String)] {
            let error = await failure { _ = try await connection.query(query, streaming: column) }
            #expect(error?.code == .columnMismatch && error?.isConnectionUsable == true)
        }
        let missing = await failure { _ = try await connection.query("SELECT * FROM nowhere", streaming: "a") }
        #expect(missing?.sqlState == .undefinedTable)
        let rows = try await connection.query("SELECT n, 'v' AS v FROM generate_series(1, 2) n", streaming: "v")
        var iterator = rows.makeAsyncIterator()
        let first = try #require(try await iterator.next())
        #expect(try await iterator.next() != nil)
        #expect(await failure { _ = try await first.value!.collect() }?.code == .invalidState)
        #expect(await failure { _ = try await first.trailing() }?.code == .invalidState)
        #expect(try await iterator.next() == nil)
        let long = try await connection.query(
            "SELECT 'v' AS v", streaming: "v", options: StreamOptions { $0.valueBytesMax = 1 })
        for try await row in long {
            #expect(await failure { _ = try await row.value!.collect(bytesMax: 0) }?.code == .resultTooLarge)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the limit for one value holds before and after it`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for (before, after, isTooLong) in [(10, 10, false), (11, 1, true), (1, 11, true)] {
            let error = await failure {
                let rows = try await connection.query(
                    """
                    SELECT repeat('a', \(before)::int4) AS a, repeat('v', 9000) AS v, repeat('b', \(after)::int4) AS b
                    """, streaming: "v", options: StreamOptions { $0.valueBytesMax = 10 })
                for try await row in rows { _ = try await row.trailing() }
                if !isTooLong { throw PostgresError(.cancelled, "held") }
            }
            #expect(error?.code == (isTooLong ? .memoryLimitExceeded : .cancelled))
            #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the number of a transaction that is asked for is no row`(server: LiveServer) async throws {
        for isTraced in [false, true] {
            var configuration = try await PostgresConfiguration(connectionString: server.server.url)
            if isTraced { configuration.wireTrace = PostgresWireTrace { _ in } }
            let connection = try await PostgresConnection.connect(configuration)
            try await connection.execute("CREATE TEMPORARY TABLE document (id int8, body bytea)")
            for column in ["body", "id", "body"] {
                let options = TransactionOptions { $0.tracksCommit = true }
                try await connection.withTransaction(options: options) { transaction in
                    let rows = try await transaction.query(
                        "INSERT INTO document VALUES (1, '\\x0102') RETURNING id, body", streaming: column)
                    var count = 0
                    for try await _ in rows { count += 1 }
                    #expect(count == 1)
                }
            }
            await connection.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `an error in the middle of the result ends it, and the next query is whole again`(
        server: LiveServer
    ) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            "SELECT repeat('v', 20000) AS v, 1 / (3 - n) AS w FROM generate_series(1, 5) n", streaming: "v")
        var count = 0
        let error = await failure {
            for try await row in rows {
                _ = try await row.value!.collect()
                count += 1
            }
        }
        #expect(count == 2 && error?.sqlState == .divisionByZero && error?.isConnectionUsable == true)
        let whole = try await connection.query("SELECT repeat('v', 20000) AS v FROM generate_series(1, 5)").collect()
        #expect(whole.count == 5)
        await connection.close()
    }

    /// A value that is nothing but messages which would end the query, and what is around it.
    private static let disguised = BackendBytes().complete("SELECT 7").ready().message("D", [0, 1, 0, 0, 0, 0])
        .error("FATAL", "57P01", "gone").complete("SELECT 8").ready("E").bytes

    @Test func `a value cut anywhere is never taken for messages`() async throws {
        let columns =
            BackendBytes.int16(2) + BackendBytes.column("v", typeOID: 17, size: -1)
            + BackendBytes.column("n", typeOID: 20, size: 8)
        let description = BackendBytes().message("1").message("t", BackendBytes.int16(0)).message("T", columns).ready()
        let row: [[UInt8]?] = [Self.disguised, BackendBytes.int64(4)]
        let rows = BackendBytes().row(row).notice("between").row(row).complete("SELECT 2").ready().bytes
        let beginning = BackendBytes().message("1").message("2").message("T", columns).bytes
        let scripts = ByteSplits.all(of: rows).map { pieces -> [Step] in
            [
                .expectStartup, .send(BackendBytes.welcome), .expect("PDS"), .send(description.bytes), .expect("PBDES"),
                .send(beginning), .sendInPieces(pieces), .expectEnd,
            ]
        }
        try await ScriptedServer.run(scripts: scripts, on: .abstractUnix) { server in
            for place in scripts.indices {
                let connection = try await PostgresConnection.connect(server.url)
                let rows = try await connection.query("SELECT v, n FROM t", streaming: "v")
                var count = 0
                for try await row in rows {
                    count += 1
                    #expect(try await row.value!.collect() == Self.disguised, "cut \(place)")
                    #expect(try await row.trailing().decode(column: 0, as: Int.self) == 4, "cut \(place)")
                }
                #expect(count == 2 && rows.commandTag?.description == "SELECT 2", "cut \(place)")
                await connection.close()
            }
        }
    }

    @Test func `a value that is cut off is an error`() async throws {
        let server = try await LiveServer.postgres15.server
        let connection = try await PostgresConnection.connect(server.url)
        let processID = try await connection.processID()
        let rows = try await connection.query("SELECT repeat('0123456789abcdef', 6 << 20) AS body", streaming: "body")
        let other = try await PostgresConnection.connect(server.url)
        var count = 0
        let error = await failure {
            for try await row in rows {
                for try await piece in row.value! {
                    if count == 0 { try await other.execute("SELECT pg_terminate_backend(\(processID as Int)::int4)") }
                    count += piece.count
                }
            }
        }
        #expect(count < 96 << 20 && error?.isConnectionUsable == false)
        await connection.close()
        await other.close()
    }
}

extension PostgresConnection {
    /// Runs `body` with a row whose value is so long.
    fileprivate nonisolated(nonsending) func withLargeRow(
        _ mebibytes: Int, _ body: nonisolated(nonsending) (PostgresLargeRow) async throws -> Void
    ) async throws {
        let rows = try await query("SELECT repeat('x', \(mebibytes << 20 as Int)::int4) AS body", streaming: "body")
        for try await row in rows {
            try await body(row)
            break
        }
    }
}
