import PostgresStreaming

/// The documents that the demo makes up, and the query that reads a view's documents.
enum Documents {
    private static let batch = 20_000

    /// Creates the table `project` and the view `v_project` over it, and fills them batch by batch.
    nonisolated(nonsending) static func fill(_ url: String, count: Int) async throws {
        let connection = try await PostgresConnection.connect(url)
        try await connection.execute("CREATE UNLOGGED TABLE project (id bigint PRIMARY KEY, document jsonb NOT NULL)")
        try await connection.execute("CREATE VIEW v_project AS SELECT id, document AS data FROM project")
        var progress = ProgressLine()
        for first in stride(from: 1, through: count, by: batch) {
            let last = min(first + batch - 1, count)
            try await connection.execute(insert(first, last))
            progress.show("  \(last.grouped) of \(count.grouped) documents")
        }
        progress.end("  \(count.grouped) documents are in the view v_project")
        await connection.close()
    }

    /// Documents of about 310 bytes.
    private static func insert(_ first: Int, _ last: Int) -> PostgresQuery {
        """
        INSERT INTO project
        SELECT n, jsonb_build_object(
            'id', n, 'name', 'Project ' || n, 'status', (ARRAY['active', 'paused', 'planned', 'done'])[1 + n % 4],
            'score', round(n * 7919 % 10000 / 100.0, 2), 'tags', jsonb_build_array('swift', 'tag ' || n % 50),
            'owner', jsonb_build_object(
                'id', n % 5000, 'name', 'Owner ' || n % 5000, 'email', 'owner' || n % 5000 || '@example.com'),
            'createdAt', timestamp '2024-01-01' + n * interval '31 seconds',
            'updatedAt', timestamp '2025-01-01' + n * interval '13 seconds',
            'isPublic', n % 3 = 0, 'isArchived', n % 10 = 0)
        FROM generate_series(\(first), \(last)) AS n
        """
    }

    /// The query for a column of a view; a dot separates the schema, and all names count as they are written.
    static func query(view: String, column: String) -> PostgresQuery {
        let parts = view.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return "SELECT \(identifier: column) FROM \(identifier: view)" }
        return "SELECT \(identifier: column) FROM \(identifier: parts[0]).\(identifier: parts[1])"
    }
}
