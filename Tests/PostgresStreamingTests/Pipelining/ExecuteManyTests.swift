import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExecuteManyTests {
    @Test(arguments: LiveServer.allCases)
    func `rows of a sequence are written with the types of the table`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int, name text, at float4)")
        let rows = (1...10_000).lazy.map { n in (n, n % 3 == 0 ? nil : "name \(n)", Double(n) / 2) }
        var seen: [Int] = []
        let result = try await connection.executeMany("INSERT INTO made VALUES ($1, $2, $3)", over: rows) {
            seen.append($0)
        }
        #expect(result.rowCount == 10_000)
        #expect(result.affectedRows == 10_000)
        #expect(seen.last == 10_000)
        #expect(seen == seen.sorted())
        let (count, nulls, sum) = try await connection.query(
            "SELECT count(*), count(*) - count(name), sum(at::float8) FROM made"
        )
        .only().decode((Int, Int, Double).self)
        #expect(count == 10_000)
        #expect(nulls == 3_333)
        #expect(sum == 25_002_500)
        #expect(
            try await connection.query("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'")
                .only().decode(Int.self) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `the row that failed is named and all are undone`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY)")
        let rows = Array(1...5_000) + [77] + Array(5_001...9_000)
        let error = await failure { try await connection.executeMany("INSERT INTO made VALUES ($1)", over: rows) }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.statementIndex == 5_000)
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows that stand by themselves are told of one by one`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY)")
        let result = try await connection.executeMany(
            "INSERT INTO made VALUES ($1)", over: [1, 2, 1, 3, 2, 4] as [Int], .perStatement)
        #expect(result.rowCount == 4)
        #expect(result.failureCount == 2)
        #expect(result.failures.map(\.rowIndex) == [2, 4])
        #expect(result.failures.allSatisfy { $0.error.sqlState == .uniqueViolation })
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 4)
    }

    @Test(arguments: LiveServer.allCases)
    func `many rows that stand by themselves are told apart`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY, m int)")
        // One in 97 is there already.
        let rows = (1...20_000).lazy.map { n in (n % 97 == 0 ? 1 : n, n) }
        let result = try await connection.executeMany("INSERT INTO made VALUES ($1, $2)", over: rows, .perStatement)
        #expect(result.failureCount == 20_000 / 97)
        #expect(result.rowCount == 20_000 - 20_000 / 97)
        #expect(result.affectedRows == result.rowCount)
        #expect(result.failures.map(\.rowIndex) == (1...100).map { 97 * $0 - 1 })
        #expect(result.failures.allSatisfy { $0.error.sqlState == .uniqueViolation })
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == result.rowCount)
        #expect(try await connection.query("SELECT sum(m) FROM made").only().decode(Int.self) > 0)
    }

    @Test(arguments: LiveServer.allCases, [PipelineIsolation.allOrNothing, .perStatement])
    func `rows are a part of their transaction`(_ live: LiveServer, _ isolation: PipelineIsolation) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY)")
        try await connection.withTransaction { transaction in
            let result = try await transaction.executeMany(
                "INSERT INTO made VALUES ($1)", over: Array(1...3_000), isolation)
            #expect(result.rowCount == 3_000)
            let other = try await transaction.executeMany(
                "INSERT INTO made VALUES ($1) RETURNING n, n * 2", over: Array(3_001...3_003), isolation)
            #expect(other.affectedRows == 3)
        }
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 3_003)
        let error = await failure {
            try await connection.withTransaction { transaction in
                _ = try await transaction.executeMany(
                    "INSERT INTO made VALUES ($1)", over: [4_000, 1, 4_001] as [Int], isolation)
            }
        }
        #expect(error?.sqlState == .uniqueViolation || error?.code == .transactionRolledBack)
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 3_003)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows that a statement returns are read past, however many`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for isolation in [PipelineIsolation.allOrNothing, .perStatement] {
            let result = try await connection.executeMany(
                "SELECT g, repeat('x', $1) FROM generate_series(1, $2) AS g", over: (0..<300).map { ($0 * 10, $0) },
                isolation)
            #expect(result.rowCount == 300)
            #expect(result.affectedRows == (0..<300).reduce(0, +))
        }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows before one that is refused run where each stands by itself`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int2)")
        let error = await failure {
            try await connection.executeMany(
                "INSERT INTO made VALUES ($1)", over: [1, 2, 1 << 20] as [Int], .perStatement)
        }
        #expect(error?.statementIndex == 2)
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows may come from an asynchronous sequence`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int, m int)")
        let rows = AsyncStream { continuation in
            for n in 1...5_000 { continuation.yield((n, n * 2)) }
            continuation.finish()
        }
        let result = try await connection.executeMany("INSERT INTO made VALUES ($1, $2)", over: rows)
        #expect(result.affectedRows == 5_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `a value that does not fit is refused with its row, and nothing stays`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int2)")
        let error = await failure {
            try await connection.executeMany("INSERT INTO made VALUES ($1)", over: [1, 2, 1 << 20] as [Int])
        }
        #expect(error?.code == .parameterInvalid)
        #expect(error?.statementIndex == 2)
        #expect(error?.message.hasPrefix("row 2: parameter $1: ") == true)
        let count = await failure {
            try await connection.executeMany("INSERT INTO made VALUES ($1)", over: [(1, 2)] as [(Int, Int)])
        }
        #expect(count?.code == .parameterInvalid)
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a batch returns the results of its queries together`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY)")
        let results = try await connection.batch([
            "INSERT INTO made VALUES (\(1)), (\(2))", "SELECT n FROM made ORDER BY n", "SELECT \(1.5), \("x")",
        ])
        #expect(results.map(\.outcome) == [.tookEffect, .tookEffect, .tookEffect])
        #expect(results[0].commandTag?.rows == 2)
        #expect(try results[1].rows.map { try $0.decode(Int.self) } == [1, 2])
        #expect(try results[2].rows[0].decode((Double, String).self) == (1.5, "x"))
        let failed = try await connection.batch(
            ["INSERT INTO made VALUES (3)", "INSERT INTO made VALUES (1)", "SELECT 4"], .perStatement)
        #expect(failed.map(\.outcome) == [.tookEffect, .undone, .tookEffect])
        #expect(failed[1].error?.sqlState == .uniqueViolation)
        let error = await failure { try await connection.batch(["INSERT INTO made VALUES (5)", "SELECT nothing"]) }
        #expect(error?.statementIndex == 1)
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 3)
    }
}
