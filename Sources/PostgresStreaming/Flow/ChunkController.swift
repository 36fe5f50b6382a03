import PostgresTransport

// The two decisions of a stream, both from what it sees anyway:
//
// - How many rows a chunk may have: as many as arrive and are consumed within a few milliseconds. Fast rows make large
//   chunks and slow ones small chunks, so that a consumer that takes its time meets its own pauses and cancellations
//   soon. What counts is the time per row over the last second or so, waits between bursts included: a moving average
//   of single chunks would swing with every burst. How much one chunk more or less would change that figure is known
//   too, and differences within it are left alone, so the limit settles and stays.
// - Whether to let bytes gather before the next read. The server writes 8 KiB at a time; a client that is woken for
//   each of them spends its time on being woken. Where reads keep coming back small though more is on its way, and bytes
//   come fast enough for a short nap to bring several pieces, the next read is put off for as long as it takes to fill a
//   good part of a buffer.

/// Decides how much of a stream is read and handed out at a time. Pure: it has no clock of its own.
package struct ChunkController {
    private let isAdaptive: Bool
    private let bounds: ClosedRange<Int>
    private let bytesMax: Int
    private let napNanosecondsMax: Double

    /// The most rows of a chunk.
    package private(set) var rowLimit: Int
    /// How often `rowLimit` was changed.
    package private(set) var adjustments = 0

    /// Creates the controller of a stream that begins.
    package init(_ options: StreamOptions) { self.init(normalized: options.normalized) }

    init(normalized options: StreamOptions) {
        isAdaptive = options.isAdaptive
        bounds = options.chunkSizeBounds
        bytesMax = options.chunkBytesMax
        napNanosecondsMax = Double(options.gatherTimeMax.nanoseconds)
        rowLimit = options.chunkSize
    }

    // MARK: rows

    /// What the last chunks were: together, and the longest of them. Older ones count for less and less.
    private var rows = 0.0
    private var bytes = 0.0
    private var nanoseconds = 0.0
    private var nanosecondsOfLongest = 0.0
    /// What has passed since `rowLimit` was changed.
    private var chunksSinceChange = 0
    private var nanosecondsSinceChange = 0.0

    /// How long a chunk may take to arrive and to be consumed.
    package static let chunkNanoseconds = 2_000_000.0
    /// How much time is remembered.
    private static let memoryNanoseconds = 1_000_000_000.0
    /// So many chunks are looked at between changes, or fewer that took so long.
    private static let chunksPerChange = 4
    private static let nanosecondsPerChange = 100_000_000.0
    /// A change is by this factor at most.
    private static let stepMax = 2.0
    /// Factors below this are left alone.
    private static let tolerance = 1.2

    /// Takes note of a chunk, and of the time that passed from asking for it until it was consumed.
    package mutating func consumed(rows count: Int, bytes byteCount: Int, nanoseconds time: Int64) {
        guard isAdaptive, count > 0 else { return }
        let time = min(max(Double(time), 0), Self.memoryNanoseconds)
        forget(downTo: Self.memoryNanoseconds - time)
        rows += Double(count)
        bytes += Double(byteCount)
        nanoseconds += time
        nanosecondsOfLongest = max(nanosecondsOfLongest, time)
        chunksSinceChange += 1
        nanosecondsSinceChange += time
        if chunksSinceChange >= Self.chunksPerChange || nanosecondsSinceChange >= Self.nanosecondsPerChange {
            adjust()
        }
    }

    /// Makes what was count for so much time at most.
    private mutating func forget(downTo limit: Double) {
        guard nanoseconds > limit else { return }
        let share = limit / nanoseconds
        rows *= share
        bytes *= share
        nanoseconds *= share
        nanosecondsOfLongest *= share
    }

    private mutating func adjust() {
        let byTime = Self.chunkNanoseconds * rows / max(nanoseconds, 1)
        let byBytes = Double(bytesMax) * rows / max(bytes, 1)
        let ideal = max(min(byTime, byBytes), 1)
        let current = Double(rowLimit)
        // Bytes per row do not depend on when one looks.
        let doubt = byBytes < byTime ? 0 : nanosecondsOfLongest / max(nanoseconds, 1)
        guard max(ideal / current, current / ideal) > Self.tolerance + doubt else { return }
        let step = min(max(ideal, current / Self.stepMax), current * Self.stepMax)
        let next = Int(min(max(step, Double(bounds.lowerBound)), Double(bounds.upperBound)))
        guard next != rowLimit else { return }
        rowLimit = next
        adjustments += 1
        chunksSinceChange = 0
        nanosecondsSinceChange = 0
    }

    // MARK: gathering

    /// Reads in a row that came back small.
    private var smallReads = 0
    /// The small reads that it takes before the first nap; doubled by every nap that brought nothing.
    private var patience = ChunkController.patienceMin
    /// Bytes per nanosecond at which they arrive, smoothed.
    private var arrivalRate = 0.0

    /// The small reads before the first nap.
    package static let patienceMin = 4
    private static let patienceMax = 256
    /// How much a new read counts.
    private static let smoothing = 0.25
    /// A read of so many bytes was worth its while.
    private static let readBytesEnough = 160 << 10
    /// What a nap should bring at least: two of the server's writes.
    private static let napBytesMin = 16.0 * 1024

    /// Takes note of a read: what it brought, and the time since the one before.
    package mutating func read(bytes: Int, isFull: Bool, nanoseconds: Int64) {
        let rate = Double(bytes) / max(Double(nanoseconds), 1)
        arrivalRate += (rate - arrivalRate) * Self.smoothing
        smallReads = isFull || bytes >= Self.readBytesEnough ? smallReads / 2 : smallReads + 1
    }

    /// Takes note of a nap behind which nothing had arrived.
    package mutating func napWasVain() {
        smallReads = 0
        patience = min(patience * 2, Self.patienceMax)
    }

    /// How long to let bytes gather before the next read; nil to read at once.
    ///
    /// - Parameter isMoreCertain: A message has come in part, so the answer cannot be complete.
    package func nap(isMoreCertain: Bool) -> Duration? {
        guard isMoreCertain, smallReads >= patience, napNanosecondsMax > 0 else { return nil }
        let limit = napNanosecondsMax
        guard arrivalRate * limit >= Self.napBytesMin else { return nil }
        let time = min(Double(Self.readBytesEnough) / arrivalRate, limit)
        return .nanoseconds(Int64(time))
    }
}
