import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Parameters whose types the server says, on real servers: in a first run and in later ones, and in a transaction.
@Suite(.timeLimit(.minutes(2))) struct InferredTypesTests {
    /// How the queries of a test are run.
    enum Place: CaseIterable { case plain, transaction, transactionPooler, uncached }

    private static let cases: [(LiveServer, Place)] = LiveServer.allCases.flatMap { server in
        Place.allCases.map { (server, $0) }
    }

    /// Runs `body` three times with a connection of its own.
    private func run(
        _ server: LiveServer, _ place: Place,
        _ body: nonisolated(nonsending) (any PostgresQuerying) async throws -> Void
    ) async throws {
        var configuration = try await PostgresConfiguration(connectionString: server.server.url)
        if place == .transactionPooler { configuration.pooler = .transaction }
        if place == .uncached { configuration.statementCache = .off }
        let connection = try await PostgresConnection.connect(configuration)
        for _ in 1...3 {
            if place == .transaction {
                try await connection.withTransaction { transaction async throws in try await body(transaction) }
            } else {
                try await body(connection)
            }
        }
        await connection.close()
    }

    private func value<Value: PostgresDecodable & Sendable>(
        _ query: PostgresQuery, on database: any PostgresQuerying, as type: Value.Type = Value.self
    ) async throws -> Value {
        try await database.query(query).only().decode(Value.self)
    }

    @Test(arguments: Self.cases)
    func `integers are what functions and operators take`(server: LiveServer, place: Place) async throws {
        try await run(server, place) { database async throws in
            let text: String = try await value("SELECT repeat('x', \(3))", on: database)
            #expect(text == "xxx")
            let date: String = try await value("SELECT (date '2026-01-30' + \(3))::text", on: database)
            #expect(date == "2026-02-02")
            let element: String = try await value("SELECT ('[7, 8]'::jsonb -> \(1))::text", on: database)
            #expect(element == "8")
            let rounded: String = try await value("SELECT round(3.14159, \(2))::text", on: database)
            #expect(rounded == "3.14")
            let contains: Bool = try await value("SELECT ARRAY[1, 2]::int4[] @> \([1])", on: database)
            #expect(contains)
            let minus: String = try await value("SELECT (date '2026-01-03' - \(3))::text", on: database)
            #expect(minus == "2025-12-31")
            let part: String = try await value("SELECT substr('abcdef', \(2), \(3))", on: database)
            #expect(part == "bcd")
        }
    }

    @Test(arguments: Self.cases)
    func `what the server cannot say is declared as before`(server: LiveServer, place: Place) async throws {
        try await run(server, place) { database async throws in
            #expect(try await value("SELECT \(3)", on: database, as: Int64.self) == 3)
            #expect(try await value("SELECT \(1) + \(2)", on: database, as: Int64.self) == 3)
            #expect(try await value("SELECT \(1.5)", on: database, as: Double.self) == 1.5)
            #expect(try await value("SELECT \([1, 2])", on: database, as: [Int64].self) == [1, 2])
            let object: String = try await value("SELECT jsonb_build_object('a', \(3))::text", on: database)
            #expect(object == #"{"a": 3}"#)
            #expect(try await value("SELECT \([1, 2] as [UInt8])", on: database, as: [UInt8].self) == [1, 2])
            #expect(try await value("SELECT \(nil as Int?) IS NULL", on: database, as: Bool.self))
            #expect(try await value("SELECT format('%s', \(3))", on: database, as: String.self) == "3")
            #expect(try await value("SELECT COALESCE(\(nil as Int?), \(4))", on: database, as: Int64.self) == 4)
        }
    }

    @Test(arguments: Self.cases)
    func `a value becomes the column's exactly`(server: LiveServer, place: Place) async throws {
        try await run(server, place) { database async throws in
            try await database.execute(
                """
                CREATE TEMPORARY TABLE IF NOT EXISTS exact
                (n numeric, i int2, u uuid, j jsonb, t text, f real)
                """)
            try await database.execute("TRUNCATE exact")
            try await database.execute(
                "INSERT INTO exact (n, i, u, f) VALUES (\(0.1 + 0.2), \(7), \(nil as Int?), \(0.5))")
            #expect(try await value("SELECT n::text FROM exact", on: database) == "0.30000000000000004")
            #expect(try await value("SELECT i FROM exact WHERE i = \(7) AND f = \(0.5)", on: database) == Int16(7))
            let json = [UInt8](#"{"a": [1, 2]}"#.utf8)
            try await database.execute("UPDATE exact SET j = \(json), t = \(json, as: .text)")
            #expect(try await value("SELECT j ->> 'a' FROM exact", on: database) == "[1, 2]")
            #expect(try await value("SELECT t FROM exact", on: database) == #"{"a": [1, 2]}"#)
            try await database.execute(
                "UPDATE exact SET j = \(nil as Double?), t = \(nil as Int?), i = \(nil as Bool?)")
            #expect(try await value("SELECT j IS NULL AND t IS NULL AND i IS NULL FROM exact", on: database))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `numbers are computed and compared as what they are`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE few (i int4, f real, n numeric)")
        try await connection.execute("INSERT INTO few VALUES (\(1), \(1.5), \(1.1))")
        #expect(try await value("SELECT count(*) FROM few WHERE i = \(5_000_000_000)", on: connection) == 0)
        #expect(try await value("SELECT count(*) FROM few WHERE i < \(1.5) AND f > \(0.1)", on: connection) == 1)
        #expect(try await value("SELECT count(*) FROM few WHERE i = ANY(\([1, 5_000_000_000]))", on: connection) == 1)
        #expect(try await value("SELECT i / \(2.0) FROM few", on: connection) == 0.5)
        #expect(try await value("SELECT i * \(3_000) * 1000000 FROM few", on: connection) == 3_000_000_000)
        #expect(try await value("SELECT (n * \(1.1))::text FROM few", on: connection) == "1.21")
        #expect(try await value("SELECT \(-5) + abs(\(-5))", on: connection) == 0)
        #expect(try await value("SELECT coalesce(\(0.5), 0)", on: connection) == 0.5)
        let error = await failure { try await connection.execute("INSERT INTO few (i) VALUES (\(5_000_000_000))") }
        #expect(error?.sqlState == .numericValueOutOfRange)
        // What was narrowed for a small number is not for a large one.
        #expect(try await value("SELECT left('abc', \(2))", on: connection) == "ab")
        let large = await failure { try await connection.query("SELECT left('abc', \(5_000_000_000))").first() }
        #expect(large?.sqlState == .undefinedFunction && large?.hint?.contains("$1 bigint") == true)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `unsigned integers, sets and ranges are what columns take`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE wide (b bigint, i int4, r int4range, a int4[], n numeric)")
        for _ in 1...2 {
            try await connection.execute(
                """
                INSERT INTO wide VALUES (
                    \(7 as UInt64), \(7 as UInt32), \(PostgresRange(1..<5)), \([3] as Set<Int>), \(UInt64.max))
                """)
            let count: Int64 = try await value(
                "SELECT count(*) FROM wide WHERE r && \(2..<3) AND b = \(7 as UInt) AND \(3 as UInt16) = ANY(a) AND r @> \(2)",
                on: connection)
            #expect(count > 0)
        }
        #expect(try await value("SELECT n::text FROM wide LIMIT 1", on: connection) == "\(UInt64.max)")
        #expect(try await value("SELECT repeat('x', \(3 as UInt32))", on: connection) == "xxx")
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what one parameter needs is not lost over another`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE mixed (n numeric, d date, j jsonb)")
        for _ in 1...2 {
            try await connection.execute(
                "INSERT INTO mixed VALUES (\(0.1 + 0.2), date '2026-01-01' + \(3), jsonb_build_object('a', \(3)))")
        }
        let (n, d, j) = try await connection.query("SELECT n::text, d::text, j::text FROM mixed LIMIT 1").only()
            .decode((String, String, String).self)
        #expect(n == "0.30000000000000004" && d == "2026-01-04" && j == #"{"a": 3}"#)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a cast in the text is what it says`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for _ in 1...2 {
            #expect(try await value("SELECT \(2.7)::int4", on: connection) == Int32(3))
            #expect(try await value("SELECT ( \(2.7) )::int4", on: connection) == Int32(3))
            #expect(try await value("SELECT CAST( \(2.7) AS int4)", on: connection) == Int32(3))
            #expect(try await value("SELECT \(3)::boolean", on: connection))
            #expect(try await value("SELECT \(nil as Int?)::uuid IS NULL", on: connection))
            #expect(try await value("SELECT (\([123, 125] as [UInt8])::jsonb)::text", on: connection) == "{}")
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `where nothing helps the error names the declared types`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for isInBlock in [false, true] {
            if isInBlock { try await connection.execute("BEGIN") }
            let error = await failure { try await connection.query("SELECT \(3) || point(1, 2)").first() }
            #expect(error?.sqlState == .undefinedFunction)
            #expect(error?.hint?.contains("$1 bigint") == true && error?.hint?.contains("as: ") == true)
            #expect(error?.isConnectionUsable == true)
            if isInBlock { try await connection.execute("ROLLBACK") }
            let declared = await failure { try await connection.query("SELECT repeat('x', \(3, as: .int8))").first() }
            #expect(declared?.sqlState == .undefinedFunction && declared?.hint?.contains("$1 bigint") == true)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a transaction goes on after questions that the server could not answer`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let number = Int.random(in: 1...1_000_000)
        let sum = try await connection.withTransaction { transaction async throws in
            try await transaction.execute("CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT \(number) AS n")
            let json: String = try await transaction.query("SELECT to_json(\(number))::text").only().decode(String.self)
            #expect(json == "\(number)")
            let sum: Int64 = try await transaction.query("SELECT n + \(1) FROM kept").only().decode(Int64.self)
            return try await transaction.withSavepoint { _ in sum }
        }
        #expect(sum == Int64(number) + 1 && connection.transactionStatus == .idle)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `it can be turned off`(server: LiveServer) async throws {
        var configuration = try await PostgresConfiguration(connectionString: server.server.url)
        configuration.infersParameterTypes = false
        let connection = try await PostgresConnection.connect(configuration)
        let error = await failure { try await connection.query("SELECT repeat('x', \(3))").first() }
        #expect(error?.sqlState == .undefinedFunction && error?.hint?.contains("$1 bigint") == true)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a description says what the statement takes`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for _ in 1...2 {
            let description = try await connection.describe("SELECT repeat('x', \(3)), \(4)")
            #expect(description.parameterTypes == [.int4, .int8] && description.columns.map(\.type) == [.text, .int8])
        }
        try await connection.withTransaction { transaction async throws in
            #expect(try await transaction.query("SELECT left('abc', \(2))").only().decode(String.self) == "ab")
        }
        await connection.close()
    }
}
