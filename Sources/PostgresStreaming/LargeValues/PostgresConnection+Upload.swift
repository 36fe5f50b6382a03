extension PostgresConnection {
    /// Runs a query one parameter of which is sent in pieces while they come, and returns its rows as a stream.
    ///
    /// ```swift
    /// let file = try PostgresFile(reading: "photo.jpg")
    /// try await connection.execute(
    ///     "INSERT INTO photo (name, image) VALUES ('first', \(streamed: .bytea))", sending: file, byteCount: file.byteCount)
    /// ```
    ///
    /// Memory stays at a piece and a few buffers. The server is told the length first, so nothing can take the value back once
    /// it has begun: where the source throws, ends early or is longer, and where this is cancelled or runs into its time limit,
    /// nothing is written and the connection is closed. What is wrong with the statement itself is found before the source is
    /// asked for anything, but for a table that was changed since the statement was described: then it fails with
    /// `statementOutdated` after the value, nothing is written, and it can be run again. The server takes messages of up to 1 GiB less one byte, and builds the value in its memory.
    ///
    /// - Parameters:
    ///   - query: has one parameter `\(streamed: .bytea)`, or of a type that is sent as text, whose pieces are UTF-8.
    ///   - source: the pieces, cut anywhere; each is sent before the next one is asked for.
    ///   - byteCount: how many bytes there are in all.
    ///   - options: limits of memory and time, and the stream's name.
    /// - Throws: what `source` throws; `parameterInvalid` where it has another length; `queryInvalid` for a query without such a
    ///   parameter, and for what is too long; otherwise as `query`.
    public nonisolated(nonsending) func query<Source: AsyncSequence>(
        _ query: PostgresQuery, sending source: Source, byteCount: Int, options: StreamOptions = StreamOptions()
    ) async throws -> RowStream where Source.Element == [UInt8] {
        try await RowStream.run(query, sending: PostgresUpload(source: source, byteCount: byteCount), options, on: gate)
    }

    /// Runs a statement one parameter of which is sent in pieces, to its end; see `query(_:sending:byteCount:options:)`.
    ///
    /// - Throws: as that form.
    @discardableResult
    public nonisolated(nonsending) func execute<Source: AsyncSequence>(
        _ query: PostgresQuery, sending source: Source, byteCount: Int, options: StreamOptions = StreamOptions()
    ) async throws -> PostgresCommandTag? where Source.Element == [UInt8] {
        try await self.query(query, sending: source, byteCount: byteCount, options: options.ignoringRows).finish()
    }
}

extension PostgresTransaction {
    /// Runs a query in the transaction one parameter of which is sent in pieces; see
    /// `PostgresConnection.query(_:sending:byteCount:options:)`.
    ///
    /// - Throws: as the connection's own; `transactionEnded` if a statement has ended the transaction.
    public nonisolated(nonsending) func query<Source: AsyncSequence>(
        _ query: PostgresQuery, sending source: Source, byteCount: Int, options: StreamOptions = StreamOptions()
    ) async throws -> RowStream where Source.Element == [UInt8] {
        let upload = PostgresUpload(source: source, byteCount: byteCount)
        return try await RowStream.run(query, sending: upload, options, on: scope.gate, in: scope)
    }

    /// Runs a statement in the transaction one parameter of which is sent in pieces, to its end; see
    /// `PostgresConnection.query(_:sending:byteCount:options:)`.
    ///
    /// - Throws: as the connection's own; `transactionEnded` if a statement has ended the transaction.
    @discardableResult
    public nonisolated(nonsending) func execute<Source: AsyncSequence>(
        _ query: PostgresQuery, sending source: Source, byteCount: Int, options: StreamOptions = StreamOptions()
    ) async throws -> PostgresCommandTag? where Source.Element == [UInt8] {
        try await self.query(query, sending: source, byteCount: byteCount, options: options.ignoringRows).finish()
    }
}

extension PostgresClient {
    /// Lends a connection for a statement one parameter of which is sent in pieces, and runs it to its end; see
    /// `PostgresConnection.query(_:sending:byteCount:options:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    @discardableResult
    public nonisolated(nonsending) func execute<Source: AsyncSequence>(
        _ query: PostgresQuery, sending source: Source, byteCount: Int, options: StreamOptions = StreamOptions()
    ) async throws -> PostgresCommandTag? where Source.Element == [UInt8] {
        try await withConnection { connection in
            try await connection.execute(query, sending: source, byteCount: byteCount, options: options)
        }
    }
}
