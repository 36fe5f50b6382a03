public import PostgresStreaming

extension FraiseClient {
    /// Copies documents from a file, one a line (NDJSON), into a table; all of them, or none.
    ///
    /// The server checks that each line is JSON, and its error names the line. Lines with nothing but spaces are left out.
    ///
    /// - Parameters:
    ///   - path: the file; a named pipe is read to its end.
    ///   - table: the table, whose other columns have their defaults.
    ///   - column: the column for the documents, of type `json` or `jsonb`.
    ///   - progress: is told how many documents were sent, after each piece of the file.
    /// - Returns: the number of documents.
    /// - Throws: `fileFailed`; `resultTooLarge` for a line of more than 64 MiB; `server` for a line that is no JSON; otherwise as
    ///   `PostgresClient.withTransaction(isolation:options:_:)`.
    @discardableResult
    public nonisolated(nonsending) func importDocuments(
        fromFile path: String, into table: PostgresIdentifier, column: String = "data",
        progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> Int {
        try await importDocuments(from: CopyFile.reading(path), table, column, progress)
    }

    /// Copies documents from an open descriptor, one a line, into a table, up to its end, and leaves it open; see
    /// `importDocuments(fromFile:into:column:progress:)`.
    ///
    /// - Throws: as that form.
    @discardableResult
    public nonisolated(nonsending) func importDocuments(
        fromDescriptor descriptor: Int32, into table: PostgresIdentifier, column: String = "data",
        progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> Int {
        try await importDocuments(from: CopyFile(descriptor: descriptor), table, column, progress)
    }

    private nonisolated(nonsending) func importDocuments(
        from file: CopyFile, _ table: PostgresIdentifier, _ column: String, _ progress: (PostgresCopyProgress) -> Void
    ) async throws -> Int {
        // The client's sessions begin read-only.
        var options = TransactionOptions()
        options.access = .readWrite
        return try await pool.withTransaction(options: options) { transaction async throws in
            let target = PostgresCopyTarget.table(table, columns: [column])
            let result = try await transaction.copyIn(into: target) { writer async throws in
                var lines = DocumentLines()
                var sent = PostgresCopyProgress()
                while true {
                    let bytes = try await file.read()
                    for document in try bytes.isEmpty ? lines.finish() : lines.take(bytes) {
                        try await writer.write(document)
                        sent.rowCount += 1
                    }
                    sent.bytes += bytes.count
                    progress(sent)
                    if bytes.isEmpty { return }
                }
            }
            return result.rowCount
        }
    }
}

/// Takes pieces of a file apart into lines.
struct DocumentLines {
    /// The beginning of a line whose end has not come.
    private var rest: [UInt8] = []

    /// The longest line.
    private static let bytesMax = 64 << 20

    /// The lines that end within a piece, without those that hold only spaces.
    mutating func take(_ bytes: [UInt8]) throws(PostgresError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var begin = 0
        while let end = bytes[begin...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest + bytes[begin..<end])
            rest.removeAll()
            begin = end + 1
        }
        rest += bytes[begin...]
        guard rest.count <= Self.bytesMax else {
            throw PostgresError(.resultTooLarge, "a line of the file is longer than \(Self.bytesMax) bytes")
        }
        return lines.filter(Self.isDocument)
    }

    /// The last line, where that does not end.
    mutating func finish() -> [[UInt8]] {
        defer { rest.removeAll() }
        return [rest].filter(Self.isDocument)
    }

    private static func isDocument(_ line: [UInt8]) -> Bool {
        !line.allSatisfy { [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) }
    }
}
