/// The rows of a query, one after the other, as the server sends them.
///
/// Rows are read when they are asked for: a consumer that stops lets the server wait, and memory stays at a buffer or
/// two however long the result is. The server itself gathers 8 KiB before it sends anything, so the first rows of a
/// slow query arrive when they fill that or when the query ends.
///
/// A stream is single-pass: a second iteration throws `invalidState`. Leaving it early, by `break`, by an error or by
/// dropping it, cancels the query on the server, and the connection is ready for the next one. Two things follow:
///
/// - A statement that writes and returns rows (`INSERT … RETURNING`) is undone if it is left before its end.
/// - Inside a transaction block up to 16 MiB or two seconds of the rest are read instead, because a cancelled statement
///   fails the block. Beyond that the block is failed all the same: the next statement throws `transactionLeft` until it is ended.
///   A stream by a portal (`QueryMode.portal`) is left without any of that.
///
/// On the main actor or in another actor prefer `chunks`, which enter the actor once per chunk and not once per row.
public struct RowStream: AsyncSequence {
    /// One row.
    public typealias Element = Row
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    @usableFromInline let source: StreamSource

    init(_ source: StreamSource) { self.source = source }

    /// The columns of the result; empty for a statement that returns no rows.
    public var columns: [PostgresColumn] { source.layout.columns }

    /// What the server said about the command; nil until the stream is at its end.
    public var commandTag: PostgresCommandTag? { source.commandTag }

    /// Steers this stream from any task, and looks at it: pause, resume, state, statistics.
    public var control: StreamControl { source.control }

    /// What the stream has done so far.
    public var statistics: StreamStatistics { source.control.statistics }

    /// The rows in the chunks in which they arrive.
    public var chunks: RowChunks { RowChunks(source) }

    /// Reads and drops the rest after the first row, as `first()` does.
    package nonisolated(nonsending) func dropRest() async throws(PostgresError) { try await source.dropRest() }

    /// Begins the pass over the rows.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source.begin()) }

    /// Steps from row to row.
    @frozen
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline let pass: StreamPass
        @usableFromInline var chunk: RowChunk?
        @usableFromInline var position = 0
        @usableFromInline var count = 0

        init(_ pass: StreamPass) { self.pass = pass }

        /// Returns the next row, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next() async throws(PostgresError) -> Row? {
            try await next(isolation: #isolation)
        }

        /// Returns the next row, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Row? {
            if position == count {
                // Let go of the buffer first, so that it can be filled again.
                chunk = nil
                guard let next = try await pass.nextChunk(isolation: actor) else {
                    count = 0
                    position = 0
                    return nil
                }
                count = next.count
                position = 0
                chunk = next
            }
            defer { position += 1 }
            return chunk?[position]
        }
    }
}

extension RowStream {
    /// Returns all rows. Memory grows with the result; every row keeps its buffer alive.
    ///
    /// - Parameters:
    ///   - rowsMax: the most rows that may come.
    ///   - bytesMax: the most bytes that the rows may have on the wire.
    /// - Throws: what the stream throws; `resultTooLarge` beyond a limit, and the query is left.
    public nonisolated(nonsending) func collect(
        rowsMax: Int = .max, bytesMax: Int = .max
    ) async throws(PostgresError) -> [Row] {
        var rows: [Row] = []
        var bytes = 0
        var iterator = chunks.makeAsyncIterator()
        while let chunk = try await iterator.next(isolation: #isolation) {
            bytes += chunk.byteCount
            guard rows.count + chunk.count <= rowsMax else { throw .tooLarge("\(rowsMax) rows") }
            guard bytes <= bytesMax else { throw .tooLarge("\(bytesMax) bytes") }
            rows.append(contentsOf: chunk)
        }
        return rows
    }
}
