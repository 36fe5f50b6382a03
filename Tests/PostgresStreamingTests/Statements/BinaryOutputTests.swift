import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Values of types that the server cannot send in binary, such as privileges, on real servers.
@Suite(.timeLimit(.minutes(1))) struct BinaryOutputTests {
    /// The privileges of the first relations are NULL, and the failure would come in the middle of the rows.
    private static let privileges: PostgresQuery =
        "SELECT relname, oid, relacl FROM pg_class ORDER BY relacl IS NOT NULL, relname"

    private typealias Relation = (String, UInt32, String?)

    private func connections(_ live: LiveServer) async throws -> [PostgresConnection] {
        var connections: [PostgresConnection] = []
        for change: (inout PostgresConfiguration) -> Void in [
            { _ in }, { $0.statementCache.countMax = 0 }, { $0.pooler = .transaction },
        ] {
            var configuration = try PostgresConfiguration(connectionString: try await live.server.url)
            change(&configuration)
            connections.append(try await PostgresConnection.connect(configuration))
        }
        return connections
    }

    @Test(arguments: LiveServer.allCases)
    func `privileges are read as text beside columns in binary`(_ live: LiveServer) async throws {
        for connection in try await connections(live) {
            for _ in 1...3 {
                var (count, nulls, isOid) = (0, 0, true)
                for try await (_, oid, privileges) in try await connection.query(Self.privileges).decode(Relation.self)
                {
                    count += 1
                    nulls += privileges == nil ? 1 : 0
                    isOid = isOid && oid > 0
                    #expect(privileges.map { $0.hasPrefix("{") && $0.contains("/") } ?? true)
                }
                #expect(nulls > 10 && count > nulls && isOid)
            }
            #expect(connection.transactionStatus == .idle)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction nothing fails either`(_ live: LiveServer) async throws {
        for connection in try await connections(live) {
            try await connection.withTransaction { transaction in
                let name: String? = try await transaction.query("SELECT current_user::text").only().decode(String.self)
                for _ in 1...2 {
                    let rows = try await transaction.query(Self.privileges).collect()
                    #expect(rows.count > 100)
                }
                let item = try await transaction.query("SELECT makeaclitem(10, 10, 'SELECT', false)").only()
                let text = try item.decode(String.self)
                #expect(text == "\(name ?? "")=r/\(name ?? "")")
            }
            // The first statement of a transaction too, which BEGIN goes before.
            try await connection.withTransaction { transaction in
                let namespaces = try await transaction.query("SELECT * FROM pg_namespace").collect()
                #expect(namespaces.count > 3)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a statement that does not look like it is asked for again, and remembered`(_ live: LiveServer) async throws {
        for connection in try await connections(live) {
            try await connection.execute("CREATE TEMPORARY VIEW given AS SELECT 1 AS n, acldefault('r', 10) AS rights")
            try await connection.execute("CREATE TEMPORARY VIEW one AS SELECT 1 AS n, (acldefault('r', 10))[1] AS it")
            for view in ["given", "one"] {
                for _ in 1...3 {
                    let query: PostgresQuery = "SELECT * FROM \(identifier: view)"
                    let (number, rights) = try await connection.query(query).only().decode((Int, String).self)
                    #expect(number == 1 && rights.contains("=arwdDxt"))
                }
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what is first met within a transaction fails none`(_ live: LiveServer) async throws {
        try await OwnTypes.withEveryConnection(live) { connection in
            for view in ["rights", "spans", "stretches", "span_lists"] {
                for _ in 1...2 {
                    let number = try await connection.withTransaction { transaction in
                        _ = try await transaction.query("SELECT 1").only()
                        let rows = try await transaction.query("SELECT * FROM \(identifier: view)")
                        return try await rows.only().decode(column: 0, as: Int32.self)
                    }
                    #expect(number == 1)
                }
            }
            // Neither does one that SQL began, or a savepoint.
            try await connection.execute("BEGIN")
            #expect(
                try await connection.query("SELECT span, 5 FROM spans").only().decode((String, Int32).self) == (
                    "1 .. 2", 5
                ))
            try await connection.execute("COMMIT")
            try await connection.withTransaction { transaction in
                _ = try await transaction.query("SELECT 2").only()
                try await transaction.withSavepoint { inner in
                    let row = try await inner.query("SELECT span, 6 FROM spans").only()
                    #expect(try row.decode((String, Int32).self) == ("1 .. 2", 6))
                }
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the first statement of a transaction too`(_ live: LiveServer) async throws {
        try await OwnTypes.withEveryConnection(live) { connection in
            for view in ["rights", "spans", "stretches", "span_lists"] {
                let number = try await connection.withTransaction { transaction in
                    let rows = try await transaction.query("SELECT * FROM \(identifier: view)")
                    return try await rows.only().decode(column: 0, as: Int32.self)
                }
                #expect(number == 1)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `composite types and arrays may hold what has no binary form`(_ live: LiveServer) async throws {
        try await OwnTypes.withEveryConnection(live) { connection in
            for _ in 1...3 {
                let row = try await connection.query(
                    "SELECT n, stretch, spans FROM stretches JOIN span_lists USING (n)"
                ).only()
                let (number, stretch, spans) = try row.decode((Int32, PostgresRecord, [String]).self)
                #expect(number == 1 && spans == ["1 .. 2", "3"])
                #expect(try stretch.fields[1]?.decode(String.self) == "1 .. 2")
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `statistics are arrays of any type`(_ live: LiveServer) async throws {
        try await OwnTypes.withEveryConnection(live) { connection in
            try await connection.execute("ANALYZE pg_class")
            try await connection.execute("ANALYZE pg_attribute")
            for _ in 1...3 {
                let rows = try await connection.query("SELECT * FROM pg_stats").collect()
                #expect(rows.count > 20)
                let values = try rows.compactMap { try $0.decode(column: "most_common_vals", as: String?.self) }
                #expect(!values.isEmpty && values.allSatisfy { $0.hasPrefix("{") })
                let kinds = try await connection.query(
                    "SELECT most_common_vals FROM pg_stats WHERE tablename = 'pg_class' AND attname = 'relkind'"
                ).only().decode([String].self)
                #expect(kinds.contains("i"))
            }
            try await connection.withTransaction { transaction in
                _ = try await transaction.query("SELECT 1").only()
                let rows = try await transaction.query("SELECT * FROM pg_stats AS s").collect()
                #expect(rows.count > 20)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `records may hold privileges`(_ live: LiveServer) async throws {
        let queries: [PostgresQuery] = [
            "SELECT ROW(relacl, 7) FROM pg_class WHERE relname = 'pg_class'",
            "SELECT ROW(it, 7) FROM rights", "SELECT ROW(span, 7) FROM spans",
        ]
        try await OwnTypes.withEveryConnection(live) { connection in
            for query in queries {
                for _ in 1...3 {
                    let record = try await connection.query(query).only().decode(PostgresRecord.self)
                    #expect(try record.fields[0]?.decode(String.self).isEmpty == false)
                    #expect(try record.fields[1]?.decode(Int32.self) == 7)
                }
            }
            let record = try await connection.withTransaction { transaction in
                _ = try await transaction.query("SELECT 1").only()
                return try await transaction.query("SELECT ROW(relacl, 8) FROM pg_class WHERE relname = 'pg_class'")
                    .only()
                    .decode(PostgresRecord.self)
            }
            #expect(try record.fields[1]?.decode(Int32.self) == 8)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a prepared statement knows of types of one's own too`(_ live: LiveServer) async throws {
        let connection = try await OwnTypes.connect(live)
        let find = try await connection.prepare("SELECT span, $1::int4 FROM spans", parameters: Int.self)
        try await connection.withTransaction { transaction in
            _ = try await transaction.query("SELECT 1").only()
            let row = try await find.query(5).only()
            #expect(try row.decode((String, Int32).self) == ("1 .. 2", 5))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `behind a pooler nothing fails either`(_ live: LiveServer) async throws {
        _ = try await OwnTypes.connect(live)
        try await LivePooler.run(inFrontOf: live.server, PgBouncerOptions(poolMode: .transaction)) { pooler in
            var configuration = try PostgresConfiguration(connectionString: pooler.url(database: OwnTypes.database))
            configuration.pooler = .transaction
            let connection = try await PostgresConnection.connect(configuration)
            for number in 1...2 {
                let span = try await connection.withTransaction { transaction in
                    _ = try await transaction.query("SELECT \(number)").only()
                    return try await transaction.query("SELECT span FROM spans").only().decode(String.self)
                }
                #expect(span == "1 .. 2")
                let record = try await connection.query("SELECT ROW(span) FROM spans").only().decode(
                    PostgresRecord.self)
                #expect(record.fields.count == 1)
            }
            await connection.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a type of one's own without a binary form is asked for as text`(_ live: LiveServer) async throws {
        for connection in try await connections(live) {
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS without_send")
            try await connection.execute(
                """
                DO $$ BEGIN
                    CREATE TYPE without_send.whole;
                    CREATE FUNCTION without_send.whole_in(cstring) RETURNS without_send.whole
                        LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
                    CREATE FUNCTION without_send.whole_out(without_send.whole) RETURNS cstring
                        LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
                    CREATE TYPE without_send.whole
                        (INPUT = without_send.whole_in, OUTPUT = without_send.whole_out, LIKE = int4);
                EXCEPTION WHEN duplicate_object OR duplicate_function THEN NULL;
                END $$
                """)
            for _ in 1...3 {
                let row = try await connection.query("SELECT 7, '42'::without_send.whole, now()").only()
                let (seven, whole, _) = try row.decode((Int, String, PostgresTimestampTZ).self)
                #expect(seven == 7 && whole == "42")
            }
            #expect(connection.transactionStatus == .idle)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `columns that come and go are noticed`(_ live: LiveServer) async throws {
        for connection in try await connections(live) {
            try await connection.execute("CREATE TEMPORARY TABLE rights (n int, acl aclitem)")
            try await connection.execute("INSERT INTO rights VALUES (1, makeaclitem(10, 10, 'SELECT', false))")
            for added in ["", "m int", "k aclitem"] {
                if !added.isEmpty { try await connection.execute("ALTER TABLE rights ADD COLUMN \(unsafeSQL: added)") }
                for _ in 1...3 {
                    let row = try await connection.query("SELECT * FROM rights /* acl */").only()
                    #expect(try row.decode(column: 0, as: Int.self) == 1)
                    #expect(try row.decode(column: 1, as: String.self).contains("=r/"))
                }
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a prepared statement knows from the start`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let find = try await connection.prepare(
            "SELECT relname, relacl FROM pg_class WHERE relname = $1", parameters: String.self)
        for _ in 1...2 {
            let (name, privileges) = try await find.query("pg_class").only().decode((String, String?).self)
            #expect(name == "pg_class" && privileges?.contains("=r/") == true)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `another function that is missing fails as itself, once`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY SEQUENCE runs")
        let error = await failure {
            for try await _ in try await connection.query("SELECT nextval('runs'), nowhere() /* acl */") {}
        }
        #expect(error?.sqlState == .undefinedFunction)
        #expect(try await connection.query("SELECT nextval('runs')").only().decode(Int.self) == 1)
    }
}
