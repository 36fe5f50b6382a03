import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Cancel requests through a real PgBouncer.
///
/// It passes a request on to the server and closes the cancel connection once the server has closed its own, so the
/// barrier holds through it. Of a client that waits for a server it says "cancel request for idle client" to its log
/// alone, and does nothing.
@Suite(.timeLimit(.minutes(1))) struct PoolerCancelTests {
    private static let crashesMax = 3

    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `streams that are left early are cancelled through it, and hit nobody's next query`(
        mode: PgBouncerOptions.PoolMode
    ) async throws {
        let options = PgBouncerOptions(
            poolMode: mode, settings: ["default_pool_size": mode == .session ? "4" : "2"])
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, options, crashesMax: Self.crashesMax
        ) { pooler in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...4 {
                    group.addTask { [url = pooler.url("connect_timeout=30")] in try await Self.leaveOften(url) }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Leaves answers that are at their end, and some that are far from it, when the request arrives.
    private static func leaveOften(_ url: String) async throws {
        let connection = try await PostgresConnection.connect(url)
        for count in [1000, 20_000, 100_000, 300_000, 3_000_000, 1000, 20_000, 100_000] {
            let rows = try await connection.query("SELECT n::int8 FROM generate_series(1, \(count)::int8) n")
            for try await number in rows.decode(Int64.self) where number == 5 { break }
            #expect(try await connection.query("SELECT \(count) + 1").first()?.decode(Int.self) == count + 1)
        }
        await connection.close()
    }

    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `a query that is cancelled while it runs ends on the server too`(
        mode: PgBouncerOptions.PoolMode
    ) async throws {
        let server = try await LiveServer.postgres15.server
        let watcher = try await PostgresConnection.connect(server.url)
        try await LivePooler.run(
            inFrontOf: server, PgBouncerOptions(poolMode: mode), crashesMax: Self.crashesMax
        ) { pooler in
            let application = "pooled_sleeper_\(mode)"
            let running = Task { [url = pooler.url("application_name=\(application)")] in
                let connection = try await PostgresConnection.connect(url)
                let error = await failure { try await connection.query("SELECT pg_sleep(600)").first() }
                await connection.close()
                return error
            }
            try await watcher.expectSleeper(application, running: true)
            running.cancel()
            #expect(try await running.value?.code == .cancelled)
            try await watcher.expectSleeper(application, running: false)
        }
        await watcher.close()
    }

    @Test func `a query that waits for a server of the pool is given up, and its connection closed`() async throws {
        let options = PgBouncerOptions(poolMode: .transaction, settings: ["default_pool_size": "1"])
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, options, crashesMax: Self.crashesMax
        ) { pooler in
            let url = pooler.url("connect_timeout=30")
            let holder = try await PostgresConnection.connect(url)
            try await holder.execute("BEGIN")
            let connected = Gate()
            let waiting = Task {
                let connection = try await PostgresConnection.connect(url)
                connected.open()
                let error = await failure { try await connection.query("SELECT 1").first() }
                // Waits a few seconds for an end of the query that does not come.
                await connection.close()
                return error
            }
            await connected.wait()
            try await holder.execute("SELECT pg_sleep(0.1)")
            let start = ContinuousClock.now
            waiting.cancel()
            #expect(try await waiting.value?.code == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(8))
            try await holder.execute("COMMIT")
            await holder.close()
        }
    }
}
