import PostgresStreaming
import PostgresTestSupport
import Testing

/// Queries that are literals of the source text are found again by where those lie. Nothing else may come of that.
@Suite(.timeLimit(.minutes(1))) struct LiteralStatementTests {
    private static let known: [Step] = [
        .expect("BES"), .send(BackendBytes().message("2").rows(1...3).complete("SELECT 3").ready().bytes),
    ]
    private static let closing: [Step] = [
        .expect("CPBDES"), .send(BackendBytes().message("3").bytes + BackendBytes.answer(1...3)),
    ]

    /// Runs the queries one after the other and returns the texts that were parsed.
    private func parsed(
        _ steps: [Step]..., of queries: [PostgresQuery], change: (inout PostgresConfiguration) -> Void = { _ in }
    ) async throws -> [String] {
        var frames: [ScriptedServer.FrontendFrame] = []
        try await ScriptedServer.run(script(.welcome, steps.flatMap(\.self), [.expectEnd])) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url)
            change(&configuration)
            let connection = try await PostgresConnection.connect(configuration)
            for query in queries {
                let outcome = await Outcome.of(query, on: connection)
                if let error = outcome.error { throw error }
                #expect(outcome.numbers == [1, 2, 3])
            }
            frames = server.transcripts[0].frames
            await connection.close()
        }
        return frames.filter { $0.type == UInt8(ascii: "P") }.map { frame in
            String(decoding: frame.body.split(separator: 0, omittingEmptySubsequences: false)[1], as: UTF8.self)
        }
    }

    private func written(_ value: some PostgresEncodable) -> PostgresQuery { "SELECT \(value) AS here" }

    @Test func `a literal that comes again is prepared, and from then on parameters alone go to and fro`() async throws
    {
        let sql = try await parsed(
            .answer(1...3), .answer(1...3), Self.known, Self.known,
            of: (1...4).map { written($0 == 1) })
        #expect(sql == ["SELECT $1 AS here", "SELECT $1 AS here"])
    }

    @Test func `the same text from two places and from run time is one statement`() async throws {
        let here: PostgresQuery = "SELECT n FROM numbers"
        let there: PostgresQuery = "SELECT n FROM numbers"
        let sql = try await parsed(
            .answer(1...3), .answer(1...3), Self.known, Self.known,
            of: [here, there, PostgresQuery(unsafeSQL: "SELECT n FROM numbers"), here])
        #expect(sql.count == 2)
    }

    @Test func `one place with parameters of two types is two statements`() async throws {
        let sql = try await parsed(
            .answer(1...3), .answer(1...3), .answer(1...3), .answer(1...3), Self.known, Self.known,
            of: [written(true), written("1"), written(true), written("1"), written(true), written("1")])
        #expect(sql.count == 4)
    }

    @Test func `what stands between the literals of one place tells statements apart`() async throws {
        func sorted(_ column: PostgresIdentifier, _ limit: Bool) -> PostgresQuery {
            "SELECT n FROM numbers ORDER BY \(column)\(if: limit, " LIMIT 3")"
        }
        let sql = try await parsed(
            .answer(1...3), .answer(1...3), .answer(1...3), .answer(1...3), Self.known,
            of: [
                sorted(PostgresIdentifier("a"), true), sorted(PostgresIdentifier("b"), true),
                sorted(PostgresIdentifier("a"), false), sorted(PostgresIdentifier("a"), true),
                sorted(PostgresIdentifier("a"), true),
            ])
        #expect(sql.map { String($0.dropFirst(31)) } == [#""a" LIMIT 3"#, #""b" LIMIT 3"#, #""a""#, #""a" LIMIT 3"#])
    }

    @Test func `a literal that was forgotten is made again`() async throws {
        let (first, second): (PostgresQuery, PostgresQuery) = ("SELECT 1", "SELECT 2")
        let sql = try await parsed(
            .answer(1...3), .answer(1...3), Self.closing, .answer(1...3), Self.known,
            of: [first, first, second, second, second], change: { $0.statementCache.countMax = 1 })
        #expect(sql == ["SELECT 1", "SELECT 1", "SELECT 2", "SELECT 2"])
    }

    @Test func `a query of very many pieces is found by its text`() async throws {
        func many() -> PostgresQuery { (1...100).reduce("SELECT 1") { query, _ in "\(query), \(fragment: "2")" } }
        let sql = try await parsed(.answer(1...3), .answer(1...3), Self.known, of: [many(), many(), many()])
        #expect(sql.count == 2)
    }

    @Test func `nothing is found again where nothing is kept`() async throws {
        let query: PostgresQuery = "SELECT n FROM numbers"
        let sql = try await parsed(
            .answer(1...3), .answer(1...3), .answer(1...3), of: [query, query, query],
            change: { $0.statementCache = .off })
        #expect(sql.count == 3)
    }

    @Test func `the text is what is written, wherever its parts come from`() {
        let fragment: PostgresQuery = " AND b = \(2, as: .int4)"
        let query: PostgresQuery = "SELECT \(1, as: .int4)0 WHERE a = \(3, as: .int4)\(fragment)\(unsafeSQL: "")x"
        #expect(query.sql == "SELECT $1 0 WHERE a = $2 AND b = $3 x")
    }
}
