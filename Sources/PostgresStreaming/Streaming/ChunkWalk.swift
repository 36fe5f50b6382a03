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

    /// Steps to the next chunk where nothing has to be waited for; false at the end of the result, nil where `fetch` has to
    /// follow.
    @usableFromInline
    @inline(never)
    mutating func stepAtHand() throws(PostgresError) -> Bool? {
        // Let go of the buffer first, so that it can be filled again.
        slab = nil
        rows = RowWalk()
        switch try pass.chunkAtHand() {
        case .chunk(let chunk): walk(chunk)
        case .endOfResult: return false
        case .toBeFetched: return nil
        }
        return true
    }

    /// Steps to the next chunk; false at the end of the result. For the isolation see `StreamPass.fetchChunk`.
    @usableFromInline
    @inline(never)
    mutating func fetch(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Bool {
        guard let chunk = try await pass.fetchChunk(isolation: actor) else { return false }
        walk(chunk)
        return true
    }

    /// Steps to the next chunk; false at the end of the result.
    @inlinable
    @inline(__always)
    mutating func refill(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Bool {
        if let hasRows = try stepAtHand() { return hasRows }
        return try await fetch(isolation: actor)
    }

    private mutating func walk(_ chunk: RowChunk) {
        slab = chunk.slab
        lastRowNumber = chunk.firstRowNumber + chunk.count - 1
        rows = RowWalk(chunk.rows, of: chunk.slab, types: chunk.layout.types)
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
