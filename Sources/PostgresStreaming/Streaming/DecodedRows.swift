public import PostgresWire

extension RowStream {
    /// Decodes every row into `Value` as it passes.
    ///
    /// A row that cannot be decoded throws and ends the stream.
    public func decode<Value: RowDecodable>(_ type: Value.Type = Value.self) -> DecodedRows<Value> {
        DecodedRows(source)
    }
}

/// The rows of a query, each as a value of its own type.
public struct DecodedRows<Element: RowDecodable>: AsyncSequence {
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

        /// Returns the next row's value, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next() async throws(PostgresError) -> Element? {
            try await next(isolation: #isolation)
        }

        /// Returns the next row's value, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Element? {
            if walk.rows.isAtEnd {
                guard try await walk.refill(isolation: actor) else { return nil }
            }
            do throws(PostgresError) {
                var cursor = RowCursor(walk.rows.advance())
                let element = try Element(row: &cursor)
                if cursor.isAtEnd { try cursor.finish() }
                // The cells were read through pointers into it.
                extendLifetime(walk.slab)
                return element
            } catch {
                throw walk.failed(error)
            }
        }
    }
}
