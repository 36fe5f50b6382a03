import Glibc

/// The bytes of a file in pieces of 256 KiB, for what is sent in pieces.
///
/// ```swift
/// let file = try PostgresFile(reading: "photo.jpg")
/// try await connection.execute(
///     "INSERT INTO photo (name, image) VALUES ('first', \(streamed: .bytea))", sending: file, byteCount: file.byteCount)
/// ```
///
/// Each pass reads it from its beginning, on threads that may wait for a disk.
public struct PostgresFile: AsyncSequence, Sendable {
    /// What one read brought, never empty.
    public typealias Element = [UInt8]
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let path: String
    /// How many bytes the file had when it was looked at.
    public let byteCount: Int

    /// Looks at a file.
    ///
    /// - Throws: `fileFailed` for a file that is not there, and for what is no plain file and has no length.
    public init(reading path: String) throws(PostgresError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .file("cannot look at the file", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .file("cannot tell the length of the file", EINVAL) }
        self.path = path
        byteCount = Int(status.st_size)
    }

    /// Begins a pass over the file.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(path: path) }

    /// Steps from piece to piece.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let path: String
        private var file: CopyFile?

        init(path: String) { self.path = path }

        /// Returns the next piece, or nil at the end.
        ///
        /// - Throws: `fileFailed`, `cancelled`.
        public mutating func next() async throws(PostgresError) -> [UInt8]? { try await next(isolation: #isolation) }

        /// Returns the next piece, or nil at the end.
        ///
        /// - Throws: `fileFailed`, `cancelled`.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> [UInt8]? {
            let file: CopyFile
            if let opened = self.file { file = opened } else { file = try CopyFile.reading(path) }
            self.file = file
            let bytes = try await file.read()
            return bytes.isEmpty ? nil : bytes
        }
    }
}
