/// Pieces of a value that is sent: so many of the given length, and what comes in the place of the next.
struct Pieces: AsyncSequence {
    typealias Element = [UInt8]

    struct Broken: Error, Equatable {}

    let lengths: [Int]
    var failsAtEnd = false
    var onPiece: @Sendable (Int) async -> Void = { _ in }

    /// All bytes of all pieces.
    var bytes: [UInt8] { (0..<lengths.reduce(0, +)).map(Self.byte(at:)) }

    /// The byte at an offset of the whole.
    static func byte(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: offset &* 31 ^ offset >> 8) }

    struct AsyncIterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var index = 0
        var offset = 0

        mutating func next() async throws -> [UInt8]? {
            await pieces.onPiece(index)
            guard index < pieces.lengths.count else {
                if pieces.failsAtEnd { throw Broken() }
                return nil
            }
            defer { (index, offset) = (index + 1, offset + pieces.lengths[index]) }
            return (offset..<offset + pieces.lengths[index]).map(Pieces.byte(at:))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self) }
}
