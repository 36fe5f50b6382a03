import PostgresStreaming

/// Data that a workload reads.
struct Table {
    let name: String
    let statements: [String]

    /// What a workload needs; nil where it makes its rows as it goes.
    static func needed(by workload: Workload, _ scale: Scale) -> Table? {
        switch workload {
        case .narrow, .firstRow, .copy: narrow(scale.narrowRows)
        case .json: documents(scale.documents)
        case .wide: wide(scale.wideRows)
        case .fixed: fixed(scale.wideRows)
        case .blobs: blobs(scale.blobs)
        case .growing, .tls: payload
        case .earlyExit, .values, .roundTrip, .pipeline, .connect, .connections: nil
        }
    }

    func fill(_ connection: PostgresConnection) async throws {
        for statement in statements + ["VACUUM ANALYZE \(name)"] {
            try await connection.execute(PostgresQuery(unsafeSQL: statement), mode: .simple)
        }
    }

    private static func narrow(_ rows: Int) -> Table {
        Table(
            name: "narrow",
            statements: [
                """
                CREATE TABLE narrow AS
                    SELECT n::int8 AS id, (n % 1000)::int4 AS a, n * 0.5::float8 AS b FROM generate_series(1, \(rows)) n
                """
            ])
    }

    private static func documents(_ rows: Int) -> Table {
        Table(
            name: "document_table",
            statements: [
                """
                CREATE TABLE document_table AS
                    SELECT jsonb_build_object(
                        'id', n, 'name', 'customer number ' || n, 'score', (n % 10000) / 8.0,
                        'status', (ARRAY['active', 'pending', 'suspended', 'closed'])[1 + n % 4],
                        'tags', jsonb_build_array('tag' || n % 10, 'group' || n % 100, 'newsletter'),
                        'owner', jsonb_build_object('id', n % 1000, 'name', 'owner ' || n % 1000,
                            'email', 'owner' || n % 1000 || '@shop.example'),
                        'created_at', '2024-01-01T00:00:00Z', 'updated_at', '2025-06-30T12:34:56.789Z',
                        'is_active', n % 2 = 0) AS data
                    FROM generate_series(1, \(rows)) AS n
                """,
                "CREATE VIEW document AS SELECT data FROM document_table",
            ])
    }

    private static func wide(_ rows: Int) -> Table {
        Table(
            name: "wide",
            statements: [
                """
                CREATE TABLE wide AS
                    SELECT n::int4 AS id, n::int8 * 1000003 AS big, n * 0.25::float8 AS ratio,
                        (n / 100.0)::numeric(14, 2) AS amount, n % 2 = 0 AS flag, lpad(n::text, 20, 'abcdefghij') AS label,
                        rpad(md5(n::text), 80, 'remark ') AS note, timestamptz '2024-01-01 00:00:00Z' + n * interval '1 s' AS at,
                        md5(n::text)::uuid AS key, date '2000-01-01' + n % 10000 AS day, sha256(n::text::bytea) AS hash,
                        jsonb_build_object('n', n, 'ok', n % 2 = 0) AS extra
                    FROM generate_series(1, \(rows)) AS n
                """
            ])
    }

    private static func fixed(_ rows: Int) -> Table {
        Table(
            name: "fixed",
            statements: [
                """
                CREATE TABLE fixed AS
                    SELECT (n % 1000)::int2 AS small, n::int4 AS medium, n::int8 * 1000003 AS large, (n * 0.25)::float4 AS single,
                        n * 0.25::float8 AS double, n % 2 = 0 AS flag, date '2000-01-01' + n % 10000 AS day,
                        time '00:00' + n * interval '1 ms' AS time, timestamptz '2024-01-01 00:00Z' + n * interval '1 s' AS at,
                        timestamp '2024-01-01' + n * interval '1 s' AS local, n * interval '1 s' AS span,
                        md5(n::text)::uuid AS key, '0/0'::pg_lsn + n AS position, point(n, n + 0.5) AS point,
                        NULL::int8 AS nothing
                    FROM generate_series(1, \(rows)) AS n
                """
            ])
    }

    private static func blobs(_ rows: Int) -> Table {
        Table(
            name: "blob",
            statements: [
                "CREATE TABLE blob (data bytea)",
                "ALTER TABLE blob ALTER data SET STORAGE EXTERNAL",
                "INSERT INTO blob SELECT decode(repeat(md5(n::text), 4096), 'hex') FROM generate_series(1, \(rows)) n",
            ])
    }

    /// One row of each size, which the query repeats: the server reads it from its cache.
    private static let payload = Table(
        name: "payload",
        statements: [
            "CREATE TABLE payload (size int4, data bytea)",
            "ALTER TABLE payload ALTER data SET STORAGE EXTERNAL",
            """
            INSERT INTO payload SELECT size, decode(repeat('ab', size), 'hex')
                FROM unnest(ARRAY[\(Scale.growingSizes.map(String.init).joined(separator: ", "))]) AS size
            """,
        ])
}
