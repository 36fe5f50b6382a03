import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Cancel requests through a real PgBouncer.
@Suite(.timeLimit(.minutes(1))) struct PoolerCancelTests {
    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `a stream that is left early is cancelled through it, and the connection goes on`(
        mode: PgBouncerOptions.PoolMode
    ) async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, PgBouncerOptions(poolMode: mode)
        ) { pooler in
            let connection = try await PostgresConnection.connect(pooler.url())
            for round in 1...20 {
                let rows = try await connection.query("SELECT n::int8 FROM generate_series(1, 3000000) n")
                for try await number in rows.decode(Int64.self) where number == 5 { break }
                let sum = try await connection.query("SELECT \(round) + 1").first()?.decode(Int.self)
                #expect(sum == round + 1)
            }
            await connection.close()
        }
    }

    @Test(arguments: PgBouncerOptions.PoolMode.allCases)
    func `a query that is cancelled while it waits ends at once on the server too`(
        mode: PgBouncerOptions.PoolMode
    ) async throws {
        let server = try await LiveServer.postgres15.server
        try await LivePooler.run(inFrontOf: server, PgBouncerOptions(poolMode: mode)) { pooler in
            let watcher = try await PostgresConnection.connect(server.url)
            let connected = Gate()
            let waiting = Task { [url = pooler.url("application_name=pooled_sleeper")] in
                let connection = try await PostgresConnection.connect(url)
                connected.open()
                let error = await failure { try await connection.query("SELECT pg_sleep(600)").first() }
                let next = try await connection.query("SELECT 7").first()?.decode(Int.self)
                await connection.close()
                return (error, next)
            }
            await connected.wait()
            try await watcher.expectSleeper("pooled_sleeper", running: true)
            waiting.cancel()
            let outcome = await waiting.result
            try await watcher.expectSleeper("pooled_sleeper", running: false)
            await watcher.close()
            // The task stays cancelled, so its next query is refused before it is sent.
            #expect(throws: PostgresError.self) { try outcome.get() }
        }
    }
}
