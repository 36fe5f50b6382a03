internal import PostgresStreaming

extension Tracker {
    static let statements: [PostgresQuery] = [
        "CREATE SCHEMA tracker",
        """
        CREATE TABLE tracker.tb_user (id int PRIMARY KEY, name text, email text, region text, age int)
        """,
        """
        CREATE TABLE tracker.tb_project (id int PRIMARY KEY, owner int REFERENCES tracker.tb_user, name text, status text,
            stars int, tags text[], created_at timestamptz)
        """,
        "CREATE TABLE tracker.tb_task (id int PRIMARY KEY, project int REFERENCES tracker.tb_project, title text, due date)",
        "CREATE TABLE tracker.tb_document (id int PRIMARY KEY, project int REFERENCES tracker.tb_project, body text)",
        """
        INSERT INTO tracker.tb_user SELECT n, (ARRAY['Grace', 'Ada', 'émile', 'Zoë'])[1 + n % 4] || ' ' || n,
            'user' || n || '@tracker.example', (ARRAY['north', 'south'])[1 + n % 2], NULLIF(18 + n % 50, 18)
        FROM generate_series(1, 100) AS n
        """,
        """
        INSERT INTO tracker.tb_project SELECT n, 1 + n % 100, 'project ' || n, (ARRAY['active', 'paused', 'done'])[1 + n % 3],
            n % 500, CASE WHEN n % 2 = 0 THEN '{swift,sql}'::text[] ELSE '{rust}' END,
            timestamptz '2026-01-01 00:00Z' + n * interval '1 hour'
        FROM generate_series(1, 20000) AS n
        """,
        """
        INSERT INTO tracker.tb_task SELECT n, 1 + n % 20000, 'task ' || n, CASE WHEN n % 3 > 0 THEN date '2026-01-01' + n % 365 END
        FROM generate_series(1, 50000) AS n
        """,
        """
        INSERT INTO tracker.tb_document SELECT n, n, 'The quick brown fox number ' || n || ' jumps over lazy dogs.'
        FROM generate_series(1, 300) AS n
        """,
        """
        CREATE VIEW tracker.v_user AS SELECT id, to_jsonb(u) AS data FROM tracker.tb_user AS u
        """,
        """
        CREATE VIEW tracker.v_project AS SELECT p.id, p.created_at, to_jsonb(p) - 'owner' || jsonb_build_object(
            'owner', jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email)) AS data
        FROM tracker.tb_project AS p JOIN tracker.tb_user AS u ON u.id = p.owner
        """,
        "CREATE VIEW tracker.v_task AS SELECT id, to_jsonb(t) AS data FROM tracker.tb_task AS t",
        // A view of type json, whose text is as it was written.
        "CREATE VIEW tracker.v_document AS SELECT id, row_to_json(d) AS data FROM tracker.tb_document AS d",
        // What is read often is kept ready.
        "CREATE TABLE tracker.tv_project AS SELECT id, data FROM tracker.v_project",
    ]
}
