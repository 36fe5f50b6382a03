// The two decisions of a stream, both from what it sees anyway:
//
// - How many rows a chunk may have: as many as arrive and are consumed within a few milliseconds. Fast rows make large
//   chunks and slow ones small chunks, so that a consumer that takes its time meets its own pauses and cancellations
//   soon. It changes by a factor of two at most and leaves small differences alone, so it settles and stays.
// - Whether to let bytes gather before the next read. The server writes 8 KiB at a time; a client that is woken for
//   each of them spends its time on being woken. Where reads keep coming back small though more is on its way, and bytes
//   come fast enough for a short nap to bring several pieces, the next read is put off for as long as it takes to fill a
//   good part of a buffer.

/// Decides how much of a stream is read and handed out at a time. Pure: it has no clock of its own.
struct ChunkController {
    private let options: StreamOptions
    private let napNanosecondsMax: Double

    /// The most rows of a chunk.
    private(set) var rowLimit: Int
    /// How often `rowLimit` was changed.
    private(set) var adjustments = 0

    init(_ options: StreamOptions) {
        self.options = options.normalized
        napNanosecondsMax = Double(self.options.gatherTimeMax.nanoseconds)
        rowLimit = self.options.chunkSize
    }

    // MARK: rows

    /// Nanoseconds per row and bytes per row, smoothed; nil before the first chunk.
    private var rowTime: Double?
    private var rowBytes: Double?
    private var chunksSinceChange = 0

    /// How long a chunk may take to arrive and to be consumed.
    private static let chunkNanoseconds = 2_000_000.0
    /// How much a new chunk counts.
    private static let smoothing = 0.25
    private static let chunksPerChange = 4
    /// Differences below this are left alone.
    private static let tolerance = 0.2

    /// Takes note of a chunk, and of the time that passed from asking for it until it was consumed.
    mutating func consumed(rows: Int, bytes: Int, nanoseconds: Int64) {
        guard rows > 0 else { return }
        let time = Double(nanoseconds) / Double(rows)
        rowTime = Self.smoothed(rowTime, time)
        rowBytes = Self.smoothed(rowBytes, Double(bytes) / Double(rows))
        chunksSinceChange += 1
        guard options.isAdaptive, chunksSinceChange >= Self.chunksPerChange else { return }
        adjust()
    }

    private static func smoothed(_ old: Double?, _ new: Double) -> Double {
        old.map { $0 + (new - $0) * smoothing } ?? new
    }

    private mutating func adjust() {
        guard let rowTime, let rowBytes else { return }
        let byTime = Self.chunkNanoseconds / max(rowTime, 1)
        let byBytes = Double(options.chunkBytesMax) / max(rowBytes, 1)
        let ideal = min(byTime, byBytes)
        let step = min(max(ideal, Double(rowLimit) / 2), Double(rowLimit) * 2)
        let bounds = options.chunkSizeBounds
        let next = min(max(Int(step), bounds.lowerBound), bounds.upperBound)
        guard abs(Double(next - rowLimit)) > Double(rowLimit) * Self.tolerance || next == bounds.upperBound else {
            return
        }
        guard next != rowLimit else { return }
        rowLimit = next
        adjustments += 1
        chunksSinceChange = 0
    }

    // MARK: gathering

    /// Reads in a row that came back small.
    private var smallReads = 0
    /// The small reads that it takes before the first nap; doubled by every nap that brought nothing.
    private var patience = ChunkController.patienceMin
    /// Bytes per nanosecond at which they arrive, smoothed.
    private var arrivalRate = 0.0

    private static let patienceMin = 4
    private static let patienceMax = 256
    /// A read of so many bytes was worth its while.
    private static let readBytesEnough = 160 << 10
    /// What a nap should bring at least: two of the server's writes.
    private static let napBytesMin = 16.0 * 1024

    /// Takes note of a read: what it brought, and the time since the one before.
    mutating func read(bytes: Int, isFull: Bool, nanoseconds: Int64) {
        let rate = Double(bytes) / max(Double(nanoseconds), 1)
        arrivalRate += (rate - arrivalRate) * Self.smoothing
        smallReads = isFull || bytes >= Self.readBytesEnough ? smallReads / 2 : smallReads + 1
    }

    /// Takes note of a nap behind which nothing had arrived.
    mutating func napWasVain() {
        smallReads = 0
        patience = min(patience * 2, Self.patienceMax)
    }

    /// How long to let bytes gather before the next read; nil to read at once.
    ///
    /// - Parameter isMoreCertain: A message has come in part, so the answer cannot be complete.
    func nap(isMoreCertain: Bool) -> Duration? {
        guard isMoreCertain, smallReads >= patience, napNanosecondsMax > 0 else { return nil }
        let limit = napNanosecondsMax
        guard arrivalRate * limit >= Self.napBytesMin else { return nil }
        let time = min(Double(Self.readBytesEnough) / arrivalRate, limit)
        return .nanoseconds(Int64(time))
    }
}

extension Duration {
    /// Whole nanoseconds, clamped to 64 bits.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? (seconds < 0 ? .min : .max) : sum
    }
}
