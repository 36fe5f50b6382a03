/// A large object that is open in a transaction: bytes of the server's that are read and written anywhere (manual: "Large
/// Objects").
///
/// ```swift
/// try await client.withTransaction { transaction in
///     let id = try await transaction.createLargeObject()
///     let object = try await transaction.openLargeObject(id, for: .readingAndWriting)
///     try await object.write(Array("first".utf8))
///     try await object.seek(to: 0)
///     for try await piece in object.bytes() { print(piece.count) }
/// }
/// ```
///
/// It is closed with its transaction at the latest. An object holds up to 4 TiB, and lasts until it is removed. Every call is one
/// statement; other statements may run in between. For values of up to a gigabyte that belong to a row see `PostgresLargeRows`.
public struct PostgresLargeObject {
    /// The object ID, by which it is opened again.
    public let id: UInt32
    private let transaction: PostgresTransaction
    /// The server's number for it while it is open.
    private let descriptor: Int32

    /// What an object is opened for.
    public struct Access: Hashable, Sendable {
        /// The flags of `lo_open`.
        let flags: Int32

        /// As it was when the transaction's snapshot was taken.
        public static let reading = Access(flags: 0x40000)
        /// As it is, with what others commit meanwhile.
        public static let readingAndWriting = Access(flags: 0x60000)
    }

    init(_ id: UInt32, _ transaction: PostgresTransaction, descriptor: Int32) {
        self.id = id
        self.transaction = transaction
        self.descriptor = descriptor
    }

    /// How much is read and written at a time unless told otherwise.
    public static let pieceBytes = 256 << 10

    /// Reads up to so many bytes from where it stands; none at the end.
    ///
    /// - Parameter byteCount: brought between 1 and 1 GiB less 64 KiB.
    /// - Throws: as `query`.
    public nonisolated(nonsending) func read(
        upTo byteCount: Int = PostgresLargeObject.pieceBytes
    ) async throws(PostgresError) -> [UInt8] {
        let count = Int32(min(max(byteCount, 1), Self.callBytesMax))
        return try await ask("SELECT pg_catalog.loread(\(descriptor, as: .int4), \(count, as: .int4))")
    }

    /// Writes all of the bytes where it stands, over what is there.
    ///
    /// - Throws: as `query`; a `server` error, 55000, where it was opened for reading.
    public nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws(PostgresError) {
        for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
            let piece = Array(bytes[start..<min(start + Self.pieceBytes, bytes.count)])
            let written: Int32 = try await ask(
                "SELECT pg_catalog.lowrite(\(descriptor, as: .int4), \(piece, as: .bytea))")
            guard Int(written) == piece.count else { throw .lowriteIsShort }
        }
    }

    /// Writes what a sequence brings, each piece before the next one is asked for.
    ///
    /// - Parameters:
    ///   - source: the pieces, cut anywhere.
    ///   - progress: is told how many bytes were written, after each piece.
    /// - Returns: the number of bytes.
    /// - Throws: what `source` throws; as for bytes. What was written by then is undone with the transaction alone.
    @discardableResult
    public nonisolated(nonsending) func write<Source: AsyncSequence>(
        contentsOf source: Source, progress: (Int) -> Void = { _ in }
    ) async throws -> Int where Source.Element == [UInt8] {
        var count = 0
        var iterator = source.makeAsyncIterator()
        while let piece = try await iterator.next(isolation: #isolation) {
            try await write(piece)
            count += piece.count
            progress(count)
        }
        return count
    }

    /// The bytes from where it stands to the end, read as they are asked for.
    public func bytes(pieceBytes: Int = PostgresLargeObject.pieceBytes) -> PostgresLargeObjectBytes {
        PostgresLargeObjectBytes(self, pieceBytes: pieceBytes)
    }

    /// Has the next read or write happen at an offset from the beginning, which may lie beyond the end.
    ///
    /// - Throws: as `query`; a `server` error for an offset that no object can have.
    public nonisolated(nonsending) func seek(to offset: Int) async throws(PostgresError) {
        _ = try await move(to: offset, from: 0)
    }

    /// Where the next read or write happens.
    ///
    /// - Throws: as `query`.
    public nonisolated(nonsending) func position() async throws(PostgresError) -> Int {
        try await move(to: 0, from: 1)
    }

    /// How many bytes it has. Costs three statements, and leaves it where it stands.
    ///
    /// - Throws: as `query`.
    public nonisolated(nonsending) func byteCount() async throws(PostgresError) -> Int {
        let position = try await position()
        let end = try await move(to: 0, from: 2)
        try await seek(to: position)
        return end
    }

    /// Cuts it off, or adds zeros to its end, so that it has so many bytes.
    ///
    /// - Throws: as `query`; a `server` error, 55000, where it was opened for reading.
    public nonisolated(nonsending) func truncate(to byteCount: Int) async throws(PostgresError) {
        let _: Int32 = try await ask(
            "SELECT pg_catalog.lo_truncate64(\(descriptor, as: .int4), \(byteCount, as: .int8))")
    }

    /// Closes it before its transaction ends.
    ///
    /// - Throws: as `query`; a `server` error, 42704, where it was closed already.
    public nonisolated(nonsending) func close() async throws(PostgresError) {
        let _: Int32 = try await ask("SELECT pg_catalog.lo_close(\(descriptor, as: .int4))")
    }

    /// - Parameter origin: 0 for the beginning, 1 for where it stands, 2 for the end.
    private nonisolated(nonsending) func move(to offset: Int, from origin: Int32) async throws(PostgresError) -> Int {
        try await ask(
            """
            SELECT pg_catalog.lo_lseek64(\(descriptor, as: .int4), \(offset, as: .int8), \(origin, as: .int4))
            """)
    }

    private nonisolated(nonsending) func ask<Value: PostgresDecodable>(
        _ question: PostgresQuery
    ) async throws(PostgresError) -> Value {
        try await transaction.query(question).only().decode(Value.self)
    }

    /// What one call reads at most, as far as a message holds it.
    private static let callBytesMax = (1 << 30) - (64 << 10)
}

extension PostgresError {
    fileprivate static var lowriteIsShort: PostgresError {
        PostgresError(.protocolViolation, "the server wrote less into a large object than it was given")
    }
}
