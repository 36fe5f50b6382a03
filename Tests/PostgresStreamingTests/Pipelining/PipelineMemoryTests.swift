import PostgresStreaming
import PostgresTestSupport
import Testing

/// Neither side waits for the other to read, and what is kept has a bound.
@Suite(.timeLimit(.minutes(2))) struct PipelineMemoryTests {
    private static let value = [UInt8](repeating: 7, count: 1 << 20)

    @Test(arguments: LiveServer.allCases)
    func `64 MB of parameters against 64 MB of results come through`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for isolation in [PipelineIsolation.allOrNothing, .perStatement] {
            try await connection.withPipeline(isolation) { pipeline async throws in
                var results: [PipelinedRows] = []
                for _ in 1...64 { results.append(try await pipeline.query("SELECT \(Self.value)::bytea")) }
                var bytes = 0
                for result in results { bytes += try await result.rows().only().decode([UInt8].self).count }
                #expect(bytes == 64 << 20)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `results that are not wanted are read past while more is queued`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let tags = try await connection.withPipeline { pipeline async throws in
            var commands: [PipelinedCommand] = []
            for _ in 1...200 { commands.append(try await pipeline.execute("SELECT \(Self.value)::bytea")) }
            var tags: Set<String> = []
            for command in commands { tags.insert(try await command.commandTag()?.description ?? "") }
            return tags
        }
        #expect(tags == ["SELECT 1"])
    }

    @Test(arguments: LiveServer.allCases)
    func `awaiting a later result fails where the earlier ones do not fit, and the pipeline goes on`(_ live: LiveServer)
        async throws
    {
        let connection = try await live.connect()
        let options = PipelineOptions { $0.receivedBytesMax = 4 << 20 }
        try await connection.withPipeline(options: options) { pipeline async throws in
            var results: [PipelinedRows] = []
            for _ in 1...16 { results.append(try await pipeline.query("SELECT repeat('x', 1000000)")) }
            let error = await failure { try await results[15].rows() }
            #expect(error?.code == .memoryLimitExceeded)
            for result in results { #expect(try await result.rows().only().decode(String.self).count == 1_000_000) }
        }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `queueing beyond what may wait to be sent fails rather than to wait for ever`(_ live: LiveServer) async throws
    {
        let connection = try await live.connect()
        let options = PipelineOptions {
            $0.receivedBytesMax = 1 << 20
            $0.unsentBytesMax = 8 << 20
        }
        let error = await failure {
            try await connection.withPipeline(options: options) { pipeline async throws in
                var results: [PipelinedRows] = []
                for _ in 1...200 { results.append(try await pipeline.query("SELECT \(Self.value)::bytea")) }
                Issue.record("\(results.count) statements were queued")
            }
        }
        #expect(error?.code == .memoryLimitExceeded)
    }

    @Test(arguments: LiveServer.allCases)
    func `rows stream within a pipeline in the memory of a few buffers`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.withPipeline { pipeline async throws in
            let result = try await pipeline.query("SELECT n, repeat('x', 300) FROM generate_series(1, 200000) AS n")
            let after = try await pipeline.query("SELECT 1")
            let rows = try await result.rows()
            var count = 0
            for try await chunk in rows.chunks { count += chunk.count }
            #expect(count == 200_000)
            #expect(rows.statistics.peakBytes < 4 << 20)
            #expect(rows.commandTag?.rows == 200_000)
            #expect(try await after.rows().only().decode(Int.self) == 1)
        }
    }
}
