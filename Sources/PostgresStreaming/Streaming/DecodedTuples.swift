public import PostgresWire

/// The rows of a query, each as a tuple.
public struct DecodedTuples<Columns: ColumnValues>: AsyncSequence {
    /// One value for each column.
    public typealias Element = Columns.Values
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    let source: StreamSource

    init(_ source: StreamSource) { self.source = source }

    /// Begins the pass over the rows.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source.begin(decoding: Element.self)) }

    /// Steps from row to row.
    @frozen
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline var walk: ChunkWalk

        init(_ pass: StreamPass) { walk = ChunkWalk(pass) }

        /// Returns the next row's values, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next() async throws(PostgresError) -> Columns.Values? {
            try await next(isolation: #isolation)
        }

        /// Returns the next row's values, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PostgresError) -> Columns.Values? {
            if walk.rows.isAtEnd {
                guard try await walk.refill(isolation: actor) else { return nil }
            }
            do throws(PostgresError) {
                var cursor = RowCursor(walk.rows.advance())
                let values = try Columns.read(&cursor)
                guard cursor.isAtEnd else { throw Row.columnsLeft() }
                try cursor.finish()
                // The cells were read through pointers into it.
                extendLifetime(walk.slab)
                return values
            } catch {
                throw walk.failed(error)
            }
        }
    }
}

extension DecodedTuples {
    /// Returns all values. Memory grows with the result.
    ///
    /// - Throws: what the stream throws; `resultTooLarge` for more than `rowsMax` rows, and the query is left.
    public nonisolated(nonsending) func collect(rowsMax: Int = .max) async throws(PostgresError) -> [Columns.Values] {
        var values: [Columns.Values] = []
        var iterator = makeAsyncIterator()
        while let value = try await iterator.next(isolation: #isolation) {
            guard values.count < rowsMax else { throw .tooLarge("\(rowsMax) rows") }
            values.append(value)
        }
        return values
    }

    /// Returns the first row's value, or nil if there is no row; what becomes of the rest, and of a statement that writes,
    /// is as with `PostgresRows.first()`.
    public nonisolated(nonsending) func first() async throws(PostgresError) -> Columns.Values? {
        var iterator = makeAsyncIterator()
        let values = try await iterator.next(isolation: #isolation)
        if values != nil { try await source.dropRest() }
        // It leaves the query when it goes away.
        extendLifetime(iterator)
        return values
    }
}
