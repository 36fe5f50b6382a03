import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SimpleModeTests {
    @Test(arguments: LiveServer.allCases)
    func `text results decode to the same values as binary ones`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let query: PostgresQuery = """
            SELECT true, (-7)::int2, 2147483647, (-9223372036854775808)::int8, 1.5::float4, (0.1)::float8,
                'NaN'::float8, '-Infinity'::float8, 'h\u{E9}llo', '\\xdeadbeef'::bytea, NULL::int4, '{"a": 1}'::jsonb
            """
        for mode in [QueryMode.extended, .simple] {
            let row = try #require(try await connection.query(query, mode: mode).first())
            #expect(try row.decode(column: 0, as: Bool.self))
            #expect(try row.decode(column: 1, as: Int16.self) == -7)
            #expect(try row.decode(column: 2, as: Int32.self) == .max)
            #expect(try row.decode(column: 3, as: Int64.self) == .min)
            #expect(try row.decode(column: 4, as: Float.self) == 1.5)
            #expect(try row.decode(column: 5, as: Double.self) == 0.1)
            #expect(try row.decode(column: 6, as: Double.self).isNaN)
            #expect(try row.decode(column: 7, as: Double.self) == -.infinity)
            #expect(try row.decode(column: 8, as: String.self) == "h\u{E9}llo")
            #expect(try row.decode(column: 9, as: [UInt8].self) == [0xDE, 0xAD, 0xBE, 0xEF])
            #expect(try row.decode(column: 10, as: Int?.self) == nil)
            #expect(try row.decode(column: 11, as: String.self) == "{\"a\": 1}")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `several statements run in one string`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query(
            "CREATE TEMPORARY TABLE t (n int); INSERT INTO t VALUES (1), (2); SELECT n FROM t", mode: .simple)
        var seen: [Int] = []
        for try await number in rows.decode(Int.self) { seen.append(number) }
        #expect(seen == [1, 2])
    }

    @Test(arguments: LiveServer.allCases)
    func `a second set of rows is an error and never mixed into the first`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        var seen: [Int] = []
        let error = await #expect(throws: PostgresError.self) {
            for try await number in try await connection.query("SELECT 1; SELECT 2", mode: .simple).decode(Int.self) {
                seen.append(number)
            }
        }
        #expect(error?.code == .unsupported)
        #expect(seen == [1])
        #expect(try await connection.query("SELECT 3").first()?.decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `parameters are refused before anything is sent`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let error = await #expect(throws: PostgresError.self) {
            _ = try await connection.query("SELECT \(1)", mode: .simple)
        }
        #expect(error?.code == .unsupported)
        #expect(try await connection.query("SELECT 1", mode: .simple).first()?.decode(Int.self) == 1)
    }
}
