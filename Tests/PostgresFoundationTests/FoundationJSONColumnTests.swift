import FoundationEssentials
import JSONTape
import PostgresFoundation
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Foundation's types within documents of `json` and `jsonb` columns, without a word of options.
@Suite(.timeLimit(.minutes(1))) struct FoundationJSONColumnTests {
    private struct Order: Codable, Equatable {
        let id: UUID
        let placed: Date
        let paid: Date?
        let amount: Decimal
        let payload: Data
        let link: URL
    }

    private static let order = Order(
        id: UUID(), placed: Date(timeIntervalSince1970: 1_700_000_000.25), paid: nil,
        amount: Decimal(string: "12345678901234567890.5")!, payload: Data([0, 1, 255]),
        link: URL(string: "https://db.example/a?b=c")!)

    @Test(arguments: LiveServer.allCases)
    func `they are written as people expect them and come back`(_ live: LiveServer) async throws {
        struct Sale: Decodable { let data: Order }
        let connection = try await live.connect()
        let order = Self.order
        for mode in [QueryMode.extended, .simple] {
            try await connection.execute("DROP TABLE IF EXISTS foundation_json")
            try await connection.execute("CREATE TEMPORARY TABLE foundation_json (data jsonb, plain json)")
            try await connection.execute("INSERT INTO foundation_json VALUES (\(json: order), \(json: order))")
            let row = try await connection.query("SELECT data, plain FROM foundation_json", mode: mode).only()
            let (data, plain) = try row.decode((PostgresJSON<Order>, PostgresJSON<Order>).self)
            #expect(data.value == order && plain.value == order)
            #expect(try row.decode(Sale.self).data == order)
        }
        let texts = try await connection.query(
            "SELECT data->>'placed', data->>'amount', data->>'payload', jsonb_typeof(data->'amount') FROM foundation_json"
        ).decode((String, String, String, String).self).only()
        #expect(texts == ("2023-11-14T22:13:20.25Z", "12345678901234567890.5", "AAH/", "number"))
    }

    @Test func `what the server writes of its own values is read`() async throws {
        struct Visit: Decodable { let id: UUID, at: Date }
        let row = try await LiveServer.postgres15.connect().query(
            """
            SELECT to_jsonb(v) AS visit, v.at FROM (SELECT gen_random_uuid() AS id, now() AS at) AS v
            """
        ).only()
        let (visit, date) = try row.decode((PostgresJSON<Visit>, Date).self)
        #expect(visit.value.at == date)
    }

    @Test func `options still choose another form for dates`() async throws {
        struct Moment: Codable, Equatable { let at: Date }
        let moment = Moment(at: Date(timeIntervalSince1970: 1.5))
        var encoding = JSONEncodingOptions()
        encoding.convertFoundationTypes(dates: .secondsSince1970)
        var decoding = JSONDecodingOptions()
        decoding.convertFoundationTypes(dates: .secondsSince1970)
        let row = try await LiveServer.postgres18.connect().query("SELECT \(json: moment, options: encoding)").only()
        let value = try row.decode(JSONValue.self)
        #expect(value["at"]?.double == 1.5)
        #expect(try value.decode(Moment.self, options: decoding) == moment)
    }

    @Test func `types that read their members themselves have them too`() throws {
        struct Visit: JSONDecodable {
            let id: UUID, at: Date

            init(json: borrowing JSONView) throws(JSONError) {
                var members = try json.members()
                id = try members.decode("id")
                at = try members.decode("at")
            }
        }
        let text = #"{"at": "2026-01-31T12:30:00Z", "id": "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"}"#
        let visit = try JSONValue(parsing: text).decode(Visit.self)
        #expect(visit.at == Date(timeIntervalSince1970: 1_769_862_600))
    }
}
