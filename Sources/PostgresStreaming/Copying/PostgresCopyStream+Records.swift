import PostgresWire

extension PostgresCopyStream {
    /// Reads the data as records of fields, by the server's own rules, and hands each to `body`.
    ///
    /// ```swift
    /// let format = PostgresCopyFormat.csv
    /// let data = try await connection.copyOut(from: .table("orders"), as: format)
    /// try await data.forEachRecord(of: format) { record throws(PostgresError) in
    ///     print(try record.string(at: 0) ?? "NULL")
    /// }
    /// ```
    ///
    /// A record lies in a buffer that the next one is read into; copy out what is to be kept. A header is read past, or compared
    /// with the names where the options say so.
    ///
    /// - Parameters:
    ///   - format: how the data is written.
    ///   - columns: the names of the columns, where the format's options need them.
    ///   - limits: how long a record may be.
    ///   - body: what is done with each record.
    /// - Throws: what `body` and the stream throw; `valueMalformed` for data that is not of this format, with the line and field,
    ///   and the COPY is left.
    public nonisolated(nonsending) func forEachRecord(
        of format: PostgresCopyFormat, columns: [String]? = nil, limits: CopyReaderLimits = CopyReaderLimits(),
        _ body: (borrowing CopyRecord) throws(PostgresError) -> Void
    ) async throws(PostgresError) {
        try format.checkLines()
        switch format.kind {
        case .text(let options):
            try await read(by: CopyTextReader(options, columns: columns, limits: limits), body)
        case .csv(let options):
            try await read(by: CopyCSVReader(options, columns: columns, limits: limits), body)
        case .binary:
            try await read(by: CopyBinaryReader(limits: limits), body)
        }
    }

    private nonisolated(nonsending) func read<Reader: CopyReader>(
        by reader: consuming Reader, _ body: (borrowing CopyRecord) throws(PostgresError) -> Void
    ) async throws(PostgresError) {
        var iterator = makeAsyncIterator()
        while let chunk = try await iterator.next(isolation: #isolation) {
            for index in 0..<chunk.count { try chunk.read(index, by: &reader, body) }
        }
        if try reader.finish() == .record { try body(reader.record) }
    }
}

extension PostgresCopyChunk {
    /// Reads the records that end within a piece.
    fileprivate func read<Reader: CopyReader>(
        _ index: Int, by reader: inout Reader, _ body: (borrowing CopyRecord) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        let bytes = piece(index)
        var offset = 0
        while try reader.next(in: bytes, at: &offset) == .record { try body(reader.record) }
    }
}
