import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a stream counts is what its consumer counts.
@Suite(.timeLimit(.minutes(1))) struct StreamStatisticsTests {
    @Test(arguments: LiveServer.allCases)
    func `rows, chunks and bytes are those that the consumer got`(_ live: LiveServer) async throws {
        let start = ContinuousClock.now
        let rows = try await live.connect().query("SELECT n::int8 FROM generate_series(1, 200000) n")
        var (count, chunks, longest) = (0, 0, 0)
        for try await chunk in rows.chunks {
            count += chunk.count
            chunks += 1
            longest = max(longest, chunk.count)
            let now = rows.statistics
            #expect(now.rows == count && now.chunks == chunks)
            #expect(chunk.count <= now.chunkSize && now.bufferedBytes > 0 && now.bufferedBytes <= now.peakBytes)
        }
        let statistics = rows.statistics
        #expect(count == 200_000 && statistics.rows == count && statistics.chunks == chunks)
        // The type byte, the length, the column count, the cell's length and its eight bytes.
        #expect(statistics.bytes == count * (1 + 4 + 2 + 4 + 8))
        #expect(statistics.filteredRows == 0)
        #expect(statistics.chunkSizeMin <= statistics.chunkSize && statistics.chunkSize <= statistics.chunkSizeMax)
        #expect(statistics.chunkSizeMin >= 16 && statistics.chunkSizeMax <= 1024 && longest <= statistics.chunkSizeMax)
        let first = try #require(statistics.timeToFirstRow)
        let whole = start.duration(to: .now)
        #expect(first > .zero && first < whole)
        #expect(statistics.waitingForServer > .zero && statistics.waitingForConsumer > .zero)
        #expect(statistics.waitingForServer + statistics.waitingForConsumer <= whole)
        #expect(statistics.pausedTime == .zero)
        #expect(rows.control.state == .completed)
    }

    @Test(arguments: LiveServer.allCases)
    func `a query without rows counts none`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for query in ["SELECT 1 WHERE false", "CREATE TEMP TABLE t ()"] {
            let rows = try await connection.query(PostgresQuery(unsafeSQL: query))
            #expect(try await rows.collect().isEmpty)
            #expect(rows.control.state == .completed)
            #expect(rows.statistics.rows == 0 && rows.statistics.chunks == 0 && rows.statistics.bytes == 0)
            #expect(rows.statistics.timeToFirstRow == nil)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the time to the first row is the server's`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query("SELECT pg_sleep(0.1)::text UNION ALL SELECT 'more'")
        #expect(try await rows.collect().count == 2)
        #expect(try #require(rows.statistics.timeToFirstRow) >= .milliseconds(100))
    }

    @Test func `a slow server and a slow consumer are told apart`() async throws {
        let (asked, held) = (Gate(), Gate())
        let query = script(
            .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...1).bytes), .reach(asked)],
            [.hold(until: held), .send(BackendBytes().rows(2...2).complete("SELECT 2").ready().bytes), .expectEnd])
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query("SELECT n FROM numbers")
            let control = rows.control
            let observer = Task {
                await asked.wait()
                try await LiveServer.postgres15.connect().execute("SELECT pg_sleep(0.2)")
                held.open()
            }
            #expect(try await total(rows).count == 2)
            try await observer.value
            #expect(control.statistics.waitingForServer >= .milliseconds(200))
            #expect(control.statistics.waitingForConsumer < control.statistics.waitingForServer)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the consumer's time is the consumer's`(_ live: LiveServer) async throws {
        let other = try await live.connect()
        let rows = try await live.connect().query("SELECT generate_series(1, 100)")
        for try await chunk in rows.chunks where chunk.count == 100 { try await other.execute("SELECT pg_sleep(0.1)") }
        #expect(rows.statistics.waitingForConsumer >= .milliseconds(100))
        #expect(rows.statistics.waitingForServer < rows.statistics.waitingForConsumer)
    }

    @Test(arguments: LiveServer.allCases)
    func `kept rows count until they are dropped`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query("SELECT repeat('x', 1000) FROM generate_series(1, 5000)")
        var kept = try await rows.collect()
        #expect(kept.count == 5_000)
        #expect(rows.statistics.bufferedBytes > 5_000_000)
        #expect(rows.statistics.peakBytes >= rows.statistics.bufferedBytes)
        kept.removeFirst(4_000)
        let fewer = rows.statistics.bufferedBytes
        #expect(fewer > 1_000_000 && fewer < 3_000_000)
        kept = kept.map { $0.detached() }
        let oneSlab = rows.statistics.bufferedBytes
        #expect(oneSlab > 0 && oneSlab < 400_000, "what is left is the connection's own buffer")
        #expect(try kept.allSatisfy { try $0.decode(String.self).utf8.count == 1_000 })
        kept = []
        #expect(rows.statistics.bufferedBytes == oneSlab)
        #expect(rows.statistics.peakBytes > 5_000_000)
    }
}
