extension PostgresCopyDataWriter {
    /// Sends what a file holds, from its beginning to its end; memory stays at a few buffers.
    ///
    /// ```swift
    /// try await connection.copyIn("COPY orders FROM STDIN (FORMAT csv, HEADER)") { writer in
    ///     try await writer.write(contentsOfFile: "orders.csv")
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - path: the file; a named pipe is read to its end.
    ///   - progress: is told how much was sent, after each piece of it; rows are not counted.
    /// - Throws: `fileFailed`, and as for bytes.
    public nonisolated(nonsending) func write(
        contentsOfFile path: String, progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) {
        try await write(contentsOf: CopyFile.reading(path), progress)
    }

    /// Sends what comes from an open descriptor, such as that of the standard input, up to its end, and leaves it open.
    ///
    /// - Throws: `fileFailed`, and as for bytes.
    public nonisolated(nonsending) func write(
        contentsOfDescriptor descriptor: Int32, progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws(PostgresError) {
        try await write(contentsOf: CopyFile(descriptor: descriptor), progress)
    }

    private nonisolated(nonsending) func write(
        contentsOf file: CopyFile, _ progress: (PostgresCopyProgress) -> Void
    ) async throws(PostgresError) {
        var sent = PostgresCopyProgress()
        while true {
            let bytes = try await file.read()
            guard !bytes.isEmpty else { return }
            try await write(bytes)
            sent.bytes += bytes.count
            progress(sent)
        }
    }
}
