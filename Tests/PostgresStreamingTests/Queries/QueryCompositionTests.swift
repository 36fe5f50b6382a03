import PostgresStreaming
import PostgresTestSupport
import Testing

/// Queries put together from literals, values, names and other queries.
@Suite(.timeLimit(.minutes(1))) struct QueryCompositionTests {
    @Test func `fragments keep their parameters, numbered anew`() {
        let name: String? = nil
        let condition: PostgresQuery = "a = \(1) AND b = \("x")"
        var query: PostgresQuery = "SELECT \(0) WHERE \(condition)\(if: name != nil, " AND c = \(name)")"
        query.append("\(if: name == nil, " AND d = \(2)") LIMIT \(3)")
        #expect(query.sql == "SELECT $1 WHERE a = $2 AND b = $3 AND d = $4 LIMIT $5")
        #expect(query.parameterCount == 5)
        let conditions: [PostgresQuery] = [condition, "c IN (\(list: [1, 2, 3]))", "\(fragment: "true")"]
        #expect(conditions.joined(separator: " AND ").sql == "a = $1 AND b = $2 AND c IN ($3, $4, $5) AND true")
        #expect([PostgresQuery]().joined(separator: ", ").sql.isEmpty)
        #expect((1...3).map { "(\($0))" as PostgresQuery }.joined().sql == "($1), ($2), ($3)")
    }

    @Test func `a parameter that is shared stays one when it is composed`() throws {
        let shared = try PostgresQuery(":a = :b OR :a", named: ["a": 1, "b": 2])
        let query: PostgresQuery = "\(0) \(shared) \(shared) \(9)"
        #expect(query.sql == "$1 $2 = $3 OR $2 $4 = $5 OR $4 $6")
    }

    @Test func `a number behind a parameter is no part of it`() {
        #expect(("LIMIT \(1)0" as PostgresQuery).sql == "LIMIT $1 0")
        #expect(("x\(1)y\(2)\(3)" as PostgresQuery).sql == "x $1 y $2 $3")
        #expect(("\(1)\(unsafeSQL: "")\(unsafeSQL: "1")" as PostgresQuery).sql == "$1 1")
        #expect(("\(1)::int4,(\(2))" as PostgresQuery).sql == "$1::int4,($2)")
    }

    @Test(arguments: LiveServer.allCases)
    func `an empty list is refused before anything is sent`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let inner: PostgresQuery = "x IN (\(list: [Int]()))"
        do throws(PostgresError) {
            _ = try await connection.query("SELECT \(inner) FROM (SELECT 1 AS x)")
            Issue.record("it was sent")
        } catch {
            #expect(error.code == .queryInvalid)
            #expect(
                error.message
                    == "cannot send the query: a list of values is empty; compare with = ANY(array), which may be")
        }
        #expect(try await connection.query("SELECT 3 IN (\(list: [1, 3]))").decode(Bool.self).first() == true)
    }

    @Test(arguments: LiveServer.allCases)
    func `a null has the type that it is given`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let row = try await connection.query(
            """
            SELECT pg_typeof(\(null: .int2))::text, pg_typeof(\(null: .jsonb))::text, pg_typeof(\(nil as Double?))::text,
                \(null: .unspecified)::date IS NULL
            """
        ).decode((String, String, String, Bool).self).first()
        #expect(try #require(row) == ("smallint", "jsonb", "double precision", true))
    }

    @Test(arguments: LiveServer.allCases)
    func `a value is sent as the type that it is given`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let row = try await connection.query(
            """
            SELECT pg_typeof(\(1, as: .int2))::text, \("{\"a\": 1}", as: .jsonb)->>'a', \("2024-02-29", as: .date)::text,
                \([1, 2], as: .int4Array)::text, pg_typeof(\(nil as Int?, as: .int2))::text
            """
        ).decode((String, String, String, String, String).self).first()
        #expect(try #require(row) == ("smallint", "1", "2024-02-29", "{1,2}", "smallint"))
        for query in ["SELECT \(40_000, as: .int2)", "SELECT \("x", as: .int4)", "SELECT \(1.5, as: .int4)"]
            as [PostgresQuery]
        {
            do throws(PostgresError) {
                try await connection.execute(query)
                Issue.record("\(query) was sent")
            } catch {
                #expect(error.code == .parameterInvalid || error.sqlState == .invalidTextRepresentation)
            }
        }
        #expect(try await connection.query("SELECT 1").decode(Int.self).first() == 1)
    }

    // MARK: names

    @Test(arguments: [
        ("customer", ["customer"]), ("Public.Customer", ["public", "customer"]),
        (#""Public"."a""b""#, ["Public", "a\"b"]),
        (#"a."b.c".d1$"#, ["a", "b.c", "d1$"]), ("größeÄ", ["größeÄ"]), (#"" ""#, [" "]),
    ])
    func `names are read as SQL has them`(text: String, names: [String]) throws {
        #expect(try PostgresIdentifier(parsing: text).names == names)
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a b", "a;b", "1a", "$a", "\"\"", "\"a", "a\"b\"", "\"a\"b", "a..b", "a-b", "a.\"\"",
        "\"a\"\"",
    ])
    func `what is no name is refused`(text: String) {
        #expect(throws: PostgresError.self) { try PostgresIdentifier(parsing: text) }
    }

    @Test func `names are quoted one by one`() {
        #expect(("\(identifier: "a\"b", "c.d")" as PostgresQuery).sql == #""a""b"."c.d""#)
        #expect(("\(PostgresIdentifier("x", "y", "z"))" as PostgresQuery).sql == #""x"."y"."z""#)
    }

    // MARK: hostile text

    private static let parts = [
        "'", "''", "\"", "\"\"", "\\", "\\'", ";", "--", "/*", "*/", "$1", "$$", "$a$", "\n", "\r", "\t", " ", ".", ",",
        "(", ")",
        ":a", "::int", "E'", "U&\"", "\\0041", "é", "\u{202E}", "\u{1F600}", "%", "_", "NULL", "nil",
        "DROP TABLE pg_class", "\u{7F}", "\u{1}", "{}", "[1:2]", "\\x41", "SELECT",
    ]

    private func hostileText(_ bytesMax: Int, using generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...10, using: &generator) {
            let part = Self.parts.randomElement(using: &generator) ?? ""
            if text.utf8.count + part.utf8.count <= bytesMax { text += part }
        }
        return text.isEmpty ? "'" : text
    }

    @Test(arguments: LiveServer.allCases, [UInt64.random(in: 0 ... .max)])
    func `no text of a value or a name is ever read as SQL`(_ live: LiveServer, seed: UInt64) async throws {
        let connection = try await live.connect()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            let name = hostileText(63, using: &generator)
            let (first, second) = (hostileText(500, using: &generator), hostileText(500, using: &generator))
            let inner: PostgresQuery = "SELECT \(first)::text AS \(identifier: name)"
            let named = try PostgresQuery(":a::text || :b", named: ["a": first, "b": second])
            let rows = try await connection.query(
                "SELECT t.\(identifier: name), \(second)::text AS \(identifier: name), \(named) FROM (\(inner)) AS t")
            #expect(rows.columns.prefix(2).map(\.name) == [name, name], "seed \(seed)")
            let row = try await rows.decode((String, String, String).self).first()
            #expect(try #require(row) == (first, second, first + second), "seed \(seed)")
        }
    }

    @Test(arguments: LiveServer.allCases, [UInt64.random(in: 0 ... .max)])
    func `qualified names reach the objects that they name`(_ live: LiveServer, seed: UInt64) async throws {
        let connection = try await live.connect()
        var generator = SeededGenerator(seed: seed)
        try await connection.execute("BEGIN")
        for number in 0..<10 {
            let (schema, table) = ("\(number)" + hostileText(50, using: &generator), hostileText(60, using: &generator))
            let column = hostileText(60, using: &generator)
            try await connection.execute("CREATE SCHEMA \(identifier: schema)")
            try await connection.execute("CREATE TABLE \(identifier: schema, table) (\(identifier: column) int4)")
            try await connection.execute("INSERT INTO \(PostgresIdentifier(schema, table)) VALUES (\(Int32(number)))")
            let rows = try await connection.query(
                """
                SELECT \(identifier: schema, table, column) FROM \(identifier: schema, table)
                WHERE EXISTS (SELECT FROM pg_tables WHERE schemaname = \(schema) AND tablename = \(table))
                """)
            #expect(rows.columns.map(\.name) == [column], "seed \(seed)")
            #expect(try await rows.decode(Int32.self).collect() == [Int32(number)], "seed \(seed)")
        }
        try await connection.execute("ROLLBACK")
    }
}
