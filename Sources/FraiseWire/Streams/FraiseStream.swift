public import PostgresStreaming

/// The documents of a query, one after the other, as the server sends them.
///
/// As a `RowStream`, it is single-pass, reads when it is asked to, and cancels its query when it is left early. The
/// connection goes back to the client's pool then, or at the end.
public struct FraiseStream<Document>: AsyncSequence {
    /// One document.
    public typealias Element = Document
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let rows: RowStream
    private let query: FraiseQuery<Document>
    private let tally = DocumentTally()

    init(_ rows: RowStream, of query: FraiseQuery<Document>) {
        self.rows = rows
        self.query = query
    }

    /// Begins the only pass over the documents.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(rows.chunks.makeAsyncIterator(), DocumentReader(query, rows, tally))
    }

    // MARK: looking and steering

    /// Steers the stream from any task, and looks at it.
    public var control: StreamControl { rows.control }

    /// Whether the stream runs, is paused, or how it ended.
    public var state: StreamState { control.state }

    /// Rows, bytes, memory and times so far.
    public var statistics: StreamStatistics { control.statistics }

    /// Reads nothing more until `resume()`, for a reason and a time if you like; see `StreamControl.pause`.
    @discardableResult
    public func pause(reason: String? = nil, for time: Duration? = nil, then outcome: PauseOutcome = .resume) -> Bool {
        control.pause(reason: reason, for: time, then: outcome)
    }

    /// Reads on.
    public func resume() { control.resume() }

    /// The rows so far that a filter in Swift kept back.
    public var filteredCount: Int { tally.filtered }

    /// The rows so far that were left out because they are no documents of the type.
    public var skippedCount: Int { tally.skipped }

    /// Their errors, as far as `DocumentErrorPolicy.collect` has them kept.
    public var errors: [PostgresError] { tally.errors }

    // MARK: reading at once

    /// Returns all documents. Memory grows with the result.
    ///
    /// - Throws: what the stream throws; `resultTooLarge` for more than `documentsMax` documents, and the query is left.
    public nonisolated(nonsending) func collect(documentsMax: Int = .max) async throws(PostgresError) -> [Document] {
        var documents: [Document] = []
        var iterator = makeAsyncIterator()
        while let document = try await iterator.next(isolation: #isolation) {
            guard documents.count < documentsMax else {
                throw PostgresError(.resultTooLarge, "the result has more than \(documentsMax) documents")
            }
            documents.append(document)
        }
        return documents
    }

    /// Returns the first document, or nil if there is none; what becomes of the rest is as with `PostgresRows.first()`.
    public nonisolated(nonsending) func first() async throws(PostgresError) -> Document? {
        var iterator = makeAsyncIterator()
        let document = try await iterator.next(isolation: #isolation)
        if document != nil { try await rows.dropRest() }
        // It leaves the query when it goes away.
        extendLifetime(iterator)
        return document
    }

    /// Steps from document to document.
    @frozen
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline var chunks: RowChunks.AsyncIterator
        @usableFromInline let reader: DocumentReader<Document>
        @usableFromInline var chunk: RowChunk?
        @usableFromInline var position = 0
        @usableFromInline var count = 0

        init(_ chunks: RowChunks.AsyncIterator, _ reader: DocumentReader<Document>) {
            self.chunks = chunks
            self.reader = reader
        }

        /// Returns the next document, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next() async throws(PostgresError) -> Document? {
            try await next(isolation: #isolation)
        }

        /// Returns the next document, or nil at the end of the result.
        @inlinable
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Document? {
            while true {
                if position == count {
                    // Let go of the buffer first, so that it can be filled again.
                    if count > 0 { reader.chunkEnded() }
                    (chunk, position, count) = (nil, 0, 0)
                    guard let next = try await chunks.next(isolation: actor) else { return nil }
                    (chunk, count) = (next, next.count)
                }
                guard let chunk else { return nil }
                position &+= 1
                if let document = try reader.document(in: chunk, at: position &- 1) { return document }
            }
        }
    }
}
