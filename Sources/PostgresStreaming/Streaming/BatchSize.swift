/// How many rows a batch of a portal has.
///
/// What a batch brings is kept until it is handed out, so the rows before it say how many may come: as many as a chunk may have
/// bytes, and less where the memory of the stream is limited.
struct BatchSize {
    private let fixed: Int?
    private let bytesMax: Int
    private let hasMemoryLimit: Bool
    /// The rows so far and their bytes; those of long ago count for less.
    private var rows = 0.0
    private var bytes = 0.0

    /// - Parameter fixed: the most rows of each batch; nil where the stream says how many.
    /// - Throws: `queryInvalid` where no row would come.
    init(_ fixed: Int?, _ options: StreamOptions) throws(PostgresError) {
        guard fixed ?? 1 > 0 else {
            throw PostgresError(
                .queryInvalid, "a batch has at least one row", hint: "Let the stream choose: .portal().")
        }
        self.fixed = fixed
        let limit = min(options.memoryMax ?? .max, options.memorySoftMax ?? .max)
        hasMemoryLimit = limit < .max
        bytesMax = min(options.chunkBytesMax, limit / Self.batchesOfLimit)
    }

    private static let batchesOfLimit = 4
    /// Of rows of which nothing is known yet.
    private static let firstRows = 64

    /// The most rows of the next batch.
    ///
    /// - Parameter rowLimit: the most rows of a chunk.
    func next(rowLimit: Int) -> Int32 {
        let wanted = min(fixed ?? max(rowLimit, 1), Int(Int32.max))
        guard fixed == nil || hasMemoryLimit else { return Int32(wanted) }
        guard rows > 0 else { return Int32(min(wanted, hasMemoryLimit ? 1 : Self.firstRows)) }
        let fitting = Double(bytesMax) / max(bytes / rows, 1)
        return Int32(max(min(Double(wanted), fitting), 1))
    }

    /// Takes note of what a batch brought.
    mutating func note(rows newRows: Int, bytes newBytes: Int) {
        rows = rows / 2 + Double(newRows)
        bytes = bytes / 2 + Double(newBytes)
    }
}
