public import PostgresWire

/// Walks over the rows of one chunk after the other, holding the buffer itself and no row.
@frozen
@usableFromInline
struct ChunkWalk {
    @usableFromInline let pass: StreamPass
    /// Keeps the bytes alive that `rows` points to.
    @usableFromInline var slab: ReceiveSlab?
    @usableFromInline var rows = RowWalk()
    /// The number of the chunk's last row in its result, from 1.
    private var lastRowNumber = 0

    init(_ pass: StreamPass) { self.pass = pass }

    /// Steps to the next chunk; false at the end of the result. For the isolation see `StreamPass.nextChunk`.
    @usableFromInline
    @inline(never)
    mutating func refill(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Bool {
        // Let go of the buffer first, so that it can be filled again.
        slab = nil
        rows = RowWalk()
        guard let chunk = try await pass.nextChunk(isolation: actor) else { return false }
        slab = chunk.slab
        lastRowNumber = chunk.firstRowNumber + chunk.count - 1
        rows = RowWalk(chunk.rows, of: chunk.slab, types: chunk.layout.types)
        return true
    }

    /// Ends the pass after a row that could not be decoded, and returns the error to throw.
    @usableFromInline
    @inline(never)
    mutating func failed(_ error: PostgresError) -> PostgresError {
        let rowsLeft = rows.count
        let error = error.located(in: pass.source.layout, rowNumber: lastRowNumber - rowsLeft)
        slab = nil
        rows = RowWalk()
        return pass.failed(error, rowsLeft: rowsLeft)
    }
}
