import PostgresStreaming
import PostgresTestSupport
import Testing

/// Values of the standard library as parameters, and out of columns where they fit.
@Suite(.timeLimit(.minutes(1))) struct EverydayParameterTests {
    /// Sends a value and expects the server to have it by this type and text.
    private func check<Value: PostgresEncodable & Sendable>(
        _ value: Value, _ type: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for live in LiveServer.allCases {
            let query: PostgresQuery = "SELECT (\(value)::\(unsafeSQL: type))::text, \(value)::\(unsafeSQL: type)"
            try await live.inEveryWay(query) { row, way in
                let found = try row[0, as: String.self]
                #expect(found == text, "\(live) \(way)", sourceLocation: sourceLocation)
            }
            let prepared = try await live.connect().prepare(
                PostgresQuery(unsafeSQL: "SELECT ($1::\(type))::text"), parameters: Value.self)
            let row = try await prepared.query(value).only()
            #expect(try row[0, as: String.self] == text, "\(live) prepared", sourceLocation: sourceLocation)
        }
    }

    @Test func `integers of every width are sent`() async throws {
        try await check(Int8.min, "int2", "-128")
        try await check(UInt8.max, "int2", "255")
        try await check(UInt16.max, "int4", "65535")
        try await check(UInt32.max, "int8", "4294967295")
        try await check(UInt(5), "int8", "5")
        try await check(UInt(Int64.max), "int8", "9223372036854775807")
        try await check(UInt64.max, "xid8", "18446744073709551615")
        try await check([Int8(-1), 1], "int2[]", "{-1,1}")
        try await check([UInt8?(1), nil], "int2[]", "{1,NULL}")
        try await check([UInt16(1)], "int4[]", "{1}")
        try await check([UInt(1)], "int8[]", "{1}")
        try await check([UInt8(0), 255], "bytea", "\\x00ff")
    }

    @Test func `an unsigned integer beyond bigint is refused, and says as what it can be sent`() async throws {
        let error = failure { () throws(PostgresError) in try encode(UInt.max) }
        #expect(error?.code == .parameterInvalid)
        #expect(error?.message == "cannot encode UInt as bigint: the value is out of range")
        #expect(error?.hint == #"Have it declared as a wider type, as in \(value, as: .numeric)."#)
        let row = try await LiveServer.postgres18.connect().query("SELECT \(UInt.max, as: .numeric)::text").only()
        #expect(try row[0, as: String.self] == "18446744073709551615")
    }

    @Test func `parts of text are sent as text is`() async throws {
        let part = "a name, and more".prefix(6)
        try await check(part, "text", "a name")
        try await check([part, part.dropLast(5)], "text[]", #"{"a name",a}"#)
        try await check("2024-02-29T".dropLast(), "date", "2024-02-29")
        let tables = try await LiveServer.postgres15.connect().query(
            "SELECT count(*) FROM pg_class WHERE relname = \("pg_class.oid".prefix(8))")
        #expect(try await tables.decode(Int.self).only() == 1)
    }

    @Test func `sets are sent as arrays`() async throws {
        try await check(Set([7]), "int8[]", "{7}")
        try await check(Set<Int>(), "int8[]", "{}")
        try await check(Set([UInt8(7)]), "int2[]", "{7}")
        try await check(Set(["a b"]), "text[]", #"{"a b"}"#)
        try await check([Set([1]), Set([2])], "int8[]", "{{1},{2}}")
        for live in LiveServer.allCases {
            let wanted: Set = [3, 5, 900]
            let count = try await live.connect().query(
                "SELECT count(*) FROM generate_series(1, 6) AS n WHERE n = ANY(\(wanted))")
            #expect(try await count.decode(Int.self).only() == 2)
        }
        #expect(
            failure { () throws(PostgresError) in try encode([Set([1]), Set([1, 2])]) }?.code == .parameterInvalid)
    }

    @Test func `Swift's ranges are sent as ranges`() async throws {
        try await check(1..<5, "int8range", "[1,5)")
        try await check(3..<3, "int8range", "empty")
        try await check(1...5, "int8range", "[1,6)")
        try await check(5..., "int8range", "[5,)")
        try await check(..<5, "int8range", "(,5)")
        try await check(...5, "int8range", "(,6)")
        try await check(Int32(1)...5, "int4range", "[1,6)")
        try await check(PostgresNumeric(1)..<2, "numrange", "[1,2)")
        try await check(1.5...2.5, "numrange", "[1.5,2.5]")
        let day = try #require(PostgresDate("2024-02-28"))
        try await check(day...day, "daterange", "[2024-02-28,2024-02-29)")
        try await check([1..<2, 5..<9], "int8range[]", #"{"[1,2)","[5,9)"}"#)
    }

    @Test(arguments: LiveServer.allCases)
    func `a range of Int meets a range over integer, both ways`(_ live: LiveServer) async throws {
        let query: PostgresQuery = """
            SELECT r, r && \(PostgresRange(4..<6), as: .int4range), r @> \(1...2, as: .int4range)
            FROM (SELECT int4range(1, 5)) AS t(r)
            """
        try await live.inEveryWay(query) { row, _ in
            let (range, overlaps, contains) = try row.decode((PostgresRange<Int>, Bool, Bool).self)
            #expect(range == PostgresRange(1..<5) && overlaps && contains)
        }
        let connection = try await live.connect()
        let prepared = try await connection.prepare(
            "SELECT int4range(1, 5) && $1, int4multirange(int4range(1, 5))", parameters: Range<Int>.self,
            rows: (Bool, PostgresMultirange<Int>).self)
        let (overlaps, ranges) = try await prepared.query(4..<6).only()
        #expect(overlaps && ranges == PostgresMultirange([PostgresRange(1..<5)]))
        let text = try await connection.query("SELECT int4range(1, 5)", mode: .simple).decode(PostgresRange<Int>.self)
        #expect(try await text.only() == PostgresRange(1..<5))
        let error = failure { () throws(PostgresError) in try encode(1..<5_000_000_000, as: .int4range) }
        #expect(error?.message == "cannot encode Int as integer: the value is out of range")
    }

    @Test func `durations are sent as intervals of microseconds`() async throws {
        try await check(Duration.seconds(90_061), "interval", "25:01:01")
        try await check(Duration.microseconds(-1), "interval", "-00:00:00.000001")
        try await check([Duration.zero], "interval[]", "{00:00:00}")
        let error = failure { () throws(PostgresError) in try encode(Duration.nanoseconds(1_500)) }
        #expect(error?.code == .parameterInvalid)
        #expect(error?.hint == "Pass PostgresInterval(rounding:), which is the nearest one.")
        #expect(PostgresInterval(rounding: .nanoseconds(1_500)) == PostgresInterval(microseconds: 2))
        #expect(PostgresInterval(rounding: .nanoseconds(-1_500)) == PostgresInterval(microseconds: -2))
        #expect(PostgresInterval(rounding: .nanoseconds(-1_499)) == PostgresInterval(microseconds: -1))
        #expect(PostgresInterval(exactly: .nanoseconds(1_500)) == nil)
        #expect(PostgresInterval(rounding: .seconds(Int64.max)) == nil)
        #expect(failure { () throws(PostgresError) in try encode(Duration.seconds(Int64.max)) }?.hint == nil)
        let longest = PostgresInterval(days: .max, microseconds: .max)
        #expect(Duration(exactly: longest).map { $0 > .seconds(185_542_587_187_199) } == true)
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `an interval without months is a duration`(_ live: LiveServer, mode: QueryMode) async throws {
        let connection = try await live.connect()
        let values = try await connection.query(
            """
            SELECT '2024-03-01 12:00Z'::timestamptz - '2024-02-28 11:59:59.5Z', '-1 day 1 second'::interval,
                ARRAY['1 hour', NULL]::interval[]
            """, mode: mode
        ).decode((Duration, Duration, [Duration?]).self).only()
        #expect(values.0 == .seconds(2 * 86_400) + .milliseconds(500))
        #expect(values.1 == .seconds(-86_399))
        #expect(values.2 == [.seconds(3600), nil])
        let row = try await connection.query("SELECT '1 month'::interval AS time", mode: mode).only()
        let error = failure { () throws(PostgresError) in try row["time", as: Duration.self] }
        #expect(error?.code == .typeMismatch)
        #expect(error?.hint == "Decode into PostgresInterval, which keeps months, days and microseconds apart.")
        #expect(error?.decoding?.columnName == "time")
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `unsigned integers come out of columns whose value they have`(
        _ live: LiveServer, mode: QueryMode
    ) async throws {
        let connection = try await live.connect()
        let row = try await connection.query(
            """
            SELECT 255::int2 AS a, 65535::int4 AS b, 4294967295::int8 AS c, 9223372036854775807::int8 AS d, -1::int2 AS e,
                256::int2 AS f, '{0,NULL}'::int2[] AS g, 7::oid AS h, -5::int8 AS i
            """, mode: mode
        ).only()
        #expect(try row["a", as: UInt8.self] == 255)
        #expect(try row["b", as: UInt16.self] == 65_535)
        #expect(try row["c", as: UInt32.self] == 4_294_967_295)
        #expect(try row["d", as: UInt64.self] == UInt64(Int64.max))
        #expect(try row["d", as: UInt.self] == UInt(Int64.max))
        #expect(try row["e", as: Int8.self] == -1)
        #expect(try row["g", as: [UInt8?].self] == [0, nil])
        #expect(try row["h", as: UInt.self] == 7 && row["h", as: UInt32.self] == 7)
        for (name, error) in [
            ("smallint", failure { () throws(PostgresError) in try row["e", as: UInt8.self] }),
            ("smallint", failure { () throws(PostgresError) in try row["f", as: UInt8.self] }),
            ("bigint", failure { () throws(PostgresError) in try row["i", as: UInt.self] }),
            ("bigint", failure { () throws(PostgresError) in try row["d", as: UInt32.self] }),
        ] {
            #expect(error?.code == .typeMismatch)
            #expect(error?.message.contains("cannot decode \(name) into UInt") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("which has no such value") == true)
        }
        struct Small: Decodable, Equatable {
            let a: UInt8, b: UInt16, c: UInt32, d: UInt, e: Int8, f: UInt64?
        }
        let small = try row.decode(Small.self)
        #expect(small == Small(a: 255, b: 65_535, c: 4_294_967_295, d: UInt(Int64.max), e: -1, f: 256))
    }

    @Test(arguments: LiveServer.allCases)
    func `a value of which only is known that it is a parameter`(_ live: LiveServer) async throws {
        let values: [(any PostgresEncodable)?] = [1, "x", nil, true]
        let connection = try await live.connect()
        let row = try await connection.query(
            "SELECT \(values[0])::int8, \(values[1])::text, \(values[2])::text, \(values[3])::bool, \(values[0], as: .int4)"
        ).only()
        let found = try row.decode((Int, String, String?, Bool, Int32).self)
        #expect(found == (1, "x", nil, true, 1))
        let nothing: (any PostgresEncodable)? = nil
        let null = try await connection.query("SELECT \(nothing, as: .uuid)").only()
        #expect(null.columns[0].type == .uuid)
    }

    private enum Level: UInt8, PostgresDecodable, PostgresEncodable {
        case low = 1, high = 200
    }

    @Test(arguments: LiveServer.allCases)
    func `an enum over an unsigned integer is a value`(_ live: LiveServer) async throws {
        try await live.inEveryWay("SELECT \(Level.high)::int2, \([Level.low, .high])::int2[]") { row, _ in
            let (level, levels) = try row.decode((Level, [Level]).self)
            #expect(level == .high && levels == [.low, .high])
        }
    }
}
