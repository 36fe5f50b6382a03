public import PostgresStreaming

extension FraiseQuery {
    /// Writes the documents to a file, one a line (NDJSON), as the server has them; nothing is decoded unless the query filters
    /// in Swift. The file is there under its name only when it is whole and on the disk.
    ///
    /// ```swift
    /// let written = try await query.export(toFile: "/tmp/users.ndjson")
    /// print("\(written.rowCount) documents")
    /// ```
    ///
    /// What is no plain file, such as `/dev/stdout`, is written to as it is. Memory stays at a few buffers.
    ///
    /// - Parameters:
    ///   - path: where the file is to be; one of that name is replaced.
    ///   - progress: is told how many documents and bytes were written, after each piece.
    /// - Throws: `fileFailed`; `documentMissing` for a row without a document; otherwise as `execute()` and its stream.
    @discardableResult
    public nonisolated(nonsending) func export(
        toFile path: String, progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) -> PostgresCopyProgress {
        let rows = try await execute()
        return try await CopyFile.export(to: path) { file async throws(PostgresError) in
            try await rows.writeLines(to: file, progress)
        }
    }

    /// Writes the documents to an open descriptor, one a line, and leaves it open; see `export(toFile:progress:)`.
    ///
    /// - Throws: as that form.
    @discardableResult
    public nonisolated(nonsending) func export(
        toDescriptor descriptor: Int32, progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) -> PostgresCopyProgress {
        try await execute().writeLines(to: CopyFile(descriptor: descriptor), progress)
    }
}

extension FraiseStream {
    /// Writes each document that passes the query's filters as a line.
    fileprivate nonisolated(nonsending) func writeLines(
        to file: CopyFile, _ progress: (PostgresCopyProgress) -> Void
    ) async throws(PostgresError) -> PostgresCopyProgress {
        var written = PostgresCopyProgress()
        var lines: [UInt8] = []
        var iterator = makeAsyncIterator()
        while try await iterator.appendLines(to: &lines, &written.rowCount) {
            guard lines.count >= CopyFile.pieceBytes else { continue }
            written.bytes += lines.count
            try await file.write(lines)
            lines.removeAll(keepingCapacity: true)
            progress(written)
        }
        written.bytes += lines.count
        try await file.write(lines)
        progress(written)
        return written
    }
}

extension FraiseStream.AsyncIterator {
    /// Appends the documents of the next chunk as lines; false at the end of the result.
    fileprivate mutating func appendLines(
        to lines: inout [UInt8], _ count: inout Int
    ) async throws(PostgresError) -> Bool {
        guard let chunk = try await chunks.next(isolation: #isolation) else { return false }
        for index in chunk.indices where try reader.passes(chunk, at: index) {
            var cells = chunk.cells(index)
            guard let document = try cells.nextBytes() else { throw .documentMissing }
            lines.appendLine(of: document.extracting(reader.prefixBytes..<document.byteCount))
            count += 1
        }
        return true
    }
}

extension DocumentReader {
    /// Whether a document is to be written; it is decoded only where a filter in Swift has to see it.
    fileprivate func passes(_ chunk: RowChunk, at index: Int) throws(PostgresError) -> Bool {
        predicates.isEmpty ? true : try document(in: chunk, at: index) != nil
    }
}

extension [UInt8] {
    /// Appends a document as a line. Between its tokens `json` may have line breaks, which are spaces as well; within its
    /// strings there can be none.
    fileprivate mutating func appendLine(of document: RawSpan) {
        reserveCapacity(count + document.byteCount + 1)
        for index in 0..<document.byteCount {
            let byte = unsafe document.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            append(byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") ? UInt8(ascii: " ") : byte)
        }
        append(UInt8(ascii: "\n"))
    }
}

extension PostgresError {
    /// A row has NULL where a document should be.
    fileprivate static var documentMissing: PostgresError {
        PostgresError(
            .documentMissing, "cannot export a row without a document",
            hint: "Leave such rows out by a condition, such as whereSQL.")
    }
}
