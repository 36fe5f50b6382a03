import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// How often the server is asked for types, and when what was learned is forgotten.
@Suite(.timeLimit(.minutes(2))) struct RememberedTypesTests {
    /// A connection whose round trips are counted.
    private struct Counted {
        let connection: PostgresConnection
        let trips: Locked<Int>

        init(_ url: String, change: (inout PostgresConfiguration) -> Void = { _ in }) async throws {
            var configuration = try PostgresConfiguration(connectionString: url)
            let trips = Locked(0)
            configuration.wireTrace = PostgresWireTrace { line in
                if line.contains(" ReadyForQuery ") { trips.withLock { $0 += 1 } }
            }
            change(&configuration)
            connection = try await PostgresConnection.connect(configuration)
            self.trips = trips
        }

        /// The round trips since the last call.
        func taken() -> Int {
            trips.withLock { trips in
                defer { trips = 0 }
                return trips
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a text is asked about once in a process`(server: LiveServer) async throws {
        let tag = Int.random(in: 0 ... .max)
        let query: PostgresQuery = "SELECT repeat('x', \(3)) AS \(identifier: "once \(tag)")"
        let first = try await Counted(server.server.url)
        _ = first.taken()
        // It runs as it is written, is asked about, and runs.
        for trips in [3, 1, 1] {
            #expect(try await first.connection.query(query).only().decode(String.self) == "xxx")
            #expect(first.taken() == trips)
        }
        for change: (inout PostgresConfiguration) -> Void in [
            { _ in }, { $0.pooler = .transaction }, { $0.statementCache = .off },
        ] {
            let second = try await Counted(server.server.url, change: change)
            _ = second.taken()
            for _ in 1...3 {
                #expect(try await second.connection.query(query).only().decode(String.self) == "xxx")
                #expect(second.taken() == 1)
            }
            await second.connection.close()
        }
        await first.connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what its own types fit is not asked about, and floats and NULL once`(server: LiveServer) async throws {
        let counted = try await Counted(server.server.url)
        _ = counted.taken()
        let tag: PostgresQuery = "'\(unsafeSQL: "\(Int.random(in: 0 ... .max))")'"
        try await counted.connection.execute("SELECT \("text"), \(true), \(3, as: .float8), \(tag)")
        #expect(counted.taken() == 1)
        try await counted.connection.execute(
            "SELECT n FROM generate_series(1, \(3)) AS n WHERE n > \(0) AND \(tag) > ''")
        #expect(counted.taken() == 1)
        for trips in [2, 1] {
            try await counted.connection.execute("SELECT 1.5 * \(0.1), \(tag)")
            #expect(counted.taken() == trips)
        }
        // In a transaction nothing may fail.
        try await counted.connection.withTransaction { transaction async throws in
            for trips in [2, 1] {
                try await transaction.execute("SELECT 5 + \(3), \(tag)")
                #expect(counted.taken() == trips)
            }
        }
        await counted.connection.close()
    }

    @Test func `what is remembered has a bound in bytes, for one statement and for all of them`() async throws {
        let tag = Int.random(in: 0 ... .max)
        // A connection that never saw the statement takes one round trip where its types are known, and else three.
        func trips(_ number: Int, kibibytes: Int) async throws -> Int {
            let counted = try await Counted(LiveServer.postgres15.server.url)
            _ = counted.taken()
            let padding = String(repeating: " ", count: kibibytes << 10)
            let name = "bound \(tag) \(number)"
            try await counted.connection.execute(
                "SELECT repeat('x', \(3)) AS \(identifier: name)\(unsafeSQL: padding)")
            await counted.connection.close()
            return counted.taken()
        }
        for expected in [3, 3] { #expect(try await trips(0, kibibytes: 600) == expected) }
        for expected in [3, 1] { #expect(try await trips(1, kibibytes: 400) == expected) }
        for number in 2...12 { #expect(try await trips(number, kibibytes: 400) == 3) }
        #expect(try await trips(12, kibibytes: 400) == 1)
        #expect(try await trips(1, kibibytes: 400) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `what was learned on another search path is not taken`(server: LiveServer) async throws {
        let tag = "typed_\(UInt64.random(in: 0 ... .max))"
        let owner = try await server.connect()
        for (schema, type) in [("\(tag)_a", "int4"), ("\(tag)_b", "numeric")] {
            try await owner.execute("CREATE SCHEMA \(identifier: schema)")
            try await owner.execute(
                "CREATE TABLE \(identifier: schema, "amount") (n \(unsafeSQL: type))")
        }
        let insert: PostgresQuery = "INSERT INTO amount (n) VALUES (\(2.0 + 1e-9 * 0))"
        let exact: PostgresQuery = "INSERT INTO amount (n) VALUES (\(0.1 + 0.2))"
        func connection(_ schema: String) async throws -> PostgresConnection {
            let connection = try await server.connect()
            try await connection.execute("SET search_path = \(identifier: schema)")
            return connection
        }
        let first = try await connection("\(tag)_a")
        try await first.execute(insert)
        let second = try await connection("\(tag)_b")
        try await second.execute(exact)
        let stored: String = try await second.query("SELECT n::text FROM amount").only().decode(String.self)
        #expect(stored == "0.30000000000000004")
        // The same connection on another path.
        try await first.execute("SET search_path = \(identifier: "\(tag)_b")")
        try await first.execute(exact)
        let both = try await first.query("SELECT n::text FROM amount").collect()
        #expect(both.count == 2)
        for schema in ["\(tag)_a", "\(tag)_b"] {
            try await owner.execute("DROP SCHEMA \(identifier: schema) CASCADE")
        }
        await first.close()
        await second.close()
        await owner.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `types that do not fit any more are asked for again`(server: LiveServer) async throws {
        let table = "typed_\(UInt64.random(in: 0 ... .max))"
        let counted = try await Counted(server.server.url)
        try await counted.connection.execute("CREATE TABLE \(identifier: table) (id int4)")
        let query: PostgresQuery = "SELECT count(*) FROM \(identifier: table) WHERE id = \(nil as Int?)"
        for _ in 1...3 { #expect(try await counted.connection.query(query).only().decode(Int.self) == 0) }
        try await counted.connection.execute("DROP TABLE \(identifier: table)")
        try await counted.connection.execute("CREATE TABLE \(identifier: table) (id uuid)")
        for _ in 1...3 { #expect(try await counted.connection.query(query).only().decode(Int.self) == 0) }
        _ = counted.taken()
        #expect(try await counted.connection.query(query).only().decode(Int.self) == 0)
        #expect(counted.taken() == 1)
        try await counted.connection.execute("DROP TABLE \(identifier: table)")
        await counted.connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a NULL that came first does not decide for values`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE DOMAIN pg_temp.share AS float8")
        try await connection.execute("CREATE TEMPORARY TABLE part (price money, shares share)")
        for price in [nil, 5, nil] as [Int?] {
            try await connection.execute("INSERT INTO part VALUES (\(price), \(price.map(Double.init)))")
        }
        #expect(
            try await connection.query("SELECT count(*) FROM part WHERE price = 5::money AND shares = 5").only()
                .decode(Int.self) == 1)
        try await connection.execute("CREATE TEMPORARY TABLE day (at timestamp)")
        let days: [PostgresDate?] = [nil, PostgresDate(year: 2026, month: 2, day: 3), nil]
        for day in days { try await connection.execute("INSERT INTO day VALUES (\(day))") }
        let stored = try await connection.query("SELECT at::text FROM day WHERE at IS NOT NULL").only()
            .decode(String.self)
        #expect(stored == "2026-02-03 00:00:00")
        await connection.close()
    }

    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `behind a pooler it is asked once as well`(mode: PgBouncerOptions.PoolMode) async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, PgBouncerOptions(poolMode: mode)
        ) { pooler in
            let tag = Int.random(in: 0 ... .max)
            let counted = try await Counted(pooler.url()) { if mode == .transaction { $0.pooler = .transaction } }
            _ = counted.taken()
            for trips in [3, 1, 1] {
                let text: String = try await counted.connection.query(
                    "SELECT repeat('x', \(2)) AS \(identifier: "pooled \(tag)")"
                ).only().decode(String.self)
                #expect(text == "xx" && counted.taken() == trips)
            }
            try await counted.connection.withTransaction { transaction async throws in
                let count: Int64 = try await transaction.query("SELECT \(1) + \(1)").only().decode(Int64.self)
                #expect(count == 2)
            }
            await counted.connection.close()
        }
    }
}
