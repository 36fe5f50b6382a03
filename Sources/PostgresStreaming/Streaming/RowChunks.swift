/// The rows of a query in the chunks in which they arrive; the fastest way to read them.
///
/// A chunk is what one read brought, at least one row; nothing is held back to make it fuller.
public struct RowChunks: AsyncSequence {
    /// The rows of one read.
    public typealias Element = RowChunk
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let source: StreamSource

    init(_ source: StreamSource) { self.source = source }

    /// Begins the pass over the rows.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source.begin()) }

    /// Steps from chunk to chunk.
    @frozen
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline let pass: StreamPass

        init(_ pass: StreamPass) { self.pass = pass }

        /// Returns the next chunk, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next() async throws(PostgresError) -> RowChunk? {
            try await next(isolation: #isolation)
        }

        /// Returns the next chunk, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> RowChunk? {
            try await pass.nextChunk(isolation: actor)
        }
    }
}
