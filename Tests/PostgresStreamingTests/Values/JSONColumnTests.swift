import JSONTape
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Values that are JSON documents in Postgres, out of columns and as parameters.
@Suite(.timeLimit(.minutes(1))) struct JSONColumnTests {
    private struct Item: Codable, Equatable, Hashable {
        let name: String
        var prices: [Double] = []
    }

    private struct Order: Codable, Equatable, Hashable {
        let id: Int
        let items: [Item]
        let note: String?
    }

    private static let order = Order(
        id: 7, items: [Item(name: "\"pen\"", prices: [1.5, 1e-7]), Item(name: "é\n")], note: nil)
    private static let text =
        #"{"id": 7, "items": [{"name": "\"pen\"", "prices": [1.5, 1e-7]}, {"name": "é\n", "prices": []}]}"#

    /// A type that reads its members itself, and nothing else.
    private struct Fast: JSONDecodable, Equatable {
        let id: Int

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
        }
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `documents are decoded out of json and jsonb`(_ live: LiveServer, mode: QueryMode) async throws {
        let connection = try await live.connect()
        let row = try await connection.query(
            PostgresQuery(
                unsafeSQL: """
                    SELECT d::json AS plain, d::jsonb AS data, ARRAY[d, NULL]::jsonb[] AS list, NULL::jsonb AS nothing,
                        'null'::jsonb AS null FROM (SELECT '\(Self.text)'::text) AS t(d)
                    """), mode: mode
        ).only()
        for name in ["plain", "data"] {
            #expect(try row[name, as: PostgresJSON<Order>.self].value == Self.order)
            #expect(try row[name, as: PostgresJSON<Fast>.self].value.id == 7)
            #expect(try row[name, as: JSONValue.self]["items"]?[1]?["name"]?.string == "é\n")
            #expect(try row[name, as: PostgresJSON<JSONValue>.self].value["id"]?.int == 7)
            #expect(try row[name, as: PostgresJSON<Order?>.self].value == Self.order)
        }
        let list = try row["list", as: [PostgresJSON<Order>?].self]
        #expect(list == [PostgresJSON(Self.order), nil])
        #expect(try row["nothing", as: PostgresJSON<Order>?.self] == nil)
        #expect(try row["nothing", as: PostgresJSON<Order?>.self].value == nil)
        #expect(try row["null", as: PostgresJSON<Order?>.self].value == nil)
        #expect(try row["null", as: JSONValue.self].isNull)
        let typed = try row.decode((String, PostgresJSON<Order>, [JSONValue?], JSONValue?, JSONValue).self)
        #expect(typed.1.value == Self.order && typed.2[0]?["id"]?.int == 7)
    }

    private struct Sale: Decodable, Equatable {
        let number: Int
        let customerOrder: Order
        let gift: Order?
        let items: [Item]
        let counts: [String: Int]
        let state: State
        @PostgresJSON var tags: [String]
        @PostgresJSON var spare: [String]?

        enum State: String, Decodable { case open, closed }
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `members of a Decodable row are documents of json and jsonb`(_ live: LiveServer, mode: QueryMode) async throws
    {
        let connection = try await live.connect()
        for type in ["json", "jsonb"] {
            let query = PostgresQuery(
                unsafeSQL: """
                    SELECT n AS number, '\(Self.text)'::\(type) AS customer_order,
                        CASE WHEN n = 2 THEN '\(Self.text)'::\(type) END AS gift, '[{"name": "a", "prices": [1]}]'::\(type) AS items,
                        '{"a": 1}'::\(type) AS counts, '"closed"'::\(type) AS state, '["x", "y"]'::\(type) AS tags,
                        NULL::\(type) AS spare
                    FROM generate_series(1, 3) AS n
                    """)
            var number = 0
            for try await sale in try await connection.query(query, mode: mode).decode(Sale.self) {
                number += 1
                #expect(sale.number == number && sale.customerOrder == Self.order && sale.counts == ["a": 1])
                #expect(sale.gift == (number == 2 ? Self.order : nil) && sale.items == [Item(name: "a", prices: [1])])
                #expect(sale.state == .closed && sale.tags == ["x", "y"] && sale.spare == nil)
            }
            #expect(number == 3)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `values are sent as documents in every way`(_ live: LiveServer) async throws {
        let order = Self.order
        let query: PostgresQuery = """
            SELECT \(json: order), \(json: order, as: .json), \(json: order)->'items'->0->>'name',
                jsonb_build_object('a', \(json: order))->'a'->>'id', \(json: nil as Order?) IS NULL,
                \(json: [1, 2]), \(PostgresJSON(order)) = \(json: order), \([PostgresJSON(order)]), pg_typeof(\(json: order))::text,
                jsonb_typeof(\(PostgresJSON(nil as Order?)))
            """
        try await live.inEveryWay(query) { row, way in
            typealias Back = PostgresJSON<Order>
            let back = try row.decode(
                (
                    Back, Back, String, String, Bool, PostgresJSON<[Int]>, Bool, [Back], String, String
                ).self)
            #expect(back.0.value == order && back.1.value == order && back.2 == "\"pen\"" && back.3 == "7", "\(way)")
            #expect(back.4 && back.5.value == [1, 2] && back.6 && back.7 == [PostgresJSON(order)], "\(way)")
            #expect(back.8 == "jsonb" && back.9 == "null", "\(way)")
            #expect(row.columns[0].type == .jsonb && row.columns[1].type == .json)
        }
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE orders (plain json, data jsonb, words text)")
        try await connection.execute(
            "INSERT INTO orders VALUES (\(json: order), \(json: order), \(json: order, as: .text))")
        let insert = try await connection.prepare(
            "INSERT INTO orders VALUES ($1, $2, $3)",
            parameters: (PostgresJSON<Order>, PostgresJSON<Order>, PostgresJSON<Order>).self)
        try await insert.execute(PostgresJSON(order), PostgresJSON(order), PostgresJSON(order))
        let rows = try await connection.query("SELECT plain, data, words::jsonb FROM orders")
            .decode((PostgresJSON<Order>, PostgresJSON<Order>, PostgresJSON<Order>).self).collect()
        #expect(
            rows.count == 2 && rows.allSatisfy { $0.0.value == order && $0.1.value == order && $0.2.value == order })
        let select = try await connection.prepare(
            "SELECT data FROM orders WHERE data @> $1", parameters: PostgresJSON<[String: Int]>.self,
            rows: (PostgresJSON<Order>).self)
        #expect(try await select.query(PostgresJSON(["id": 7])).collect().count == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `a JSONValue is sent as it is written`(_ live: LiveServer) async throws {
        let value = try JSONValue(parsing: #"{"b": 1.50, "a": [1e3]}"#)
        try await live.inEveryWay("SELECT \(value, as: .json)::text, \(value)::text, \([value]), \(value, as: .text)") {
            row, _ in
            let (plain, binary, list, text) = try row.decode((String, String, [JSONValue], String).self)
            #expect(plain == value.description && binary == #"{"a": [1000], "b": 1.50}"#)
            #expect(list == [value] && text == value.description)
        }
    }

    private struct Visit: Codable, Equatable {
        let at: PostgresTimestampTZ
        let local: PostgresTimestamp
        let day: PostgresDate
        let price: PostgresNumeric
        let id: PostgresUUID
        let forever: PostgresTimestampTZ
    }

    @Test(arguments: LiveServer.allCases)
    func `the library's values are in documents what the server writes of its own`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("SET TIME ZONE 'Asia/Kathmandu'")
        let row = try await connection.query(
            """
            SELECT to_jsonb(v) AS visit, at, local, price FROM (SELECT '2026-01-31 12:30:00.25+00'::timestamptz AS at,
                '2026-01-31 12:30'::timestamp AS local, '2026-01-31'::date AS day, 12345678901234567890.50 AS price,
                gen_random_uuid() AS id, 'infinity'::timestamptz AS forever) AS v
            """
        ).only()
        let visit = try row["visit", as: PostgresJSON<Visit>.self].value
        #expect(try visit.at == row["at", as: PostgresTimestampTZ.self])
        #expect(try visit.local == row["local", as: PostgresTimestamp.self])
        #expect(visit.price.description == "12345678901234567890.50" && visit.forever == .infinity)
        let texts = try await connection.query(
            """
            WITH d AS (SELECT \(json: visit) AS v) SELECT v->>'at', v->>'local', jsonb_typeof(v->'price'), v->>'forever', v FROM d
            """
        ).decode((String, String, String, String, PostgresJSON<Visit>).self).only()
        #expect(texts.0 == "2026-01-31T12:30:00.25+00:00" && texts.1 == "2026-01-31T12:30:00")
        #expect(texts.2 == "number" && texts.3 == "infinity" && texts.4.value == visit)
        let zulu = try JSONValue(parsing: #""2026-01-31T12:30:00.25Z""#).decode(PostgresTimestampTZ.self)
        #expect(zulu == visit.at)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "true").decode(PostgresNumeric.self) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "1e200000").decode(PostgresNumeric.self) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "\"2026-01-31T\"").decode(PostgresTimestamp.self) }
    }

    @Test func `a document that has not what the type needs says where, and not what it holds`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        let row = try await connection.query(
            #"SELECT '{"id": 7, "items": [{"name": 4711}]}'::jsonb AS data, '{"id"'::text AS words, '{"a":1,"a":2}'::json AS twice"#
        ).only()
        let error = failure { () throws(PostgresError) in try row["data", as: PostgresJSON<Order>.self] }
        #expect(error?.code == .documentMismatch)
        #expect(error?.message.hasPrefix("cannot decode jsonb into Order: ") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("items[0].name") == true && error?.message.contains("4711") == false)
        #expect(error?.message.hasSuffix(#"column "data" at index 0 of row 1"#) == true)
        let words = failure { () throws(PostgresError) in try row["words", as: PostgresJSON<Order>.self] }
        #expect(words?.code == .typeMismatch)
        #expect(words?.hint == "Cast the column in SQL (::jsonb).")
        struct Plain: Sendable {}
        let plain = failure { () throws(PostgresError) in try row["data", as: PostgresJSON<Plain>.self] }
        #expect(plain?.code == .typeMismatch && plain?.hint == "Make the type Decodable or JSONDecodable.")
        let null = failure { () throws(PostgresError) in
            try connectionlessNull()
        }
        #expect(null?.code == .unexpectedNull)
        struct Wrong: Decodable { let data: Sale }
        let nested = failure { () throws(PostgresError) in try row.decode(Wrong.self) }
        #expect(nested?.code == .documentMismatch && nested?.decoding?.columnName == "data")
        #expect(nested?.decoding?.rowNumber == 1)
    }

    private func connectionlessNull() throws(PostgresError) -> PostgresJSON<Order> {
        try PostgresJSON<Order>.decodeNull()
    }

    @Test func `a value that has no form in JSON is refused before it is sent`() async throws {
        let connection = try await LiveServer.postgres15.connect()
        do throws(PostgresError) {
            try await connection.execute("SELECT \(json: [Double.nan])")
            Issue.record("sent")
        } catch {
            #expect(error.code == .parameterInvalid)
            #expect(
                error.message
                    == "parameter $1: cannot encode Array<Double> as JSON: JSON has neither infinities nor NaN, at [0]")
        }
        var options = JSONEncodingOptions()
        options.nonConformingFloats = .strings(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        options.keys = .convertToSnakeCase
        struct Measure: Encodable { let lastValue = Double.nan }
        let row = try await connection.query("SELECT \(json: Measure(), options: options)->>'last_value'").only()
        #expect(try row.decode(String.self) == "nan")
    }

    @Test func `a column that is no document is refused when a statement is prepared`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        do throws(PostgresError) {
            _ = try await connection.prepare(
                "SELECT 'x'::text AS a", parameters: Void.self, rows: (PostgresJSON<Order>).self)
            Issue.record("prepared")
        } catch {
            #expect(error.code == .typeMismatch && error.hint == "Cast the column in SQL (::jsonb).")
        }
        let statement = try await connection.prepare(
            "SELECT '[1]'::jsonb AS a", parameters: Void.self, rows: (PostgresJSON<[Int]>).self)
        #expect(try await statement.query().only().value == [1])
    }

    @Test func `many tasks decode documents at the same time`() async throws {
        let row = try await LiveServer.postgres18.connect().query(
            PostgresQuery(unsafeSQL: "SELECT '\(Self.text)'::jsonb AS data")
        ).only().detached()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    for _ in 0..<200 {
                        guard try row["data", as: PostgresJSON<Order>.self].value == Self.order else { return false }
                    }
                    return true
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
