/// The bytes of a large object in pieces, from where it stands to its end; see `PostgresLargeObject.bytes(pieceBytes:)`.
public struct PostgresLargeObjectBytes: AsyncSequence {
    /// What one statement brought, never empty.
    public typealias Element = [UInt8]
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let object: PostgresLargeObject
    private let pieceBytes: Int

    init(_ object: PostgresLargeObject, pieceBytes: Int) {
        self.object = object
        self.pieceBytes = pieceBytes
    }

    /// Begins, or goes on, where the object stands.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(object: object, pieceBytes: pieceBytes) }

    /// Steps from piece to piece.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let object: PostgresLargeObject
        let pieceBytes: Int

        /// Returns the next piece, or nil at the end.
        ///
        /// - Throws: as `PostgresLargeObject.read(upTo:)`.
        public mutating func next() async throws(PostgresError) -> [UInt8]? { try await next(isolation: #isolation) }

        /// Returns the next piece, or nil at the end.
        ///
        /// - Throws: as `PostgresLargeObject.read(upTo:)`.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> [UInt8]? {
            let bytes = try await object.read(upTo: pieceBytes)
            return bytes.isEmpty ? nil : bytes
        }
    }
}
