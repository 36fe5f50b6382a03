import PostgresStreaming
import PostgresTestSupport
import PostgresTransport
import Testing

/// What a stream's memory limits hold back, and how they end it.
@Suite(.timeLimit(.minutes(1))) struct MemoryLimitTests {
    private static let eightMiB = 8 << 20

    /// Rows from 1 byte to 50 MB, each a third longer than the one before.
    private static let growing: PostgresQuery =
        "SELECT repeat('x', (1.33 ^ n)::int) FROM generate_series(0, 62) n"

    @Test(arguments: LiveServer.allCases)
    func `rows that grow are read until one cannot fit`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let processID = try await connection.processID()
        let options = StreamOptions { $0.memoryMax = Self.eightMiB }
        let rows = try await connection.query(Self.growing, options: options)
        var longest = 0
        let start = ContinuousClock.now
        let error = await failure {
            for try await text in rows.decode(String.self) { longest = text.utf8.count }
        }
        #expect(error?.code == .memoryLimitExceeded && error?.category == .memoryLimitExceeded)
        #expect(start.duration(to: .now) < .seconds(5), "nobody could have given memory back")
        #expect(longest > Self.eightMiB / 3 && longest < Self.eightMiB)
        #expect(rows.statistics.peakBytes <= Self.eightMiB)
        #expect(rows.statistics.peakBytes >= longest)
        let numbers = error?.message.matches(of: /\d+/).compactMap { Int($0.output) } ?? []
        #expect(numbers.count == 3 && numbers.first == Self.eightMiB, "limit, needed, held: \(error?.message ?? "")")
        #expect(numbers.count == 3 && numbers[1] > Self.eightMiB && numbers[2] < Self.eightMiB)
        #expect(rows.control.state == .failed)
        // The row on its way is shorter than 16 MiB, so it was read and dropped.
        #expect(error?.isConnectionUsable == true)
        try await live.connect().expectIdle(processID)
        try await connection.expectUsable()
        #expect(rows.statistics.bufferedBytes < 500_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `a row of more than 16 MiB that cannot fit costs the connection`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let options = StreamOptions { $0.memoryMax = Self.eightMiB }
        let error = await failure {
            let rows = try await connection.query("SELECT repeat('x', 20 << 20)", options: options)
            for try await _ in rows {}
        }
        #expect(error?.code == .memoryLimitExceeded && error?.isConnectionUsable == false)
        let next = await failure { try await connection.query("SELECT 1") }
        #expect(next?.code == .connectionLost && next?.isConnectionUsable == false)
        #expect(next?.message.contains("row of more than 16 MiB") == true)
    }

    @Test(arguments: LiveServer.allCases)
    func `a consumer that keeps every row is told so after memoryWait`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let options = StreamOptions {
            $0.memoryMax = 1 << 20
            $0.memoryWait = .milliseconds(200)
        }
        let rows = try await connection.query(
            "SELECT repeat('x', 1000) FROM generate_series(1, 1000000)", options: options)
        var kept: [Row] = []
        let start = ContinuousClock.now
        let error = await failure { for try await row in rows { kept.append(row) } }
        #expect(error?.code == .memoryLimitExceeded)
        #expect(error?.hint?.contains("detached()") == true)
        #expect(start.duration(to: .now) >= .milliseconds(200) && start.duration(to: .now) < .seconds(5))
        #expect(rows.statistics.peakBytes <= 1 << 20)
        #expect(kept.count > 300, "most of the memory was used before the limit")
        try await connection.expectUsable()
        #expect(try kept.allSatisfy { try $0.decode(String.self).utf8.count == 1_000 })
        #expect(rows.statistics.bufferedBytes > 500_000)
        kept = []
        #expect(rows.statistics.bufferedBytes < 500_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `a consumer that keeps detached rows meets no limit`(_ live: LiveServer) async throws {
        let options = StreamOptions {
            $0.memoryMax = 1 << 20
            $0.memoryWait = .zero
        }
        let rows = try await live.connect().query(
            "SELECT n::int8, repeat('x', 1000) FROM generate_series(1, 5000) n", options: options)
        var kept: [RowChunk] = []
        for try await chunk in rows.chunks { kept.append(chunk.detached()) }
        let numbers = try kept.flatMap { chunk in try chunk.map { try $0.decode((Int, String).self).0 } }
        #expect(numbers == Array(1...5_000))
    }

    @Test(arguments: LiveServer.allCases, [1 << 20, nil])
    func `a task that lets go of rows lets the stream go on`(_ live: LiveServer, memoryMax: Int?) async throws {
        let options = StreamOptions {
            $0.memoryMax = memoryMax
            $0.memorySoftMax = 512 << 10
            $0.memoryWait = .seconds(20)
        }
        let rows = try await live.connect().query(
            "SELECT n::int8, repeat('x', 1000) FROM generate_series(1, 20000) n", options: options)
        let (kept, continuation) = AsyncStream<RowChunk>.makeStream()
        let control = rows.control
        let other = Task {
            var sum = 0
            for await chunk in kept { for row in chunk { sum += try row.decode((Int, String).self).0 } }
            return sum
        }
        for try await chunk in rows.chunks { continuation.yield(chunk) }
        continuation.finish()
        #expect(try await other.value == 20_000 * 20_001 / 2)
        #expect(control.statistics.peakBytes <= memoryMax ?? 700 << 10)
        #expect(control.state == .completed)
    }

    @Test(arguments: LiveServer.allCases)
    func `each crossing of the soft limit is counted once`(_ live: LiveServer) async throws {
        let options = StreamOptions {
            $0.memorySoftMax = 512 << 10
            $0.memoryWait = .seconds(20)
        }
        let rows = try await live.connect().query(
            "SELECT repeat('x', 1000) FROM generate_series(1, 20000)", options: options)
        let control = rows.control
        let kept = Locked<[RowChunk]>([])
        let other = Task {
            var seen = 0
            while control.state == .running {
                let crossings = control.statistics.softLimitCrossings
                if crossings > seen {
                    seen = crossings
                    kept.withLock { $0 = [] }
                }
                await Task.yield()
            }
            return seen
        }
        for try await chunk in rows.chunks { kept.withLock { $0.append(chunk) } }
        let seen = await other.value
        // 20 MB in portions of less than half a megabyte.
        #expect(seen > 30 && control.statistics.softLimitCrossings == seen)
        kept.withLock { $0 = [] }
        #expect(control.statistics.bufferedBytes < 400_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `a limit below the usual buffers is followed by smaller ones`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(try await total(try await connection.query("SELECT generate_series(1, 100000)")).count == 100_000)
        let options = StreamOptions { $0.memoryMax = 64 << 10 }
        let rows = try await connection.query("SELECT generate_series(1, 100000)", options: options)
        #expect(try await total(rows).count == 100_000)
        #expect(rows.statistics.bufferedBytes <= 64 << 10)
    }
}
