/// The data of a COPY to the client, in the chunks in which it arrives.
///
/// ```swift
/// let data = try await connection.copyOut("COPY orders TO STDOUT (FORMAT csv, HEADER)")
/// for try await chunk in data { print(String(decoding: chunk.bytes(), as: UTF8.self)) }
/// ```
///
/// It is read as a `RowStream` is: when data is asked for, within the stream's memory limits, and it can be paused. It is
/// single-pass, and leaving it early cancels the COPY on the server; inside a transaction block see `RowStream`.
public struct PostgresCopyStream: AsyncSequence {
    /// What one read brought.
    public typealias Element = PostgresCopyChunk
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    let source: StreamSource
    /// Whether the data is in the binary format; text and CSV are text.
    public let isBinary: Bool
    /// Whether the first piece is a line of names, as far as the format was said by its value.
    var hasHeader = false
    /// The number of columns of each row.
    public let columnCount: Int

    /// What the server said about the command, with the number of rows; nil until the stream is at its end.
    public var commandTag: PostgresCommandTag? { source.commandTag }

    /// Steers this stream from any task, and looks at it: pause, resume, state, statistics.
    public var control: StreamControl { source.control }

    /// What the stream has done so far; a row is a message of the server, of which a CSV header is one as well.
    public var statistics: StreamStatistics { source.control.statistics }

    /// Begins the pass over the data.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pass: source.begin()) }

    /// Steps from chunk to chunk.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let pass: StreamPass

        /// Returns the next chunk, or nil at the end of the data.
        public mutating func next() async throws(PostgresError) -> PostgresCopyChunk? {
            try await next(isolation: #isolation)
        }

        /// Returns the next chunk, or nil at the end of the data.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PostgresError) -> PostgresCopyChunk? {
            try await pass.nextChunk(isolation: actor).map { PostgresCopyChunk(slab: $0.slab, messages: $0.rows) }
        }
    }
}

extension PostgresCopyStream {
    /// Returns all of the data as one array. Memory grows with the data.
    ///
    /// - Parameter bytesMax: the most bytes that may come.
    /// - Throws: what the stream throws; `resultTooLarge` beyond the limit, and the COPY is left.
    public nonisolated(nonsending) func collect(bytesMax: Int = .max) async throws(PostgresError) -> [UInt8] {
        var data: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let chunk = try await iterator.next(isolation: #isolation) {
            guard data.count + chunk.byteCount <= bytesMax else { throw .tooLarge("\(bytesMax) bytes") }
            chunk.append(to: &data)
        }
        return data
    }
}
