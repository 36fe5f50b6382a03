/// The rows of a query of which one column comes in pieces, while it is still being received.
///
/// ```swift
/// let documents = try await connection.query("SELECT id, body, size FROM document", streaming: "body")
/// for try await document in documents {
///     let id = try document.leading["id", as: Int.self]
///     if let value = document.value { try await value.write(toFile: "/tmp/document-\(id)") }
///     let size = try await document.trailing()["size", as: Int.self]
///     print(id, size)
/// }
/// ```
///
/// A value may be as long as the protocol allows, 1 GiB less a few bytes, and memory stays at a buffer or two. The order is that
/// of the connection: the columns before the value, the value, the columns after it, the next row. What is not read of a value is
/// read past, when something after it is asked for.
///
/// It is a `RowStream` in everything else: it can be paused, has the stream's limits of memory and time, and is single-pass.
/// Leaving it in the middle of a value costs more: a server finishes a row that it has begun to send, so up to 16 MiB are
/// read past, and where more is left of the row the connection is closed.
public struct PostgresLargeRows: AsyncSequence {
    /// One row.
    public typealias Element = PostgresLargeRow
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let source: StreamSource
    /// The index of the column whose values come in pieces.
    private let column: Int

    init(_ source: StreamSource, column: Int) {
        self.source = source
        self.column = column
    }

    /// The columns of the result.
    public var columns: [PostgresColumn] { source.layout.columns }

    /// What the server said about the command; nil until the stream is at its end.
    public var commandTag: PostgresCommandTag? { source.commandTag }

    /// Steers this stream from any task, and looks at it: pause, resume, state, statistics. Each piece counts as a chunk.
    public var control: StreamControl { source.control }

    /// What the stream has done so far.
    public var statistics: StreamStatistics { source.control.statistics }

    /// Begins the pass over the rows.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pass: LargeValuePass(source.begin(), of: source, column: column))
    }

    /// Steps from row to row.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let pass: LargeValuePass

        /// Returns the next row, after reading past what is left of the last one; nil at the end of the result.
        public mutating func next() async throws(PostgresError) -> PostgresLargeRow? {
            try await next(isolation: #isolation)
        }

        /// Returns the next row, after reading past what is left of the last one; nil at the end of the result.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PostgresError) -> PostgresLargeRow? {
            try await pass.nextRow(isolation: actor)
        }
    }
}

extension PostgresQuerying {
    /// Runs a query and returns its rows as a stream in which the values of one column come in pieces.
    ///
    /// The server describes the statement first, which costs a round trip where it was not run before. A `bytea` comes as its
    /// bytes, text as UTF-8, `json` and `jsonb` as text; anything else in the form that it has on the wire. The limit for one
    /// value (`valueBytesMax`) and the one for rows (`max_row_size`) do not hold for the column, and each holds for what is before
    /// and after it.
    ///
    /// - Parameters:
    ///   - query: what returns the column.
    ///   - column: the name of the column.
    ///   - options: limits of memory and time, and the stream's name.
    /// - Throws: `columnMismatch` for a column that the query does not return, or returns twice; otherwise as `query`.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, streaming column: String, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresLargeRows {
        var options = options
        options.pieceColumn = column
        let source = try await self.query(query, mode: .extended, options: options).source
        return PostgresLargeRows(source, column: try source.layout.index(named: column))
    }
}
