extension PostgresCopyStream {
    /// Writes the data to a file, which is there under its name only when it is whole and on the disk: until then it has
    /// another name, and where this fails it is removed. A file of that name is replaced.
    ///
    /// ```swift
    /// let data = try await connection.copyOut(from: .table("orders"), as: .csv)
    /// try await data.write(toFile: "/tmp/orders.csv")
    /// ```
    ///
    /// What is no plain file, such as `/dev/stdout` or a named pipe, is written to as it is. Memory stays at a few buffers.
    ///
    /// - Parameters:
    ///   - path: where the file is to be.
    ///   - progress: is told how much was written, after each piece of it.
    /// - Returns: the number of bytes.
    /// - Throws: `fileFailed`, and what the stream throws.
    @discardableResult
    public nonisolated(nonsending) func write(
        toFile path: String, progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) -> Int {
        try await CopyFile.export(to: path) { file async throws(PostgresError) in
            try await write(to: file, progress)
        }
    }

    /// Writes the data to an open descriptor, such as that of the standard output, and leaves it open.
    ///
    /// A reader of a pipe that goes away ends the program by SIGPIPE unless that is ignored.
    ///
    /// - Returns: the number of bytes.
    /// - Throws: `fileFailed`, and what the stream throws.
    @discardableResult
    public nonisolated(nonsending) func write(
        toDescriptor descriptor: Int32, progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) -> Int {
        try await write(to: CopyFile(descriptor: descriptor), progress)
    }

    private nonisolated(nonsending) func write(
        to file: CopyFile, _ progress: (PostgresCopyProgress) -> Void
    ) async throws(PostgresError) -> Int {
        var written = PostgresCopyProgress()
        var rows = CopyRowCount(isBinary: isBinary, hasHeader: hasHeader)
        var bytes: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let chunk = try await iterator.next(isolation: #isolation) {
            chunk.append(to: &bytes)
            rows.add(chunk)
            written.rowCount = rows.count
            guard bytes.count >= CopyFile.pieceBytes else { continue }
            written.bytes += bytes.count
            try await file.write(bytes)
            bytes.removeAll(keepingCapacity: true)
            progress(written)
        }
        written.bytes += bytes.count
        try await file.write(bytes)
        progress(written)
        return written.bytes
    }
}
