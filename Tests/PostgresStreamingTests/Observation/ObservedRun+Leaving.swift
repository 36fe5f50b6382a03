import PostgresStreaming
import PostgresTestSupport
import Testing
import PostgresTransport

extension ObservedRun {
    private static let long: PostgresQuery = "SELECT generate_series(1, 3000000)::int8"

    /// Leaves streams in every way there is.
    func leave() async throws {
        let connection = try await open()
        for query in ["SELECT generate_series(1, 300)", Self.long] as [PostgresQuery] {
            let rows = try await connection.query(query, options: StreamOptions { $0.chunkSize = 16 })
            try await read(rows, atMost: 5)
            try await connection.expectUsable()
            consume(1)
        }
        try await connection.execute("BEGIN")
        try await read(connection.query(Self.long), atMost: 5)
        await attempt { () throws(PostgresError) in try await connection.execute("SELECT 1") }
        try await connection.execute("ROLLBACK")
        await connection.close()
        try await leaveWithoutKey()
        try await leaveWithoutAnswer()
    }

    /// A server that gave no key cannot be asked to cancel.
    private func leaveWithoutKey() async throws {
        let query: [Step] = [
            .expectStartup, .send(BackendBytes.welcomeWithoutKey), .expect("PBDES"),
            .send(BackendBytes.beginning.rows(1...5).bytes), .expectEnd,
        ]
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(observed(server.url))
            try await read(connection.query("SELECT n FROM numbers"), atMost: 5)
            await connection.close()
        }
    }

    /// A server that takes a cancel request and never ends its connection.
    private func leaveWithoutAnswer() async throws {
        let query = script(
            .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...5).bytes), .expectEnd])
        let cancel: [Step] = [
            .expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey), .never,
        ]
        for (cancelTimeout, closeTimeout) in [(50, 10_000), (10_000, 50)] {
            try await ScriptedServer.run(query, cancel) { server in
                let configuration = try observed(server.url) {
                    $0.cancelTimeout = .milliseconds(cancelTimeout)
                    $0.closeTimeout = .milliseconds(closeTimeout)
                }
                let connection = try await PostgresConnection.connect(configuration)
                try await read(connection.query("SELECT n FROM numbers"), atMost: 5)
                await connection.close()
            }
        }
    }

    /// A result that comes in small pieces is left to gather, and in vain once nothing more comes.
    func gather() async throws {
        let vain = Gate()
        // Enough for the buffers to have grown, then pieces that do not fill them, so many that it does not matter if some
        // are read together. Each ends in the middle of a row, so that more is certain to come.
        let rows = BackendBytes.repeated(BackendBytes().rows(1...500).bytes, count: 90)
        let firstBytes = 19 * 20_000 - 3
        let pieces = (0..<20).map { Array(rows[firstBytes + $0 * 23_750..<firstBytes + ($0 + 1) * 23_750]) }
        let query = script(
            .welcome,
            [
                .expect("PBDES"), .send(BackendBytes.beginning.bytes + rows[..<firstBytes]), .sendInPieces(pieces),
                .hold(until: vain),
                .send(rows[(firstBytes + 20 * 23_750)...] + BackendBytes().complete("SELECT 45000").ready().bytes),
                .expectEnd,
            ])
        try await ScriptedServer.run(query, on: .abstractUnix) { server in
            let connection = try await PostgresConnection.connect(observed(server.url))
            let watch = Task {
                // Somebody has to look, because a nap ends without a word.
                let deadline = ContinuousClock.now + .seconds(15)
                while metrics.snapshot()["gathered_reads_vain_total"]?.total() == 0, ContinuousClock.now < deadline {
                    await Task.yield()
                }
                vain.open()
            }
            try await read(
                connection.query(
                    "SELECT n FROM numbers", options: StreamOptions { $0.gatherTimeMax = .milliseconds(10) }))
            await watch.value
            await connection.close()
        }
    }
}
