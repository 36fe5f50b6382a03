import FraiseWire
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

/// Entities on the shared servers, for tests that only read them.
struct FraiseFixture: Sendable {
    let client: FraiseClient
    let url: String
    /// Whether pgvector and ltree are there.
    let hasVectors: Bool
    let hasTrees: Bool

    static func shared(_ version: LiveServer) async throws -> FraiseFixture {
        try await Shared.fixtures.fixture(version)
    }

    private actor Shared {
        static let fixtures = Shared()
        private var made: [Int: Task<FraiseFixture, any Error>] = [:]

        func fixture(_ version: LiveServer) async throws -> FraiseFixture {
            if let task = made[version.rawValue] { return try await task.value }
            let task = Task { try await FraiseFixture.make(version) }
            made[version.rawValue] = task
            return try await task.value
        }
    }

    private static func make(_ version: LiveServer) async throws -> FraiseFixture {
        let connection = try await version.connect()
        let names = try await connection.query(
            "SELECT name::text FROM pg_available_extensions WHERE name IN ('vector', 'ltree')"
        ).decode(String.self).collect()
        for name in names { try await connection.execute("CREATE EXTENSION IF NOT EXISTS \(identifier: name)") }
        let (hasVectors, hasTrees) = (names.contains("vector"), names.contains("ltree"))
        try await connection.execute("DROP SCHEMA IF EXISTS fraise CASCADE")
        try await connection.execute("CREATE SCHEMA fraise")
        let special =
            (hasVectors ? ", embedding vector" : ", embedding text") + (hasTrees ? ", path ltree" : ", path text")
        try await connection.execute(
            """
            CREATE TABLE fraise.thing (id int PRIMARY KEY, name text, tags text[], flag bool, score numeric, body text,
            address inet, uid uuid, created timestamptz, day date, bits text, words tsvector\(unsafeSQL: special))
            """)
        for row in rows { try await connection.execute(row) }
        // The document has what the columns have, once more within itself.
        let document: PostgresQuery = """
            jsonb_strip_nulls(to_jsonb(t) - 'embedding' || jsonb_build_object('embedding', t.embedding::text::jsonb))
            """
        try await connection.execute(
            """
            CREATE VIEW fraise.v_thing AS SELECT t.*, \(document) || jsonb_build_object('inner', \(document)) AS data,
            jsonb_build_object('deep', \(document)) AS meta FROM fraise.thing AS t
            """)
        try await connection.execute(
            "CREATE VIEW fraise.v_thing_json AS SELECT id, data::json AS data FROM fraise.v_thing")
        let numbers: PostgresQuery = "SELECT jsonb_build_object('n', n) AS data FROM generate_series(1, 1000000) AS n"
        try await connection.execute("CREATE VIEW fraise.v_number AS \(numbers)")
        // What a query that writes would write to.
        try await connection.execute("CREATE SEQUENCE fraise.written")
        await connection.close()
        let url = try await version.server.url
        return FraiseFixture(
            client: FraiseClient(try PostgresConfiguration(connectionString: url, environment: .none)), url: url,
            hasVectors: hasVectors, hasTrees: hasTrees)
    }

    /// A row that the conditions of the tests are true of, one that they are false of, and one without values.
    private static let rows: [PostgresQuery] = [
        """
        INSERT INTO fraise.thing VALUES (1, 'Ada 100%', '{swift,sql}', true, 42.5, 'quick brown foxes jump', '10.1.2.3',
        '11111111-1111-1111-1111-111111111111', '2026-01-02 03:04:05+00', '2026-01-02', '1010',
        to_tsvector('english', 'quick brown foxes jump'), '[1,2,3]', 'Top.Science.Astronomy')
        """,
        """
        INSERT INTO fraise.thing VALUES (2, 'bob', '{c}', false, 7, 'slow green turtle', '2001:4860::1',
        '22222222-2222-2222-2222-222222222222', '2020-01-02 03:04:05+00', '2020-01-02', '0101',
        to_tsvector('english', 'slow green turtle'), '[-9,8,-7]', 'Top.Hobbies')
        """,
        "INSERT INTO fraise.thing (id) VALUES (3)",
    ]
}
