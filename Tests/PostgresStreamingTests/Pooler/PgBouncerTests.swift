import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Work through a real PgBouncer.
@Suite(.timeLimit(.minutes(1))) struct PgBouncerTests {
    @Test(arguments: PgBouncerOptions.Authentication.allCases)
    func `every way to authenticate works over TCP and over a Unix socket`(
        authentication: PgBouncerOptions.Authentication
    ) async throws {
        let options = PgBouncerOptions(authentication: authentication)
        try await LivePooler.run(inFrontOf: LiveServer.postgres18.server, options) { pooler in
            let method = authentication == .plain ? "password" : authentication.rawValue
            for url in [pooler.url("require_auth=\(method)"), pooler.socketURL("require_auth=\(method)")] {
                let connection = try await PostgresConnection.connect(url)
                #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
                await connection.close()
            }
        }
    }

    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `queries, parameters, errors and transactions work`(mode: PgBouncerOptions.PoolMode) async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, PgBouncerOptions(poolMode: mode)
        ) { pooler in
            let connection = try await PostgresConnection.connect(pooler.url())
            for number in 1...3 {
                let sum = try await connection.query("SELECT \(number) + 1").first()?.decode(Int.self)
                #expect(sum == number + 1)
                let error = await failure { try await connection.query("SELECT 1/0").first() }
                #expect(error?.sqlState == .divisionByZero)
                #expect(error?.isConnectionUsable == true)
            }
            try await connection.execute("BEGIN")
            try await connection.execute("CREATE TEMPORARY TABLE visitor (n int) ON COMMIT DROP")
            for number in 1...3 { try await connection.execute("INSERT INTO visitor VALUES (\(number)::int8)") }
            #expect(try await connection.query("SELECT count(*) FROM visitor").first()?.decode(Int.self) == 3)
            try await connection.execute("COMMIT")
            await connection.close()
        }
    }

    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `a long stream arrives whole`(mode: PgBouncerOptions.PoolMode) async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, PgBouncerOptions(poolMode: mode)
        ) { pooler in
            let connection = try await PostgresConnection.connect(pooler.url())
            var expected: Int64 = 0
            for try await number in try await connection.query("SELECT n::int8 FROM generate_series(1, 200000) n")
                .decode(Int64.self)
            {
                expected += 1
                if number != expected { break }
            }
            #expect(expected == 200_000)
            await connection.close()
        }
    }

    @Test func `clients that outnumber the server's connections take turns by transactions`() async throws {
        let options = PgBouncerOptions(poolMode: .transaction, settings: ["default_pool_size": "2"])
        try await LivePooler.run(inFrontOf: LiveServer.postgres15.server, options) { pooler in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for client in 1...6 {
                    group.addTask { [url = pooler.url()] in
                        let connection = try await PostgresConnection.connect(url)
                        var sum = 0
                        for number in 1...20 {
                            let row = try await connection.query("SELECT \(number)::int8 * \(client)::int8").first()
                            sum += try row?.decode(Int.self) ?? 0
                        }
                        await connection.close()
                        return sum - 210 * client
                    }
                }
                for try await difference in group { #expect(difference == 0) }
            }
        }
    }

    @Test func `a server that restarts behind it ends the sessions, and new ones work`() async throws {
        let server = try await LiveServer.postgres15.startAnother()
        try await LivePooler.run(inFrontOf: server) { pooler in
            let connection = try await PostgresConnection.connect(pooler.url())
            try await connection.execute("SELECT 1")
            try await server.restart()
            let error = await failure { try await connection.execute("SELECT 1") }
            #expect(error?.isConnectionUsable == false)
            #expect([.sessionEndedByServer, .connectionLost].contains(error?.code))
            let next = try await PostgresConnection.connect(pooler.url())
            #expect(try await next.query("SELECT 2").first()?.decode(Int.self) == 2)
            await next.close()
        }
        await server.stop()
    }

    @Test func `a PgBouncer that dies is reported with its log, and can be started again`() async throws {
        let pooler = try await LivePooler.start(inFrontOf: LiveServer.postgres15.server)
        let connection = try await PostgresConnection.connect(pooler.url())
        await pooler.crash()
        #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionLost)
        let error = await #expect(throws: PostgresServerError.self) { try await pooler.check() }
        #expect(error?.code == .crashed)
        #expect(error?.message.contains("signal 6") == true)
        #expect(error?.detail?.contains("process up") == true)
        try await pooler.restart()
        try await pooler.check()
        let next = try await PostgresConnection.connect(pooler.url())
        #expect(try await next.query("SELECT 2").first()?.decode(Int.self) == 2)
        await next.close()
        try await pooler.stop()
    }

    @Test func `a test is told of a PgBouncer that died under it, and begins anew where it may`() async throws {
        let server = try await LiveServer.postgres15.server
        var runs = 0
        let error = await #expect(throws: PostgresServerError.self) {
            try await LivePooler.run(inFrontOf: server, crashesMax: 1) { pooler in
                runs += 1
                await pooler.crash()
            }
        }
        #expect(error?.code == .crashed)
        #expect(error?.detail?.contains("process up") == true)
        #expect(runs == 2)
    }
}
