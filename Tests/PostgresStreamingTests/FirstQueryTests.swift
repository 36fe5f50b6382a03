import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FirstQueryTests {
    @Test(arguments: LiveServer.allCases)
    func `a query binds its parameters and streams typed rows`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query("SELECT n, 'row ' || n FROM generate_series(1, \(3)) AS n")
        #expect(rows.columns.map(\.type) == [.int8, .text])
        var seen: [String] = []
        for try await (number, text) in rows.decode((Int, String).self) { seen.append("\(number): \(text)") }
        #expect(seen == ["1: row 1", "2: row 2", "3: row 3"])
        #expect(rows.commandTag?.rows == 3)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a value can never become SQL`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let hostile = "'; DROP TABLE pg_class; --"
        let query: PostgresQuery =
            "SELECT \(hostile)::text, \(identifier: "a\"b") FROM (SELECT 1 AS \"a\"\"b\") AS t"
        let row = try await connection.query(query).first()
        #expect(try row?.decode((String, Int).self) ?? ("", 0) == (hostile, 1))
    }

    @Test(arguments: LiveServer.allCases)
    func `ten thousand rows arrive once each and in order`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        var expected = 1
        for try await number in try await connection.query("SELECT generate_series(1, 10000)").decode(Int.self) {
            #expect(number == expected)
            expected += 1
        }
        #expect(expected == 10_001)
    }

    @Test(arguments: LiveServer.allCases)
    func `the same rows come by all views of a stream`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let query: PostgresQuery = "SELECT n, n * 0.5::float8 FROM generate_series(1, 5000) AS n"
        var sums = [0.0, 0, 0, 0]
        for try await row in try await connection.query(query) { sums[0] += try row.decode(column: 1, as: Double.self) }
        for try await (_, value) in try await connection.query(query).decode((Int, Double).self) { sums[1] += value }
        for try await pair in try await connection.query(query).decode(Pair.self) { sums[2] += pair.value }
        for try await chunk in try await connection.query(query).chunks {
            for position in 0..<chunk.count {
                var cells = chunk.cells(position)
                _ = try cells.next(Int.self)
                sums[3] += try cells.next(Double.self)
            }
        }
        #expect(sums == [6_251_250, 6_251_250, 6_251_250, 6_251_250])
    }

    @Test(arguments: LiveServer.allCases)
    func `rows that are kept stay whole while the stream goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let query: PostgresQuery = "SELECT n, repeat(chr(65 + n % 26), 100) FROM generate_series(1, 20000) AS n"
        let rows = try await connection.query(query).collect()
        #expect(rows.count == 20_000)
        for (index, row) in rows.enumerated() {
            let (number, text) = try row.decode((Int, String).self)
            #expect(number == index + 1)
            #expect(text == String(repeating: Character(Unicode.Scalar(UInt8(65 + number % 26))), count: 100))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the first row arrives before the query ends`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let holder = try await live.connect()
        try await holder.execute("SELECT pg_advisory_lock(1)")
        // The server itself gathers 8 KiB before it sends, so each row is longer than that. What is
        // left over of the first goes out with the second; the third waits for a lock.
        let rows = try await connection.query(
            """
            SELECT repeat('x', 9000), CASE n WHEN 3 THEN pg_advisory_lock(1)::text END
            FROM generate_series(1, 3) AS n
            """)
        var count = 0
        for try await row in rows {
            #expect(try row.decode(column: 0, as: String.self).utf8.count == 9000)
            count += 1
            if count == 1 { try await holder.execute("SELECT pg_advisory_unlock(1)") }
        }
        #expect(count == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `a row of several megabytes arrives whole`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query("SELECT repeat('y', n * 1000000) FROM generate_series(1, 5) AS n")
        var lengths: [Int] = []
        for try await text in rows.decode(String.self) { lengths.append(text.utf8.count) }
        #expect(lengths == [1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000])
    }

    @Test(arguments: LiveServer.allCases)
    func `a statement without rows has run when query returns`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE pet (name text)")
        let tag = try await connection.execute("INSERT INTO pet VALUES (\("cat")), (\("dog"))")
        #expect(tag?.description == "INSERT 0 2")
        #expect(tag?.rows == 2)
        let rows = try await connection.query("DELETE FROM pet")
        #expect(rows.columns.isEmpty)
        #expect(rows.commandTag?.rows == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows without columns and results without rows are counted right`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(try await connection.query("SELECT FROM generate_series(1, 100000)").collect().count == 100_000)
        #expect(try await connection.query("SELECT 1 WHERE false").collect().isEmpty)
        #expect(try await connection.query("").collect().isEmpty)
    }
}

private struct Pair: RowDecodable {
    let key: Int
    let value: Double

    init(row: inout RowCursor) throws(PostgresError) {
        key = try row.next()
        value = try row.next()
    }
}
