import PostgresStreaming
import Testing

/// When bytes are left to gather before the next read, and for how long.
@Suite struct GatheringTests {
    /// One write of the server.
    private static let piece = 8 << 10

    private func controller(_ gatherTimeMax: Duration = .microseconds(200)) -> ChunkController {
        ChunkController(StreamOptions { $0.gatherTimeMax = gatherTimeMax })
    }

    /// Reads so many pieces, one every so many nanoseconds.
    private func read(_ count: Int, every nanoseconds: Int64, _ controller: inout ChunkController) {
        for _ in 0..<count { controller.read(bytes: Self.piece, isFull: false, nanoseconds: nanoseconds) }
    }

    @Test func `there is no nap before enough reads came back small`() {
        var controller = controller()
        for _ in 1...ChunkController.patienceMin {
            #expect(controller.nap(isMoreCertain: true) == nil)
            read(1, every: 8_000, &controller)
        }
        #expect(controller.nap(isMoreCertain: true) != nil)
    }

    @Test func `there is no nap where the answer may be complete`() {
        var controller = controller()
        read(1_000, every: 8_000, &controller)
        #expect(controller.nap(isMoreCertain: false) == nil)
        #expect(controller.nap(isMoreCertain: true) != nil)
    }

    @Test func `there is no nap for bytes that come too slowly`() {
        var controller = controller()
        // Fewer than two writes within the longest nap.
        read(1_000, every: 110_000, &controller)
        #expect(controller.nap(isMoreCertain: true) == nil)
        read(100, every: 50_000, &controller)
        #expect(controller.nap(isMoreCertain: true) != nil)
    }

    @Test func `there is no nap while reads come back full`() {
        var controller = controller()
        for _ in 1...1_000 { controller.read(bytes: 256 << 10, isFull: true, nanoseconds: 50_000) }
        #expect(controller.nap(isMoreCertain: true) == nil)
        for _ in 1...1_000 { controller.read(bytes: 200 << 10, isFull: false, nanoseconds: 50_000) }
        #expect(controller.nap(isMoreCertain: true) == nil)
    }

    @Test(arguments: [1, 50, 200, 5_000] as [Int64])
    func `a nap is never longer than allowed`(microseconds: Int64) {
        let limit = Duration.microseconds(microseconds)
        var controller = controller(limit)
        for time in stride(from: 100, to: 200_000, by: 1_000) as StrideTo<Int64> {
            read(50, every: time, &controller)
            if let nap = controller.nap(isMoreCertain: true) { #expect(nap > .zero && nap <= limit) }
        }
    }

    @Test func `a nap is as long as it takes to fill a good part of a buffer`() throws {
        var controller = controller(.milliseconds(10))
        // 2 bytes in a nanosecond: 160 KiB take 82 microseconds.
        read(1_000, every: Int64(Self.piece) / 2, &controller)
        let nap = try #require(controller.nap(isMoreCertain: true))
        #expect(nap >= .microseconds(75) && nap <= .microseconds(90))
    }

    @Test func `without time to gather there is never a nap`() {
        for limit in [Duration.zero, .seconds(-1)] {
            var controller = controller(limit)
            read(1_000, every: 10, &controller)
            #expect(controller.nap(isMoreCertain: true) == nil)
        }
    }

    @Test func `naps that brought nothing become rarer, up to a bound`() {
        var controller = controller()
        var reads: [Int] = []
        for _ in 1...10 {
            var count = 0
            while controller.nap(isMoreCertain: true) == nil {
                read(1, every: 8_000, &controller)
                count += 1
            }
            reads.append(count)
            controller.napWasVain()
        }
        #expect(reads == [4, 8, 16, 32, 64, 128, 256, 256, 256, 256])
    }
}
