import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What agrees in every snapshot, also in one that is taken in the midst of the work.
@Suite(.timeLimit(.minutes(1))) struct SnapshotTests {
    @Test(arguments: LiveServer.allCases)
    func `snapshots agree with themselves while queries run`(_ live: LiveServer) async throws {
        let metrics = PostgresMetrics()
        var configuration = try PostgresConfiguration(connectionString: await live.server.url, environment: .none)
        configuration.metrics = metrics
        let observed = configuration
        try await withThrowingTaskGroup { group in
            for _ in 1...3 {
                group.addTask {
                    let connection = try await PostgresConnection.connect(observed)
                    for _ in 1...100 {
                        let rows = try await connection.query("SELECT generate_series(1, 100)")
                        #expect(try await rows.collect().count == 100)
                    }
                    await connection.close()
                }
            }
            group.addTask { try Self.watch(metrics) }
            try await group.waitForAll()
        }
        let last = metrics.snapshot()
        #expect(last["query_success_total"]?.total() == 300 && last["rows_received_total"]?.total() == 30_000)
    }

    /// Looks until all queries are over, for some time at most.
    private static func watch(_ metrics: PostgresMetrics) throws {
        var before = metrics.snapshot()
        let deadline = ContinuousClock.now + .seconds(30)
        while before["query_success_total"]?.total() != 300, ContinuousClock.now < deadline {
            let now = metrics.snapshot()
            #expect(try #require(now["queries_in_flight"]?.total()) >= 0)
            #expect(try #require(now["connections_open"]?.total()) >= 0)
            for (metric, earlier) in zip(now.metrics, before.metrics) {
                guard metric.kind != .gauge else { continue }
                #expect(metric.total() >= earlier.total() && metric.count() >= earlier.count(), "\(metric.name)")
                for series in metric.series {
                    let counts = series.buckets.map(\.count)
                    #expect(counts == counts.sorted() && series.count == counts.last ?? 0)
                }
            }
            before = now
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream's statistics show where it stands and for how long`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query(
            "SELECT n::int8 FROM generate_series(1, 100) n",
            options: StreamOptions {
                $0.chunkSize = 16
                $0.isAdaptive = false
            })
        #expect(rows.statistics.phase == .serverExecuting)
        #expect(try #require(rows.statistics.timeToDescription) > .zero)
        var chunks = rows.chunks.makeAsyncIterator()
        #expect(try await chunks.next()?.count == 16 && rows.statistics.phase == .firstRow)
        #expect(try await chunks.next()?.count == 16 && rows.statistics.phase == .streaming)
        rows.control.pause()
        #expect(rows.statistics.phase == .paused)
        rows.control.resume()
        while try await chunks.next() != nil {}
        let end = rows.statistics
        #expect(end.phase == .done && end.totalTime == rows.statistics.totalTime)
        #expect(try #require(end.timeToFirstRow) >= #require(end.timeToDescription))
        #expect(end.totalTime >= end.waitingForServer + end.waitingForConsumer)
        #expect(end.queuedTime >= .zero)
    }

    @Test func `a consumer that takes its time is a stall in the statistics`() async throws {
        var configuration = try PostgresConfiguration(
            connectionString: await LiveServer.postgres15.server.url, environment: .none)
        configuration.stallThreshold = .zero
        let rows = try await PostgresConnection.connect(configuration).query("SELECT generate_series(1, 3)")
        var chunks = rows.chunks.makeAsyncIterator()
        #expect(try await chunks.next()?.count == 3)
        #expect(rows.statistics.phase == .stalledOnConsumer)
    }
}
