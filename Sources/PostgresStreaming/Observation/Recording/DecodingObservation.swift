/// What is counted of the rows that one pass over a stream decodes into one type: per chunk, and where one fails.
final class DecodingObservation {
    private let metrics: DecodingMetrics
    private let name: QueryName
    private let type: RowTypeName
    private let decoded: Counter
    /// The rows of the chunk that is being decoded.
    var rowsAtHand = 0

    init(_ metrics: DecodingMetrics, _ name: QueryName, _ type: RowTypeName) {
        self.metrics = metrics
        self.name = name
        self.type = type
        decoded = metrics.decoded[name, type]
    }

    /// All rows of the chunk have become values. Those of one that is left in the middle are not counted, because
    /// nobody counts single rows.
    func chunkIsDecoded() {
        decoded.add(rowsAtHand)
        rowsAtHand = 0
    }

    /// A row did not become a value; those before it in its chunk did.
    func failed(_ error: PostgresError, rowsLeft: Int) {
        decoded.add(max(rowsAtHand - rowsLeft - 1, 0))
        rowsAtHand = 0
        metrics.failed[name, type, ErrorReason(error)].add()
    }
}
