/// One value in the pieces in which it is received, none of which is empty; see `PostgresLargeRows`.
///
/// It can be read once, and as long as its row is the one that the stream stands at.
public struct PostgresLargeValue: AsyncSequence {
    /// What one read brought.
    public typealias Element = PostgresBytes
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let pass: LargeValuePass
    private let rowNumber: Int
    /// How many bytes the value has.
    public let byteCount: Int

    init(_ pass: LargeValuePass, rowNumber: Int, byteCount: Int) {
        self.pass = pass
        self.rowNumber = rowNumber
        self.byteCount = byteCount
    }

    /// Begins, or goes on with, the value.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pass: pass, rowNumber: rowNumber) }

    /// Steps from piece to piece.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let pass: LargeValuePass
        let rowNumber: Int

        /// Returns the next piece, or nil at the end of the value.
        ///
        /// - Throws: as the stream of rows; `invalidState` once the next row was asked for.
        public mutating func next() async throws(PostgresError) -> PostgresBytes? {
            try await next(isolation: #isolation)
        }

        /// Returns the next piece, or nil at the end of the value.
        ///
        /// - Throws: as the stream of rows; `invalidState` once the next row was asked for.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PostgresError) -> PostgresBytes? {
            try await pass.nextPiece(ofRow: rowNumber, isolation: actor)
        }
    }
}

extension PostgresLargeValue {
    /// Returns the whole value as one array; it takes as much memory as the value is long.
    ///
    /// - Parameter bytesMax: the longest value that is wanted.
    /// - Throws: `resultTooLarge` for a longer one, before anything of it is read; what the stream throws.
    public nonisolated(nonsending) func collect(bytesMax: Int = .max) async throws(PostgresError) -> [UInt8] {
        guard byteCount <= bytesMax else { throw .tooLarge("\(bytesMax) bytes") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        var iterator = makeAsyncIterator()
        while let piece = try await iterator.next(isolation: #isolation) { piece.append(to: &bytes) }
        return bytes
    }

    /// Writes the value to a file, which is there under its name only when it is whole and on the disk; see
    /// `PostgresCopyStream.write(toFile:progress:)`.
    ///
    /// - Parameters:
    ///   - path: where the file is to be.
    ///   - progress: is told how many bytes were written, after each piece of them.
    /// - Returns: the number of bytes.
    /// - Throws: `fileFailed`, and what the stream throws.
    @discardableResult
    public nonisolated(nonsending) func write(
        toFile path: String, progress: (Int) -> Void = { _ in }
    ) async throws(PostgresError) -> Int {
        try await CopyFile.export(to: path) { file async throws(PostgresError) in try await write(to: file, progress) }
    }

    /// Writes the value to an open descriptor, such as that of the standard output, and leaves it open.
    ///
    /// - Parameters:
    ///   - descriptor: where it is written to; a pipe whose reader goes away ends the program by SIGPIPE unless that is ignored.
    ///   - progress: is told how many bytes were written, after each piece of them.
    /// - Returns: the number of bytes.
    /// - Throws: `fileFailed`, and what the stream throws.
    @discardableResult
    public nonisolated(nonsending) func write(
        toDescriptor descriptor: Int32, progress: (Int) -> Void = { _ in }
    ) async throws(PostgresError) -> Int {
        try await write(to: CopyFile(descriptor: descriptor), progress)
    }

    private nonisolated(nonsending) func write(
        to file: CopyFile, _ progress: (Int) -> Void
    ) async throws(PostgresError) -> Int {
        var (written, bytes) = (0, [UInt8]())
        var iterator = makeAsyncIterator()
        while let piece = try await iterator.next(isolation: #isolation) {
            piece.append(to: &bytes)
            guard bytes.count >= CopyFile.pieceBytes else { continue }
            try await file.write(bytes)
            written += bytes.count
            bytes.removeAll(keepingCapacity: true)
            progress(written)
        }
        try await file.write(bytes)
        written += bytes.count
        progress(written)
        return written
    }
}
