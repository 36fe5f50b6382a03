/// The one pass over a stream's rows, owned by its iterator alone.
///
/// It is apart from the source so that leaving the loop ends the query even while the stream itself is still in scope.
@usableFromInline
final class StreamPass {
    @usableFromInline let source: StreamSource
    private let isFirst: Bool
    /// Counts the rows that become values; nil where nobody counts.
    private let decoding: DecodingObservation?

    init(_ source: StreamSource, isFirst: Bool, decoding: DecodingObservation? = nil) {
        self.source = source
        self.isFirst = isFirst
        self.decoding = decoding
    }

    deinit {
        if isFirst { source.stop() }
    }

    /// Hands out the next chunk where nothing has to be waited for; `fetchChunk` has to follow where it has none.
    @usableFromInline
    @inline(never)
    func chunkAtHand() throws(PostgresError) -> StreamSource.ChunkAtHand {
        guard isFirst else {
            throw PostgresError(
                .invalidState, "a stream of rows can be iterated once",
                hint: "Collect the rows, or run the query again.")
        }
        decoding?.chunkIsDecoded()
        let atHand = try source.chunkAtHand()
        switch atHand {
        case .chunk(let chunk): decoding?.rowsAtHand = chunk.count
        case .endOfResult: decoding?.rowsAtHand = 0
        case .toBeFetched: break
        }
        return atHand
    }

    /// Fetches the rows of the next read; nil at the end of the result.
    ///
    /// The isolation is a parameter and not inherited (`nonisolated(nonsending)`), because the compiler hops back to
    /// the caller behind such a call: on this slow path. Behind the other kind it hops later, where slow and fast path
    /// meet, which is once per row.
    @usableFromInline
    @inline(never)
    func fetchChunk(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> RowChunk? {
        let chunk = try await source.fetchChunk()
        decoding?.rowsAtHand = chunk?.count ?? 0
        return chunk
    }

    /// The next chunk; nil at the end of the result.
    @inlinable
    @inline(__always)
    func nextChunk(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> RowChunk? {
        switch try chunkAtHand() {
        case .chunk(let chunk): chunk
        case .endOfResult: nil
        case .toBeFetched: try await fetchChunk(isolation: actor)
        }
    }

    /// Ends the pass after a row that could not be decoded, and returns the error to throw.
    ///
    /// - Parameter rowsLeft: the rows behind it in its chunk.
    @usableFromInline
    @inline(never)
    func failed(_ error: PostgresError, rowsLeft: Int) -> PostgresError {
        decoding?.failed(error, rowsLeft: rowsLeft)
        source.fail(error)
        return error
    }
}
