import PostgresStreaming

extension Verb {
    /// The ways to run statements.
    static let statements: [Verb] = [
        Verb(
            "execute", ["PostgresQuerying.execute(_:mode:options:)"], .statement,
            .connection { connection, number in
                try expect(await connection.execute(insertion(number))?.rows, 1)
            }),
        Verb(
            "script", [], .statement,
            .connection { connection, number in
                try await connection.execute(
                    "SELECT 1; INSERT INTO written VALUES (\(unsafeSQL: "\(number)")); SELECT 2", mode: .simple)
            }),
        Verb(
            "results",
            [
                "PostgresConnection.results(of:options:)", "RowResults.AsyncIterator.next()",
                "RowResults.AsyncIterator.next(isolation:)",
            ],
            .connection { connection, _ in
                var numbers: [Int] = []
                var iterator = try await connection.results(of: "SELECT 1; SELECT 2; SELECT 3").makeAsyncIterator()
                if let rows = try await iterator.next() { numbers.append(try await rows.only().decode(Int.self)) }
                while let rows = try await iterator.next(isolation: #isolation) {
                    numbers.append(try await rows.only().decode(Int.self))
                }
                try expect(numbers, [1, 2, 3])
            }),
        Verb(
            "kept", ["PostgresQuerying.query(_:mode:options:)", "PostgresQuerying.query(_:options:)"],
            .connection { connection, _ in
                for number in 1...3 { try expect(await double(number, on: connection), number * 2) }
            }),
        Verb(
            "prepared",
            [
                "PostgresConnection.prepare(_:parameters:)", "PostgresConnection.prepare(_:parameters:rows:)",
                "PreparedStatement.query(_:options:)",
            ],
            .connection { connection, _ in
                let rows = try await connection.prepare("SELECT $1::int4 * 2", parameters: Int.self)
                try expect(await rows.query(4).only().decode(Int.self), 8)
                let typed = try await connection.prepare("SELECT $1::int4 * 3", parameters: Int.self, rows: Int.self)
                try expect(await typed.query(5).only(), 15)
            }),
        Verb(
            "preparedExecute", ["PreparedStatement.execute(_:options:)"], .statement,
            .connection { connection, number in
                let statement = try await connection.prepare(
                    "INSERT INTO written VALUES ($1)", parameters: Int64.self)
                try expect(await statement.execute(number)?.rows, 1)
            }),
        Verb(
            "describe", ["PostgresConnection.describe(_:)"],
            .connection { connection, _ in
                try expect(await connection.describe("SELECT 1 AS one, 2 AS two").columns.map(\.name), ["one", "two"])
            }),
    ]

    /// Asks as code does that takes anything which runs queries.
    private static func double(_ number: Int, on session: some PostgresQuerying) async throws -> Int {
        number == 1
            ? try await session.query("SELECT \(number) * 2", options: StreamOptions()).only().decode(Int.self)
            : try await session.query("SELECT \(number) * 2", mode: .extended, options: StreamOptions()).only()
                .decode(Int.self)
    }

    /// What concerns the session itself.
    static let sessions: [Verb] = [
        Verb(
            "reset", ["PostgresConnection.reset()", "PostgresConnection.remains()"],
            .connection { connection, _ in
                try await connection.execute("SET work_mem = '4321kB'")
                try await connection.reset()
                let value = try await connection.query("SHOW work_mem").only().decode(String.self)
                try expect(value == "4321kB", false)
                try expect(await connection.remains().isClean, true)
            }),
        Verb(
            "heldSnapshots", ["PostgresQuerying.heldSnapshots(ageMin:inAllDatabases:)"],
            .connection { connection, _ in try expect(await connection.heldSnapshots(ageMin: .max).isEmpty, true) }),
        Verb(
            "position", ["PostgresConnection.position()"],
            .connection { connection, _ in _ = try await connection.position() }),
        Verb(
            "advisoryLock", ["PostgresConnection.withAdvisoryLock(_:mode:within:_:)"],
            .connection { connection, number in
                try await connection.withAdvisoryLock(PostgresAdvisoryKey(number), within: .seconds(1)) {
                    connection async throws in
                    try expect(await connection.query("SELECT 42").only().decode(Int.self), 42)
                }
            }),
        Verb(
            "close", ["PostgresConnection.close()"],
            .connection { connection, _ in
                try expect(await connection.query("SELECT 42").only().decode(Int.self), 42)
                await connection.close()
            }),
    ]
}
