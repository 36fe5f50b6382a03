import FoundationEssentials
import FraiseWire
import JSONTape
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Streams of documents from real servers.
@Suite(.timeLimit(.minutes(2))) struct StreamTests {
    private struct Number: JSONDecodable, Equatable {
        let n: Int

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            n = try members.decode("n")
        }
    }

    private struct Thing: Decodable, Equatable {
        let id: Int
        let name: String?
        let tags: [String]?
    }

    @Test(arguments: LiveServer.allCases, ["fraise.v_thing", "fraise.v_thing_json"])
    func `documents come as types, as values and as bytes`(version: LiveServer, entity: String) async throws {
        let client = try await FraiseFixture.shared(version).client
        let things = try await client.query(entity, as: Thing.self).orderBy(.column("id")).execute().collect()
        #expect(things.map(\.id) == [1, 2, 3] && things[0].tags == ["swift", "sql"] && things[2].name == nil)
        let values = try await client.query(entity).orderBy(.column("id")).execute().collect()
        #expect(values[0]["name"]?.string == "Ada 100%" && values[1].at("inner", "name")?.string == "bob")
        let bytes = try await client.queryBytes(entity).where(.column("id") == 3).execute().collect()
        let text = String(decoding: bytes[0], as: UTF8.self)
        #expect(text.hasPrefix("{") && text.contains("\"id\": 3"))
    }

    @Test(arguments: LiveServer.allCases)
    func `filters in Swift see every document, and the rest is counted`(version: LiveServer) async throws {
        let client = try await FraiseFixture.shared(version).client
        let stream = try await client.query("fraise.v_number", as: Number.self).whereSQL("(data->>'n')::int <= 1000")
            .filter { $0.n % 2 == 0 }.filter { $0.n % 3 == 0 }.execute()
        var sum = 0
        for try await number in stream { sum += number.n }
        #expect(sum == stride(from: 6, through: 1000, by: 6).reduce(0, +))
        #expect(stream.filteredCount == 1000 - 166 && stream.state == .completed && stream.statistics.rows == 1000)
    }

    @Test(arguments: LiveServer.allCases)
    func `pages continue behind a row`(version: LiveServer) async throws {
        let client = try await FraiseFixture.shared(version).client
        let query = try client.query("fraise.v_number", as: Number.self).whereSQL("(data->>'n')::int <= 25")
            .orderBy(.field("n"), .descending).limit(10)
        var pages = [try await query.execute().collect().map(\.n)]
        while let last = pages.last?.last {
            let page = try await query.startingAfter(last).execute().collect().map(\.n)
            if page.isEmpty { break }
            pages.append(page)
        }
        #expect(pages == [Array((16...25).reversed()), Array((6...15).reversed()), Array((1...5).reversed())])
    }

    @Test func `orders follow type, collation and nulls`() async throws {
        let client = try await FraiseFixture.shared(.postgres18).client
        func ids(_ query: FraiseQuery<Thing>) async throws -> [Int] { try await query.execute().collect().map(\.id) }
        let things = try client.query("fraise.v_thing", as: Thing.self)
        #expect(try await ids(things.orderBy(.field("score"))) == [2, 1, 3])
        #expect(try await ids(things.orderBy(.field("score"), as: .text)) == [1, 2, 3])
        #expect(try await ids(things.orderBy(.field("score"), .descending, nulls: .last)) == [1, 2, 3])
        #expect(try await ids(things.orderBy(.field("name"), collation: "C", nulls: .first)) == [3, 1, 2])
        #expect(try await ids(things.orderBy(.column("score"), .descending, nulls: .first)) == [3, 1, 2])
        #expect(try await ids(things.orderBy(.column("id"), .descending).offset(1).limit(1)) == [2])
    }

    @Test func `a projection is what the server makes of a document`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        let some = try await client.query("fraise.v_thing").fields("id", "name").where(.column("id") == 1).execute()
            .first()
        #expect(some?.members.map(\.name) == ["id", "name"])
        let tag = "x"
        let made = try await client.query("fraise.v_thing").projection("jsonb_build_object('tag', \(tag)::text)")
            .execute().first()
        #expect(made?["tag"]?.string == "x")
    }

    private struct Dated: Decodable {
        let created: Date
        let uid: UUID
    }

    @Test func `Foundation's types are read without being asked for, and otherwise where options say so`() async throws
    {
        let client = try await FraiseFixture.shared(.postgres15).client
        let query = try client.query("fraise.v_thing", as: Dated.self).where(.column("id").isIn([1, 2]))
            .orderBy(.column("id"))
        let dated = try await query.execute().collect()
        #expect(dated.map(\.created.timeIntervalSince1970) == [1_767_323_045, 1_577_934_245])
        #expect(dated[0].uid == UUID(uuidString: "11111111-1111-1111-1111-111111111111"))
        var options = JSONDecodingOptions()
        options.convert(Date.self) { json in Date(timeIntervalSince1970: try json.decode(Double.self)) }
        let other = try client.query("fraise.v_thing", as: Dated.self, options: options).limit(1)
        do {
            _ = try await other.execute().collect()
            Issue.record("no error was thrown")
        } catch {
            #expect(error.code == .documentMismatch)
        }
    }

    @Test func `metrics know what a query is made of and what became of its rows`() async throws {
        let metrics = PostgresMetrics()
        var configuration = try await PostgresConfiguration(
            connectionString: FraiseFixture.shared(.postgres18).url, environment: .none)
        configuration.metrics = metrics
        let client = FraiseClient(configuration)
        let numbers = try client.query("fraise.v_number", as: Number.self).named("numbers").limit(100)
        _ = try await numbers.where(.field("n") <= 100).filter { $0.n > 30 }.orderBy(.field("n")).execute().collect()
        _ = try await numbers.projection("'{}'::jsonb").onDocumentError(.skip).execute().collect()
        await client.close()
        let snapshot = metrics.snapshot()
        func total(_ name: String, _ labels: [String: String]) -> Double? {
            snapshot[name]?.total(labels.merging(["entity": "numbers"]) { $1 })
        }
        let traits = ["has_where_sql": "true", "has_where_rust": "true", "has_order_by": "true"]
        #expect(total("queries_total", traits) == 1)
        #expect(total("rows_filtered_total", [:]) == 30 && total("rows_deserialized_total", [:]) == 100)
        #expect(total("rows_deserialization_failed_total", ["reason": "document_mismatch"]) == 100)
        #expect(snapshot["json_parse_duration_seconds"]?.count() ?? 0 > 0)
    }

    // MARK: rows that are no documents

    private static let broken: PostgresQuery = """
        CASE id WHEN 1 THEN '{"n": 1}'::json WHEN 2 THEN NULL ELSE '{"n": "three", "n": 3.5}'::json END
        """

    @Test func `a row that is no document fails the stream with its number, and the connection goes on`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        let numbers = try client.query("fraise.v_thing", as: Number.self).orderBy(.column("id"))
        var seen: [Int] = []
        do {
            for try await number in try await numbers.projection(Self.broken).execute() { seen.append(number.n) }
            Issue.record("no error was thrown")
        } catch {
            #expect(error.code == .documentMissing && error.isConnectionUsable)
            #expect(error.message == "row 2 of fraise.v_thing has no document: it is NULL")
        }
        #expect(seen == [1])
        do {
            _ = try await numbers.projection(#"'{"n": "three"}'::jsonb"#).execute().first()
            Issue.record("no error was thrown")
        } catch {
            #expect(error.code == .documentMismatch && error.message.contains("row 1 of fraise.v_thing"))
            #expect(!error.message.contains("three"))
        }
        #expect(try await client.query("fraise.v_number", as: Number.self).limit(1).execute().first()?.n == 1)
    }

    @Test func `or is left out, counted and told of`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        let numbers = try client.query("fraise.v_thing", as: Number.self).orderBy(.column("id")).projection(Self.broken)
        let skipping = try await numbers.onDocumentError(.skip).execute()
        #expect(try await skipping.collect().map(\.n) == [1])
        #expect(skipping.skippedCount == 2 && skipping.errors.isEmpty)
        let collecting = try await numbers.onDocumentError(.collect(max: 1)).execute()
        #expect(try await collecting.collect().map(\.n) == [1])
        #expect(collecting.skippedCount == 2 && collecting.errors.map(\.code) == [.documentMissing])
    }

    @Test func `what is no column of documents is refused with its type`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        do {
            _ = try await client.query("fraise.v_thing").documentColumn("name").execute()
            Issue.record("no error was thrown")
        } catch {
            #expect(error.code == .schemaInvalid && error.message.hasSuffix("its column is data text"))
        }
        // The refused query gives its connection back.
        while client.pool.statistics.leased > 0 { await Task.yield() }
    }

    // MARK: streaming

    @Test(arguments: LiveServer.allCases)
    func `the first document comes before the server is done, and leaving early costs nothing`(
        version: LiveServer
    ) async throws {
        let client = try await FraiseFixture.shared(version).client
        let clock = ContinuousClock()
        let start = clock.now
        let stream = try await client.query("fraise.v_number").projection(
            // A server holds rows back until 8 KiB are full.
            "jsonb_build_object('filler', repeat('x', 9000), 'nap', pg_sleep(CASE WHEN data->>'n' = '3' THEN 60 END))"
        ).execute()
        let first = try await stream.first()
        #expect(first != nil && start.duration(to: clock.now) < .seconds(30))
        #expect(try await client.query("fraise.v_number", as: Number.self).limit(1).execute().first()?.n == 1)
    }

    @Test func `a stream is paused and goes on`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        let stream = try await client.query("fraise.v_number", as: Number.self).limit(50_000).execute()
        var count = 0
        for try await _ in stream {
            count += 1
            if count == 1 { #expect(stream.pause(reason: "test", for: .milliseconds(20))) }
        }
        #expect(count == 50_000 && stream.statistics.pausedTime >= .milliseconds(20))
    }

    @Test func `more documents than may be collected are an error, and the connection goes on`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        let query = try client.query("fraise.v_number", as: Number.self).limit(11)
        #expect(try await query.execute().collect(documentsMax: 11).count == 11)
        let stream = try await query.execute()
        await #expect {
            _ = try await stream.collect(documentsMax: 10)
        } throws: { error in
            (error as? PostgresError)?.code == .resultTooLarge
        }
        #expect(try await query.execute().first()?.n == 1)
    }

    @Test func `many queries run at once on one client`() async throws {
        let client = try await FraiseFixture.shared(.postgres18).client
        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for limit in 1...20 {
                group.addTask {
                    var sum = 0
                    for try await number in try await client.query("fraise.v_number", as: Number.self)
                        .whereSQL("(data->>'n')::int <= \(limit * 100)").limit(limit * 100).execute()
                    { sum += number.n }
                    return sum
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(Set(sums) == Set((1...20).map { $0 * 100 * ($0 * 100 + 1) / 2 }))
    }
}
