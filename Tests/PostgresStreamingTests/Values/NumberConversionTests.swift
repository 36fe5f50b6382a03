import PostgresStreaming
import PostgresTestSupport
import Testing

/// Numbers in columns of another type than the one they are wanted in.
@Suite(.timeLimit(.minutes(1))) struct NumberConversionTests {
    private static let numbers: PostgresQuery = """
        SELECT count(*) AS count, sum(n) AS sum, avg(n) AS mean, sum(n::float8) AS float, sum(n::float4) AS single,
            sum(NULL::int8) AS nothing, avg(n) / 3 AS third, 1e400::numeric AS huge, -2.5::numeric AS half,
            '{1.5,NULL}'::numeric[] AS list, 'x'::text AS text, '-0'::float8 AS zero, 'NaN'::numeric AS nan
        FROM generate_series(1::int8, 4) AS n
        """

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `a number is taken exactly or rounded where the row says so`(_ live: LiveServer, mode: QueryMode) async throws
    {
        let row = try await live.connect().query(Self.numbers, mode: mode).only()
        #expect(try row["count", as: Int32.self, .exact] == 4)
        #expect(try row["count", as: UInt8.self, .exact] == 4)
        #expect(try row["count", as: Double.self, .exact] == 4)
        #expect(try row["sum", as: Int.self, .exact] == 10)
        #expect(try row["sum", as: Int128.self, .exact] == 10)
        #expect(try row["mean", as: Double.self, .exact] == 2.5)
        #expect(try row["mean", as: Int.self, .rounded] == 3)
        #expect(try row["half", as: Int.self, .rounded] == -3)
        #expect(try row["float", as: Int.self, .exact] == 10)
        #expect(try row["float", as: Float.self, .exact] == 10)
        #expect(try row["single", as: PostgresNumeric.self, .exact] == 10)
        #expect(try row["nothing", as: Int?.self, .exact] == nil)
        #expect(try row["nothing", as: Double?.self, .rounded] == nil)
        #expect(try row["sum", as: Int?.self, .rounded] == 10)
        #expect(try row["third", as: Double.self, .rounded] == 2.5 / 3)
        #expect(try row[6, as: Float.self, .rounded] == Float(2.5) / 3)
        #expect(try row["zero", as: Double.self, .exact].sign == .minus)
        #expect(try row["nan", as: Double.self, .exact].isNaN)
        let list = try row["list", as: [Rounded<Double?>].self]
        #expect(list.map(\.value) == [1.5, nil])
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `what a type does not have is refused with what to write`(_ live: LiveServer, mode: QueryMode) async throws {
        let row = try await live.connect().query(Self.numbers, mode: mode).only()
        let errors: [(PostgresError?, String, String?)] = [
            (
                failure { () throws(PostgresError) in try row["mean", as: Int.self, .exact] },
                "cannot decode numeric into Int exactly: it has no such value",
                "Take the nearest one by Rounded<Int> or .rounded, or decode into PostgresNumeric."
            ),
            (
                failure { () throws(PostgresError) in try row["third", as: Double.self, .exact] },
                "cannot decode numeric into Double exactly: it has no such value",
                "Take the nearest one by Rounded<Double> or .rounded, or decode into PostgresNumeric."
            ),
            (
                failure { () throws(PostgresError) in try row["huge", as: Double.self, .rounded] },
                "cannot decode numeric into Double: the value is out of range", "Decode into PostgresNumeric."
            ),
            (
                failure { () throws(PostgresError) in try row["huge", as: Int.self, .rounded] },
                "cannot decode numeric into Int: the value is out of range", "Decode into PostgresNumeric."
            ),
            (
                failure { () throws(PostgresError) in try row["nothing", as: Int.self, .rounded] },
                "cannot decode NULL into Int", "Decode into an optional."
            ),
            (
                failure { () throws(PostgresError) in try row["text", as: Int.self, .rounded] },
                "cannot decode text into Int", "Decode into String, or cast the column in SQL (::int8)."
            ),
            (
                failure { () throws(PostgresError) in try row["missing", as: Int.self, .rounded] },
                #"the row has no column "missing""#, nil
            ),
        ]
        for (error, message, hint) in errors {
            #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "") is not \(message)")
            if let hint { #expect(error?.hint == hint) }
        }
    }

    private struct Sales: Decodable, Equatable {
        @Exact var count: Int32
        @Rounded var mean: Double
        @Rounded var third: Float?
        @Exact var nothing: Int?
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `conversions are wrappers in tuples and in Decodable types`(_ live: LiveServer, mode: QueryMode) async throws {
        let connection = try await live.connect()
        let sales = try await connection.query(Self.numbers, mode: mode).decode(Sales.self).only()
        #expect(sales.count == 4 && sales.mean == 2.5 && sales.third == Float(2.5) / 3 && sales.nothing == nil)
        let rows = try await connection.query("SELECT count(*), avg(n) FROM generate_series(1, 2) n", mode: mode)
        let (count, mean) = try await rows.decode((Exact<Int16>, Rounded<Float>).self).only()
        #expect(count.value == 2 && mean.value == 1.5)
        let prepared = try await connection.prepare(
            "SELECT avg(n) FROM generate_series(1, $1) n", parameters: Int.self, rows: (Rounded<Double>).self)
        #expect(try await prepared.query(2).only().value == 1.5)
    }

    @Test func `a statement whose column is no number is refused when it is prepared`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        do throws(PostgresError) {
            _ = try await connection.prepare("SELECT now()", parameters: Void.self, rows: (Rounded<Double>).self)
            Issue.record("prepared")
        } catch {
            #expect(error.code == .typeMismatch && error.hint == "Decode into PostgresTimestampTZ.")
        }
    }

    @Test func `rounding goes to the nearest, halves away from zero`() throws {
        for (text, number) in [
            ("0.5", 1), ("-0.5", -1), ("0.4999", 0), ("-0.4999", 0), ("2.5", 3), ("9999.5", 10_000), ("0.00004", 0),
            ("12345.678", 12_346), ("-99999999.5", -100_000_000), ("7", 7), ("0", 0), ("1e-50", 0),
        ] { #expect(try Int(rounding: #require(PostgresNumeric(text))) == number, "\(text)") }
        #expect(Int8(rounding: PostgresNumeric(128)) == nil && Int(rounding: PostgresNumeric.nan) == nil)
        #expect(try Int8(rounding: #require(PostgresNumeric("-128.4"))) == -128)
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func `every Double is the number that it is, exactly`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let special: [Double] = [
            0.1, -0.1, 1, 0.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .leastNormalMagnitude, 1e22, 1e23,
            2e-3,
            9_007_199_254_740_992, 123_456.75,
        ]
        let random = (0..<2_000).map { _ in Double(bitPattern: .random(in: 0 ... .max, using: &generator)) }
        for value in special + random where value.isFinite {
            let bytes = try encode(value).bytes
            let exact: Exact<PostgresNumeric> = try decode(bytes, .float8)
            #expect(Double(exact.value) == value && Double(exactly: exact.value) == value, "\(value), seed \(seed)")
            let digits = exact.value.description.split(separator: ".")
            #expect(digits.count == 1 || digits[1].last != "0", "\(value), seed \(seed)")
        }
        let tenth: Exact<PostgresNumeric> = try decode(encode(0.1).bytes, .float8)
        #expect(tenth.value.description == "0.1000000000000000055511151231257827021181583404541015625")
    }

    @Test func `a Float is rounded once`() throws {
        // By way of a Double, which is half-way between two Floats, it would become 1.
        let text = "1.00000005960464477540"
        #expect(try Float(rounding: #require(PostgresNumeric(text))) == Float(1).nextUp)
        #expect(Float(rounding: PostgresNumeric.infinity) == .infinity)
        #expect(try Float(rounding: #require(PostgresNumeric("1e39"))) == nil)
        #expect(try Float(exactly: #require(PostgresNumeric("0.1"))) == nil)
    }
}
