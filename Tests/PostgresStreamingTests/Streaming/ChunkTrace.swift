import PostgresStreaming
import PostgresTestSupport

/// Plays a server and a consumer against a controller, on a clock that only they move.
struct ChunkTrace {
    /// When the server sends: so many rows every so often.
    struct Server: Sendable, CustomStringConvertible {
        let description: String
        let rows: Int
        let nanoseconds: Int64

        static let steady = Server(description: "steady", rows: 300, nanoseconds: 300_000)
        static let trickling = Server(description: "trickling", rows: 1, nanoseconds: 5_000_000)
        static let bursty = Server(description: "bursty", rows: 1_000, nanoseconds: 20_000_000)
    }

    /// How long the consumer takes per row, and how long it rests now and then.
    struct Consumer: Sendable, CustomStringConvertible {
        let description: String
        let nanosecondsPerRow: Int64
        var rowsBetweenRests = Int.max
        var rest: Int64 = 0

        static let fast = Consumer(description: "fast", nanosecondsPerRow: 100)
        static let slow = Consumer(description: "slow", nanosecondsPerRow: 40_000)
        static let bursty = Consumer(
            description: "bursty", nanosecondsPerRow: 1_000, rowsBetweenRests: 3_000, rest: 30_000_000)
    }

    private(set) var controller: ChunkController
    /// What the limit was, in order, without repetitions.
    private(set) var limits: [Int]
    /// The nanoseconds per row over the whole trace.
    var nanosecondsPerRow: Double { Double(clock) / Double(max(consumed, 1)) }

    private let server: Server
    private let consumer: Consumer
    private let rowBytes: Int
    private var random: SeededGenerator
    private var clock: Int64 = 0
    private var arrived = 0
    private var consumed = 0
    private var nextArrival: Int64 = 0
    private var rested = 0

    /// What fits in the buffers of both kernels; a server that has filled them waits.
    private static let rowsUnderWay = 20_000
    private static let rowsPerRead = 4_000

    init(_ options: StreamOptions, _ server: Server, _ consumer: Consumer, rowBytes: Int = 30, seed: UInt64) {
        controller = ChunkController(options)
        limits = [controller.rowLimit]
        self.server = server
        self.consumer = consumer
        self.rowBytes = rowBytes
        random = SeededGenerator(seed: seed)
    }

    /// Goes on for a time of the trace's clock.
    mutating func run(for time: Duration) {
        let end = clock + Int64(time / .nanoseconds(1))
        while clock < end {
            let asked = clock
            arrive()
            if arrived == consumed {
                clock = max(clock, nextArrival)
                arrive()
            }
            consumeRead(asked: asked)
        }
    }

    private mutating func arrive() {
        while nextArrival <= clock, arrived - consumed + server.rows <= Self.rowsUnderWay {
            arrived += server.rows
            // A server that had to wait goes on from now.
            nextArrival = max(nextArrival, clock - server.nanoseconds) + noisy(server.nanoseconds)
        }
    }

    /// Hands out what one read brings, in as many chunks as the limit makes of it.
    private mutating func consumeRead(asked: Int64) {
        var asked = asked
        var left = min(arrived - consumed, Self.rowsPerRead)
        while left > 0 {
            let rows = min(left, controller.rowLimit)
            clock += noisy(Int64(rows) * consumer.nanosecondsPerRow)
            consumed += rows
            if consumed / consumer.rowsBetweenRests > rested {
                rested += 1
                clock += consumer.rest
            }
            left -= rows
            controller.consumed(rows: rows, bytes: rows * rowBytes, nanoseconds: clock - asked)
            if controller.rowLimit != limits.last { limits.append(controller.rowLimit) }
            asked = clock
        }
    }

    /// A third more or less.
    private mutating func noisy(_ time: Int64) -> Int64 { time * Int64.random(in: 67...133, using: &random) / 100 }

    /// How often the limit turned from growing to shrinking or back.
    var reversals: Int {
        let steps = zip(limits, limits.dropFirst()).map { $0 < $1 }
        return zip(steps, steps.dropFirst()).count { $0 != $1 }
    }
}
