import PostgresWire

/// What brings the rows of a stream that does not have its connection to itself.
protocol StreamFeed: AnyObject {
    /// What the server said of the command; nil before its end.
    var commandTag: PostgresCommandTag? { get }

    /// Returns the rows of the next read; nil at the end of the result.
    ///
    /// - Parameter regulator: what steers the reading.
    nonisolated(nonsending) func nextRows(
        _ regulator: StreamRegulator
    ) async throws(PostgresError) -> (rows: Range<Int>, slab: ReceiveSlab)?

    /// Whether nothing more is read once the stream is left after its first row; what is left must not have failed yet.
    var isLeftAtOnce: Bool { get }

    /// The stream was left before its end.
    func left()
}
