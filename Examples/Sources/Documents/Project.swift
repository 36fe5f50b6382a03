import JSONTape
import PostgresStreaming

/// A document of the view.
struct Project: JSONDecodable {
    let name: String
    let stars: Int
    let tags: [String]

    init(json: borrowing JSONView) throws(JSONError) {
        var members = try json.members()
        name = try members.decode("name")
        stars = try members.decode("stars")
        tags = try members.decode("tags")
    }
}

/// Runs `body` while there is a view of a hundred projects.
func withProjects(at url: String, _ body: () async throws -> Void) async throws {
    try await PostgresConnection.withConnection(url) { connection in
        try await connection.execute(
            """
            CREATE VIEW v_example_project AS SELECT jsonb_build_object('name', 'project ' || n, 'stars', n,
                'tags', CASE WHEN n % 2 = 0 THEN '["swift", "sql"]'::jsonb ELSE '["c"]' END,
                'owner', jsonb_build_object('name', CASE n % 3 WHEN 0 THEN 'Ada' ELSE 'Grace' END)) AS data
            FROM generate_series(1, 100) AS n
            """)
        do {
            try await body()
        } catch {
            try await connection.execute("DROP VIEW v_example_project")
            throw error
        }
        try await connection.execute("DROP VIEW v_example_project")
    }
}
