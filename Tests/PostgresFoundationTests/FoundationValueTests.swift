import FoundationEssentials
import PostgresFoundation
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Foundation's types as values of Postgres, both ways, in binary and as text.
@Suite(.timeLimit(.minutes(2))) struct FoundationValueTests {
    /// Decodes what an expression gives, in both formats, and expects the same from both.
    private func decode<Value: PostgresDecodable & Equatable & Sendable>(
        _ expression: String, as type: Value.Type, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        var values: [Value] = []
        for live in LiveServer.allCases {
            let connection = try await live.connect()
            try await connection.execute("SET TIME ZONE 'Asia/Kathmandu'")
            for mode in [QueryMode.extended, .simple] {
                let rows = try await connection.query(PostgresQuery(unsafeSQL: "SELECT \(expression)"), mode: mode)
                values.append(try #require(try await rows.decode(Value.self).first()))
            }
        }
        let first = try #require(values.first)
        #expect(values.allSatisfy { $0 == first }, sourceLocation: sourceLocation)
        return first
    }

    private func failure<Value: PostgresDecodable & Sendable>(
        _ expression: String, as type: Value.Type, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PostgresError {
        let connection = try await LiveServer.postgres18.connect()
        var errors: [PostgresError] = []
        for mode in [QueryMode.extended, .simple] {
            let rows = try await connection.query(PostgresQuery(unsafeSQL: "SELECT \(expression) AS a"), mode: mode)
            do throws(PostgresError) {
                _ = try await rows.decode(Value.self).first()
                Issue.record("\(expression) became a \(Value.self)", sourceLocation: sourceLocation)
            } catch {
                errors.append(error)
            }
        }
        #expect(errors.first?.message == errors.last?.message, sourceLocation: sourceLocation)
        return try #require(errors.first, sourceLocation: sourceLocation)
    }

    /// Sends values and expects each back, with the text that the server has for it.
    private func roundTrip<Value: PostgresEncodable & PostgresDecodable & Equatable & Sendable>(
        _ values: [(Value, String)], cast: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for live in LiveServer.allCases {
            let connection = try await live.connect()
            try await connection.execute("SET TIME ZONE 'UTC'")
            for (value, text) in values {
                let rows = try await connection.query(
                    "SELECT \(value)\(unsafeSQL: cast), (\(value)\(unsafeSQL: cast))::text")
                let (back, shown) = try #require(try await rows.decode((Value, String).self).first())
                #expect(back == value, sourceLocation: sourceLocation)
                #expect(shown == text, sourceLocation: sourceLocation)
            }
            let array = values.map(\.0)
            let back = try await connection.query("SELECT \(array)\(unsafeSQL: cast.isEmpty ? "" : cast + "[]")")
                .decode([Value].self)
                .first()
            #expect(back == array, sourceLocation: sourceLocation)
        }
    }

    // MARK: Date

    @Test func `a Date is a point in time, to the microsecond`() async throws {
        try await roundTrip([
            (Date(timeIntervalSince1970: 0), "1970-01-01 00:00:00+00"),
            (Date(timeIntervalSince1970: 1_709_208_000.123456), "2024-02-29 12:00:00.123456+00"),
            (Date(timeIntervalSince1970: -0.000001), "1969-12-31 23:59:59.999999+00"),
            (Date(timeIntervalSinceReferenceDate: 0), "2001-01-01 00:00:00+00"),
            (Date(timeIntervalSince1970: -3_000_000_000), "1874-12-07 18:40:00+00"),
            (Date(timeIntervalSince1970: 250_000_000_000), "9892-03-08 12:26:40+00"),
        ])
        #expect(
            try await decode("'2024-02-29 12:00:00.5+05:45'::timestamptz", as: Date.self)
                == Date(timeIntervalSince1970: 1_709_187_300.5))
        #expect(try await decode("NULL::timestamptz", as: Date?.self) == nil)
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func `every microsecond of a lifetime comes back`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let moments = (0..<2000).map { _ in
            Int64.random(in: -3_000_000_000_000_000...4_200_000_000_000_000, using: &generator)
        }
        let connection = try await LiveServer.postgres18.connect()
        let times = moments.compactMap { PostgresTimestampTZ(microsecondsSince1970: $0) }
        let dates = try await connection.query("SELECT \(times)").decode([Date].self).first() ?? []
        #expect(dates.count == 2000)
        let back = try await connection.query("SELECT \(dates)").decode([PostgresTimestampTZ].self).first()
        #expect(back == times, "seed \(seed)")
    }

    @Test func `what is no point in time is no Date`() async throws {
        let infinite = try await failure("'infinity'::timestamptz", as: Date.self)
        #expect(infinite.code == .typeMismatch)
        #expect(infinite.hint == "Decode into PostgresTimestampTZ, which has infinities.")
        #expect(try await failure("'-infinity'::timestamptz", as: Date.self).code == .typeMismatch)
        let local = try await failure("'2024-02-29 12:00'::timestamp", as: Date.self)
        #expect(local.code == .typeMismatch)
        #expect(local.hint?.contains("AT TIME ZONE") == true)
        #expect(try await failure("'2024-02-29'::date", as: Date.self).hint == "Decode into PostgresDate.")
        #expect(try await failure("'2024-02-29'::text", as: Date.self).code == .typeMismatch)
        let connection = try await LiveServer.postgres15.connect()
        for date in [
            Date.distantPast - 1e12, Date(timeIntervalSince1970: 1e16), Date(timeIntervalSince1970: .infinity),
        ] {
            do throws(PostgresError) {
                try await connection.execute("SELECT \(date)")
                Issue.record("\(date) was sent")
            } catch {
                #expect(error.code == .parameterInvalid)
            }
        }
    }

    // MARK: UUID, Data, URL

    @Test func `a UUID keeps its bytes`() async throws {
        let text = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        let value = try #require(UUID(uuidString: text))
        try await roundTrip([
            (value, text),
            (
                try #require(UUID(uuidString: "00000000-0000-0000-0000-000000000000")),
                "00000000-0000-0000-0000-000000000000"
            ),
        ])
        #expect(try await decode("'\(text)'::uuid", as: UUID.self) == value)
        #expect(PostgresUUID(value).description == text)
        #expect(UUID(PostgresUUID(value)) == value)
        #expect(try await failure("'\(text)'::text", as: UUID.self).code == .typeMismatch)
        let random = (0..<100).map { _ in UUID() }
        let connection = try await LiveServer.postgres15.connect()
        #expect(try await connection.query("SELECT \(random)").decode([UUID].self).first() == random)
    }

    @Test func `Data is bytea`() async throws {
        let all = Data((0...255).map { UInt8($0) })
        try await roundTrip([(Data(), "\\x"), (Data([0, 0xFF]), "\\x00ff")])
        #expect(try await decode("decode('00ff', 'hex')", as: Data.self) == Data([0, 0xFF]))
        let connection = try await LiveServer.postgres18.connect()
        #expect(try await connection.query("SELECT \(all[3...])").decode(Data.self).first() == all[3...])
        #expect(try await failure("1", as: Data.self).message.hasPrefix("cannot decode integer into Data"))
    }

    @Test(arguments: LiveServer.allCases)
    func `Data is as good as an array of bytes, whatever the type`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let json = Data(#"{"a": 1}"#.utf8)
        let expressions = [
            (#"'{"a": 1}'::jsonb"#, json), (#"'{"a": 1}'::json"#, json), ("'x'::text", Data("x".utf8)),
            ("'x'::varchar", Data("x".utf8)), ("'<a/>'::xml", Data("<a/>".utf8)), ("'\\x00'::bytea", Data([0])),
        ]
        for mode in [QueryMode.extended, .simple] {
            for (expression, data) in expressions where live == .postgres15 || !expression.hasSuffix("xml") {
                let rows = try await connection.query(PostgresQuery(unsafeSQL: "SELECT \(expression)"), mode: mode)
                #expect(try await rows.decode(Data.self).only() == data, "\(expression) \(mode)")
            }
            let rows = try await connection.query(
                #"SELECT ARRAY['{"a": 1}', NULL]::jsonb[], ARRAY['x', 'y']::text[]"#, mode: mode)
            let (documents, texts) = try await rows.decode(([Data?], [Data]).self).only()
            #expect(documents == [json, nil] && texts == [Data("x".utf8), Data("y".utf8)])
        }
        let query: PostgresQuery = """
            SELECT \(json, as: .jsonb)->>'a', \(json, as: .json)->>'a', \(json, as: .text), \([json], as: .jsonbArray)
            """
        for _ in 1...2 {
            let row = try await connection.query(query).only()
            #expect(try row.decode((String, String, Data, [Data]).self) == ("1", "1", json, [json]))
        }
        let prepared = try await connection.prepare(
            "SELECT $1::jsonb->>'a', $2::text, $3::bytea, $4::jsonb[]", parameters: (Data, Data, Data, [Data]).self,
            rows: (String, Data, Data, [Data]).self)
        let row = try await prepared.query(json, json, json, [json]).only()
        #expect(row == ("1", json, json, [json]))
    }

    @Test func `a URL is text`() async throws {
        let value = try #require(URL(string: "https://db.example/a%20b?c=d&e=%F0%9F%98%80#f"))
        try await roundTrip([(value, value.absoluteString)], cast: "::text")
        #expect(try await decode("'\(value.absoluteString)'::varchar", as: URL.self) == value)
        #expect(try await failure("''::text", as: URL.self).code == .valueMalformed)
        #expect(try await failure("1", as: URL.self).message.hasPrefix("cannot decode integer into URL"))
    }

    // MARK: Decimal

    private static let largest = String(repeating: "9", count: 38)

    @Test func `a Decimal is exact`() async throws {
        let values = [
            "0", "1", "-1", "0.1", "-123456.789", "100", "12345678901234567890.12345678", Self.largest,
            "-" + Self.largest,
            "0." + String(repeating: "0", count: 89) + Self.largest, Self.largest + String(repeating: "0", count: 100),
            "0." + String(repeating: "0", count: 127) + "1", "1" + String(repeating: "0", count: 127), "9999.9999",
            "10000.0001",
        ]
        try await roundTrip(
            try values.map { text in
                let numeric = try #require(PostgresNumeric(text))
                return (try #require(Decimal(exactly: numeric)), text)
            })
        #expect(try await decode("1.50::numeric", as: Decimal.self) == Decimal(string: "1.5"))
        let connection = try await LiveServer.postgres18.connect()
        let nan = try await connection.query("SELECT \(Decimal.nan), (\(Decimal.nan))::text").decode(
            (Decimal, String).self
        ).first()
        #expect(try #require(nan).0.isNaN)
        #expect(try #require(nan).1 == "NaN")
    }

    @Test func `what a Decimal cannot hold is an error`() async throws {
        for text in [
            "1" + Self.largest, Self.largest + ".1", "1e128", "1e166", "1e-129", "1e1000", "'infinity'", "'-infinity'",
            "1e-16000",
            "1e131000",
        ] {
            let error = try await failure("\(text)::numeric", as: Decimal.self)
            #expect(error.code == .typeMismatch, "\(text)")
            #expect(error.hint == "Decode into PostgresNumeric.")
        }
        #expect(try await failure("1::int4", as: Decimal.self).code == .typeMismatch)
        #expect(try await failure("1::float8", as: Decimal.self).code == .typeMismatch)
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func `the server agrees about random decimals`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let texts = (0..<500).map { _ in
            let digits = (0..<Int.random(in: 1...38, using: &generator)).map { _ in
                "\(Int.random(in: 0...9, using: &generator))"
            }.joined()
            return
                "\(Bool.random(using: &generator) ? "-" : "")\(digits)e\(Int.random(in: -100...100, using: &generator))"
        }
        let connection = try await LiveServer.postgres15.connect()
        let rows = try await connection.query(
            "SELECT v::numeric, v::numeric FROM unnest(\(texts)::text[]) WITH ORDINALITY AS t(v, n) ORDER BY n")
        let pairs = try await rows.decode((PostgresNumeric, Decimal).self).collect()
        #expect(pairs.count == 500)
        let decimals = pairs.map(\.1)
        let back = try await connection.query("SELECT \(decimals)").decode([PostgresNumeric].self).first()
        #expect(back == pairs.map(\.0), "seed \(seed)")
    }

    @Test func `numbers are rounded to what a Decimal has`() async throws {
        func rounded(_ text: String) throws -> Decimal? { try Decimal(rounding: #require(PostgresNumeric(text))) }
        #expect(try rounded(Self.largest + ".5") == Decimal(string: "1" + String(repeating: "0", count: 38)))
        #expect(try rounded("-" + Self.largest + ".4") == Decimal(string: "-" + Self.largest))
        let third = "0." + String(repeating: "3", count: 60)
        #expect(try rounded(third) == Decimal(string: "0." + String(repeating: "3", count: 38)))
        #expect(try rounded("1e-200") == 0 && rounded("6e-129") == Decimal(string: "1e-128"))
        #expect(try rounded("1e200") == nil && Decimal(rounding: PostgresNumeric.infinity) == nil)
        #expect(try rounded("2.50") == 2.5)
        let row = try await LiveServer.postgres18.connect().query("SELECT 10::numeric / 3 AS a, 7::int4 AS b").only()
        #expect(try row["a", as: Decimal.self, .rounded] == Decimal(string: "3.3333333333333333"))
        #expect(try row["b", as: Decimal.self, .exact] == 7)
    }

    // MARK: points in time

    @Test func `a point in time goes to Date and back`() throws {
        let time = try #require(PostgresTimestampTZ("2024-02-29 12:00:00.123456+00"))
        let date = try #require(Date(time))
        #expect(date == Date(timeIntervalSince1970: 1_709_208_000.123456))
        #expect(PostgresTimestampTZ(date) == time)
        #expect(Date(PostgresTimestampTZ.infinity) == nil && Date(PostgresTimestampTZ.negativeInfinity) == nil)
        #expect(PostgresTimestampTZ(Date(timeIntervalSince1970: 1e16)) == nil)
        #expect(PostgresTimestampTZ(Date(timeIntervalSince1970: .nan)) == nil)
        #expect(PostgresTimestampTZ(Date(timeIntervalSince1970: 0.000_000_4))?.microsecondsSince1970 == 0)
    }

    // MARK: in a row

    @Test func `Decodable types have properties of all these types`() async throws {
        struct Entry: Decodable, Equatable {
            let id: UUID
            let createdAt: Date
            let paidAt: Date?
            let amount: Decimal
            let payload: Data
            let link: URL
            let tags: [UUID]
        }
        let id = UUID()
        let date = Date(timeIntervalSince1970: 1_700_000_000.25)
        for live in LiveServer.allCases {
            let connection = try await live.connect()
            let entry = try await connection.query(
                """
                SELECT \(id) AS id, \(date) AS created_at, \(null: .timestamptz) AS paid_at, \(Decimal(12.5)) AS amount,
                    \(Data([1, 2])) AS payload, 'https://db.example' AS link, \([id]) AS tags
                """
            ).decode(Entry.self).first()
            let link = try #require(URL(string: "https://db.example"))
            #expect(
                entry
                    == Entry(
                        id: id, createdAt: date, paidAt: nil, amount: 12.5, payload: Data([1, 2]), link: link,
                        tags: [id]))
        }
    }

    @Test func `values are sent as the type that they are given`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        try await connection.execute("BEGIN")
        try await connection.execute("CREATE DOMAIN foundation_amount AS numeric")
        try await connection.execute("CREATE DOMAIN foundation_key AS uuid")
        try await connection.execute("CREATE DOMAIN foundation_time AS timestamptz")
        let oids = try await connection.query(
            "SELECT oid FROM pg_type WHERE typname LIKE 'foundation\\_%' AND typtype = 'd' ORDER BY typname"
        ).decode(UInt32.self).collect().map(PostgresType.init(rawValue:))
        let id = UUID()
        let row = try await connection.query(
            """
            SELECT \(Decimal(1.5), as: oids[0])::text, \(id, as: oids[1])::text,
                \(Date(timeIntervalSince1970: 0), as: oids[2]) = 'epoch'::timestamptz
            """
        ).decode((String, String, Bool).self).first()
        #expect(try #require(row) == ("1.5", id.uuidString.lowercased(), true))
        try await connection.execute("ROLLBACK")
    }
}
