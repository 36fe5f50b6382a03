import FraiseWire
import JSONTape
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What a query says, and that nothing in it can say anything else.
@Suite(.timeLimit(.minutes(2))) struct QueryTests {
    @Test func `a query explains itself`() async throws {
        let fixture = try await FraiseFixture.shared(.postgres15)
        let (low, name) = (18, "o'Brien")
        let query = try fixture.client.query("fraise.v_thing").where(.field("age") >= low)
            .whereSQL("data->>'name' = \(name) OR id = 1").filter { _ in true }
            .orderBy(.field("name"), .descending, collation: "C", nulls: .last).orderBy(.column("id"))
            .startingAfter("m", 7).limit(10).offset(20)
        let explanation = try query.explain()
        #expect(
            explanation.sql == """
                SELECT "data" AS "data" FROM "fraise"."v_thing" WHERE (("data"->>'age')::numeric >= $1::numeric) AND \
                (data->>'name' = $2 OR id = 1) AND ((("data"->>'name') COLLATE "C" < $3::text) OR \
                (("data"->>'name') COLLATE "C" = $4::text AND "id" > $5)) ORDER BY ("data"->>'name') COLLATE "C" DESC \
                NULLS LAST, "id" ASC LIMIT $6 OFFSET $7
                """)
        #expect(explanation.parameters == ["18", "o'Brien", "m", "m", "7", "10", "20"])
        #expect(!explanation.description.contains("Brien") && explanation.description.hasSuffix("1 filters in Swift"))
    }

    private static let hostile = [
        "'", "''", "\\", "\\'", "\"", "\"; DROP SCHEMA fraise CASCADE; --", "'; DROP SCHEMA fraise CASCADE; --", "/*",
        "*/",
        "$1", "$$", "$tag$", "%_", "\u{2019}", "e\u{301}", "名前", "a b", "{}", "->>", "\n", "\u{1F600}", "E'\\x'",
    ]

    @Test(arguments: LiveServer.allCases, ["on", "off"])
    func `no value, member or column can change what a query is`(
        version: LiveServer, standardStrings: String
    ) async throws {
        var configuration = try await PostgresConfiguration(
            connectionString: FraiseFixture.shared(version).url, environment: .none)
        configuration.runtimeParameters["standard_conforming_strings"] = standardStrings
        let client = FraiseClient(configuration)
        for text in Self.hostile {
            // A member of that name with that value is found, so name and value arrived as they are.
            let row = try await client.pool.query(
                "SELECT jsonb_build_object(\(text)::text, \(text)::text)::text"
            ).only().decode(String.self)
            let projected = try client.query("fraise.v_thing").projection("\(row)::text::jsonb").limit(1)
            #expect(try await projected.execute().first()?[text]?.string == text)
            let found = try await client.query("fraise.v_thing").where(.field(text) == text || .path("a", text) == text)
                .where(.field("name").contains(text) || .field("name").isLike(text.replacing("\\", with: "\\\\")))
                .fields(text, "id").orderBy(.field(text), collation: "C").execute().collect()
            #expect(found.isEmpty, "\(text.debugDescription)")
            let error = await failure(of: {
                try await client.query("fraise.v_thing").where(.column(text) == text).execute()
            })
            #expect(error?.sqlState == "42703", "\(text.debugDescription): \(String(describing: error))")
        }
        await client.close()
    }

    @Test func `a NUL in a name or a value is refused before anything is sent`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        for query in [
            try client.query("fraise.v_thing").where(.field("a\0b") == "x"),
            try client.query("fraise.v_thing").documentColumn("\0"), try client.query("fraise.v_thing").fields("\0"),
        ] {
            let error = await failure(of: { try await query.execute() })
            #expect(error?.code == .queryInvalid)
        }
        let query = try client.query("fraise.v_thing").where(.field("a") == "x\0")
        #expect(await failure(of: { try await query.execute() })?.code == .parameterInvalid)
    }

    @Test(arguments: ["", "v thing", "1a", "a.", ".a", "a;b", "a\"b", "\"a", "a'--", "v_thing; DROP TABLE x", "a..b"])
    func `what is no name is no entity`(name: String) async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        #expect(await failure(of: { try client.query(name) })?.code == .queryInvalid)
    }

    @Test func `bounds that make no sense are refused`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        for query in [
            try client.query("fraise.v_thing").limit(-1), try client.query("fraise.v_thing").offset(-1),
            try client.query("fraise.v_thing").orderBy(.column("id")).startingAfter(1, 2),
        ] {
            #expect(await failure(of: { try query.sql() })?.code == .queryInvalid)
        }
    }

    @Test func `sessions only read`() async throws {
        let client = try await FraiseFixture.shared(.postgres15).client
        let error = await failure(of: { try await client.pool.execute("CREATE TABLE fraise.written (id int)") })
        #expect(error?.sqlState == "25006")
    }

    /// Returns the error that `body` throws; that it throws none is a failure of the test.
    private nonisolated(nonsending) func failure<Result>(
        of body: nonisolated(nonsending) () async throws -> Result
    ) async -> PostgresError? {
        do {
            _ = try await body()
            Issue.record("no error was thrown")
            return nil
        } catch {
            return error as? PostgresError
        }
    }
}
