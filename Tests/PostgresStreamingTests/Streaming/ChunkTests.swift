import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a chunk is: what came, at once, and no more than was asked for.
@Suite(.timeLimit(.minutes(1))) struct ChunkTests {
    /// The sizes of the chunks in which a query's rows come.
    private func sizes(
        _ live: LiveServer, rows: Int, change: (inout StreamOptions) -> Void
    ) async throws -> (sizes: [Int], statistics: StreamStatistics) {
        let stream = try await live.connect().query(
            "SELECT n::int8, repeat('x', 90) FROM generate_series(1, \(Int64(rows))::int8) n",
            options: StreamOptions(change))
        var (sizes, next) = ([] as [Int], 1)
        for try await chunk in stream.chunks {
            sizes.append(chunk.count)
            for row in chunk {
                #expect(try row.decode((Int, String).self).0 == next)
                next += 1
            }
        }
        #expect(next == rows + 1)
        return (sizes, stream.statistics)
    }

    @Test(arguments: LiveServer.allCases, [1, 7, 256, 5_000])
    func `a fixed chunk size is never exceeded`(_ live: LiveServer, size: Int) async throws {
        let rows = size == 1 ? 2_000 : 20_000
        let (sizes, statistics) = try await sizes(live, rows: rows) { options in
            options.isAdaptive = false
            options.chunkSize = size
        }
        #expect(sizes.allSatisfy { $0 <= size })
        #expect(statistics.chunkSize == size && statistics.chunkSizeMin == size && statistics.chunkSizeMax == size)
        #expect(statistics.chunkSizeAdjustments == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `the upper bound of an adaptive size is never exceeded`(_ live: LiveServer) async throws {
        let (sizes, statistics) = try await sizes(live, rows: 50_000) { $0.chunkSizeBounds = 10...60 }
        #expect(sizes.allSatisfy { $0 <= 60 })
        #expect(statistics.chunkSizeMin >= 10 && statistics.chunkSizeMax <= 60)
    }

    @Test(arguments: LiveServer.allCases)
    func `a chunk is no longer than chunkBytesMax unless a single row is`(_ live: LiveServer) async throws {
        // A row is 117 bytes long.
        let bytes = 117 * 20
        let (sizes, _) = try await sizes(live, rows: 20_000) { $0.chunkBytesMax = bytes }
        #expect(sizes.allSatisfy { $0 <= 20 } && sizes.contains(20))
        let single = try await self.sizes(live, rows: 500) { $0.chunkBytesMax = 10 }
        #expect(single.sizes.allSatisfy { $0 == 1 })
    }

    @Test(arguments: TestListener.Place.allCases)
    func `rows that trickle in are handed out one by one, without delay`(place: TestListener.Place) async throws {
        guard TestListener(place) != nil else { return }
        let gates = (0..<20).map { _ in Gate() }
        var steps: [Step] = .welcome + [.expect("PBDES"), .send(BackendBytes.beginning.bytes)]
        for (number, gate) in gates.enumerated() {
            let row = BackendBytes().rows(Int64(number)...Int64(number)).bytes
            steps += [.send(row), .hold(until: gate)]
        }
        steps += [.send(BackendBytes().complete("SELECT 20").ready().bytes), .expectEnd]
        try await ScriptedServer.run(scripts: [steps], on: place) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query("SELECT n FROM numbers")
            var seen: [Int] = []
            for try await chunk in rows.chunks {
                for row in chunk { seen.append(try row.decode(Int.self)) }
                // The next row is sent only when this one was seen: nothing waits for company.
                #expect(chunk.count == 1)
                gates[seen.count - 1].open()
            }
            #expect(seen == Array(0..<20))
            #expect(rows.statistics.gatheredReads == 0)
        }
    }

    @Test func `the first rows are not held back, nor is a row whose successor has begun`() async throws {
        let (first, second) = (Gate(), Gate())
        let next = BackendBytes().rows(4...4).bytes
        let query = script(
            .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...3).bytes + next.prefix(10))],
            [.hold(until: first), .send(next.dropFirst(10) + []), .hold(until: second)],
            [.send(BackendBytes().complete("SELECT 4").ready().bytes), .expectEnd])
        try await ScriptedServer.run(query, on: .abstractUnix) { server in
            let connection = try await PostgresConnection.connect(server.url)
            var chunks = try await connection.query("SELECT n FROM numbers").chunks.makeAsyncIterator()
            #expect(try await chunks.next()?.count == 3)
            first.open()
            #expect(try await chunks.next()?.count == 1)
            second.open()
            #expect(try await chunks.next() == nil)
        }
    }

    @Test(.disabled(if: Sanitizer.isOn, "it judges time"), arguments: LiveServer.allCases)
    func `gathering does not delay the end of a result`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        // Naps of the greatest length: one per result at its end alone would add up to two seconds.
        let options = StreamOptions { $0.gatherTimeMax = .milliseconds(10) }
        let start = ContinuousClock.now
        var naps = 0
        for round in 1...200 {
            let rows = try await connection.query("SELECT generate_series(1, \(1_000 + 10 * round))", options: options)
            #expect(try await total(rows).count == 1_000 + 10 * round)
            naps += rows.statistics.gatheredReads
        }
        #expect(start.duration(to: .now) < .seconds(2) + .milliseconds(10 * naps))
    }

    @Test(arguments: LiveServer.allCases)
    func `without time to gather nothing is gathered`(_ live: LiveServer) async throws {
        let options = StreamOptions { $0.gatherTimeMax = .zero }
        let rows = try await live.connect().query("SELECT generate_series(1, 300000)", options: options)
        #expect(try await total(rows).count == 300_000)
        #expect(rows.statistics.gatheredReads == 0)
    }
}
