import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What is counted and told of statements that are pipelined.
@Suite(.timeLimit(.minutes(1))) struct PipelineObservationTests {
    private func open(
        _ live: LiveServer, _ observer: RecordingObserver, _ metrics: PostgresMetrics
    ) async throws -> sending PostgresConnection {
        var configuration = try PostgresConfiguration(connectionString: await live.server.url, environment: .none)
        configuration.observer = observer
        configuration.metrics = metrics
        return try await PostgresConnection.connect(configuration)
    }

    private func ends(_ observer: RecordingObserver) -> [String] {
        observer.events(.queryPhase).filter { $0.phase == .done }.compactMap { $0.attributes["status"] }
    }

    @Test(arguments: LiveServer.allCases)
    func `statements of a pipeline and of a batch are queries`(_ live: LiveServer) async throws {
        let (observer, metrics) = (RecordingObserver(), PostgresMetrics())
        let connection = try await open(live, observer, metrics)
        try await connection.withPipeline { pipeline async throws in
            try await pipeline.execute("SELECT 1")
            let read = try await pipeline.query("SELECT generate_series(1, 10)")
            _ = try await pipeline.query("SELECT 3")
            #expect(try await read.rows().decode(Int.self).collect().count == 10)
        }
        #expect(ends(observer) == Array(repeating: "success", count: 3))
        _ = try await connection.batch(["SELECT 1", "SELECT generate_series(1, 5)"])
        #expect(ends(observer).count == 5)
        #expect(observer.events(.queryPhase).last?.rows == 5)
        let queries = Set(observer.events(.queryPhase).compactMap(\.query))
        #expect(queries.count == 5)
        let text = metrics.prometheusText()
        #expect(text.contains("postgres_queries_in_flight 0"))
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a failure is told with its SQLSTATE, and what it takes along counts as cancelled`(_ live: LiveServer)
        async throws
    {
        let (observer, metrics) = (RecordingObserver(), PostgresMetrics())
        let connection = try await open(live, observer, metrics)
        _ = await failure { try await connection.batch(["SELECT 1", "SELECT 1 / 0", "SELECT 3"]) }
        #expect(ends(observer).sorted() == ["cancelled", "cancelled", "error"])
        let failed = observer.events(.queryPhase).filter { $0.sqlState != nil }
        #expect(failed.map(\.sqlState) == [.divisionByZero])
        #expect(metrics.prometheusText().contains("postgres_queries_in_flight 0"))
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `executeMany is one query, however many rows it has`(_ live: LiveServer) async throws {
        let (observer, metrics) = (RecordingObserver(), PostgresMetrics())
        let connection = try await open(live, observer, metrics)
        try await connection.executeMany("SELECT $1::int4", over: Array(1...1_000))
        let result = try await connection.executeMany("SELECT 1 / $1::int4", over: [1, 0, 2] as [Int], .perStatement)
        #expect(result.failureCount == 1)
        _ = await failure { try await connection.executeMany("SELECT 1 / $1::int4", over: [1, 0] as [Int]) }
        _ = await failure { try await connection.executeMany("SELECT $1::int2", over: [1, 1 << 20] as [Int]) }
        #expect(ends(observer) == ["success", "success", "error", "error"])
        let done = observer.events(.queryPhase).filter { $0.phase == .done }
        #expect(done.map(\.sqlState) == [nil, nil, .divisionByZero, nil])
        #expect(done.map(\.error) == [nil, nil, .server, .parameterInvalid])
        #expect(metrics.prometheusText().contains("postgres_queries_in_flight 0"))
        await connection.close()
    }
}
