import PostgresStreaming
import Testing

@Suite struct ChunkControllerTests {
    typealias Server = ChunkTrace.Server
    typealias Consumer = ChunkTrace.Consumer

    private static let pairs: [(Server, Consumer)] = [.steady, .trickling, .bursty].flatMap { (server: Server) in
        [Consumer.fast, .slow, .bursty].map { (server, $0) }
    }

    /// The rows that arrive and are consumed within a chunk's time, within the bounds in rows and in bytes.
    private func ideal(_ trace: ChunkTrace, _ options: StreamOptions, rowBytes: Int) -> Double {
        let byTime = ChunkController.chunkNanoseconds / trace.nanosecondsPerRow
        let byBytes = Double(options.chunkBytesMax) / Double(rowBytes)
        let bounds = options.chunkSizeBounds
        return min(max(min(byTime, byBytes), Double(bounds.lowerBound)), Double(bounds.upperBound))
    }

    @Test(arguments: pairs)
    func `the limit settles near what arrives and is consumed in a chunk's time`(
        server: Server, consumer: Consumer
    ) {
        for seed in 1...6 as ClosedRange<UInt64> {
            var trace = ChunkTrace(StreamOptions(), server, consumer, seed: seed)
            trace.run(for: .seconds(10))
            let ideal = ideal(trace, StreamOptions(), rowBytes: 30)
            #expect(
                abs(Double(trace.controller.rowLimit) - ideal) <= 0.25 * ideal,
                "ideal \(ideal), limits \(trace.limits), seed \(seed)")
            #expect(trace.reversals <= 2, "limits \(trace.limits), seed \(seed)")
            #expect(trace.limits.allSatisfy { StreamOptions().chunkSizeBounds.contains($0) })
            #expect(trace.controller.adjustments == trace.limits.count - 1)
        }
    }

    @Test(arguments: [16, 64, 300, 1024])
    func `the limit settles from wherever it starts`(start: Int) {
        let options = StreamOptions { $0.chunkSize = start }
        var trace = ChunkTrace(options, .steady, Consumer(description: "", nanosecondsPerRow: 10_000), seed: 7)
        trace.run(for: .seconds(2))
        let ideal = ideal(trace, options, rowBytes: 30)
        #expect(abs(Double(trace.controller.rowLimit) - ideal) <= 0.25 * ideal, "ideal \(ideal) \(trace.limits)")
        #expect(trace.reversals <= 1)
    }

    @Test func `a consumer that becomes slow in the middle meets small chunks soon`() {
        var controller = ChunkController(StreamOptions())
        for _ in 1...10_000 { controller.consumed(rows: controller.rowLimit, bytes: 1, nanoseconds: 100_000) }
        #expect(controller.rowLimit == 1024)
        var time: Int64 = 0
        while controller.rowLimit > 20, time < 100_000_000_000 {
            let spent = Int64(controller.rowLimit) * 1_000_000
            controller.consumed(rows: controller.rowLimit, bytes: 1, nanoseconds: spent)
            time += spent
        }
        #expect(time < 5_000_000_000, "two chunks at the first size alone take two seconds")
    }

    @Test func `a consumer that becomes fast in the middle gets large chunks soon`() {
        var controller = ChunkController(StreamOptions())
        for _ in 1...1_000 {
            controller.consumed(
                rows: controller.rowLimit, bytes: 1, nanoseconds: Int64(controller.rowLimit) * 1_000_000)
        }
        #expect(controller.rowLimit == 16)
        var rows = 0
        while controller.rowLimit < 1024, rows < 10_000_000 {
            rows += controller.rowLimit
            controller.consumed(
                rows: controller.rowLimit, bytes: 1, nanoseconds: Int64(controller.rowLimit) * 100)
        }
        #expect(rows < 2_000_000, "a fifth of a second of rows")
    }

    @Test(arguments: pairs)
    func `a fixed limit never changes`(server: Server, consumer: Consumer) {
        let options = StreamOptions {
            $0.isAdaptive = false
            $0.chunkSize = 77
        }
        var trace = ChunkTrace(options, server, consumer, seed: 3)
        trace.run(for: .seconds(3))
        #expect(trace.limits == [77])
        #expect(trace.controller.adjustments == 0)
    }

    @Test(arguments: pairs)
    func `the bounds hold whatever the options say`(server: Server, consumer: Consumer) {
        for bounds in [1...1, 5...40, 2_000...3_000] {
            let options = StreamOptions { $0.chunkSizeBounds = bounds }
            var trace = ChunkTrace(options, server, consumer, seed: 4)
            trace.run(for: .seconds(3))
            #expect(trace.limits.allSatisfy { bounds.contains($0) }, "\(trace.limits)")
        }
    }

    @Test func `long rows make chunks of fewer rows`() {
        let options = StreamOptions { $0.chunkBytesMax = 64 << 10 }
        var trace = ChunkTrace(options, .steady, .fast, rowBytes: 1_000, seed: 5)
        trace.run(for: .seconds(3))
        #expect((49...80).contains(trace.controller.rowLimit), "\(trace.limits)")
    }

    @Test func `options that contradict themselves are brought into order`() {
        let options = StreamOptions {
            $0.chunkSize = -5
            $0.chunkSizeBounds = -10...0
            $0.chunkBytesMax = -1
            $0.gatherTimeMax = .seconds(-1)
        }
        var trace = ChunkTrace(options, .steady, .fast, seed: 6)
        trace.run(for: .seconds(1))
        #expect(trace.limits == [1])
    }
}
