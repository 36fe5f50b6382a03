/// The rows of one chunk on their way to values of a `Decodable` type.
@usableFromInline
package struct CodableChunk<Element: Decodable> {
    private var decoding: RowDecoding<Element>
    private var chunk: RowChunk?
    /// The index of the next row.
    @usableFromInline package private(set) var position = 0
    /// The number of the chunk's rows; zero without a chunk.
    @usableFromInline package private(set) var count = 0

    /// Begins without a chunk.
    package init(_ layout: ColumnLayout) { decoding = RowDecoding(layout) }

    /// Whether every row was decoded.
    @inlinable package var isAtEnd: Bool { position == count }

    /// Goes to the first row of a chunk.
    @usableFromInline
    package mutating func enter(_ chunk: RowChunk) {
        self.chunk = chunk
        position = 0
        count = chunk.count
    }

    /// Lets go of the chunk, so that its buffer can be used again.
    @usableFromInline
    package mutating func leave() {
        decoding.leave()
        chunk = nil
        position = 0
        count = 0
    }

    /// Decodes the next row; only where `isAtEnd` is false.
    @usableFromInline
    package mutating func next() throws(PostgresError) -> Element {
        guard let chunk else { preconditionFailure("there is no row behind the end of a chunk") }
        defer { position += 1 }
        return try decoding.decode(chunk[position])
    }
}
