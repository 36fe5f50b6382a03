import PostgresWire

/// Counts the rows among the pieces of copied data: a header is none, nor is the trailer of the binary format.
struct CopyRowCount {
    /// The rows so far.
    private(set) var count = 0
    private let isBinary: Bool
    /// Whether the next piece is a line of names.
    private var awaitsHeader: Bool
    /// Whether no piece has come; the first one in binary begins with the header.
    private var isFirst = true

    init(isBinary: Bool, hasHeader: Bool) {
        self.isBinary = isBinary
        awaitsHeader = hasHeader
    }

    /// Counts the rows of a chunk.
    mutating func add(_ chunk: PostgresCopyChunk) {
        count += chunk.count
        if awaitsHeader { count -= 1 }
        if isBinary, isTrailer(chunk.piece(chunk.count - 1), isFirst: isFirst && chunk.count == 1) { count -= 1 }
        (isFirst, awaitsHeader) = (false, false)
    }

    /// Whether the piece is the trailer, which comes with the header where there is no row.
    private func isTrailer(_ piece: RawSpan, isFirst: Bool) -> Bool {
        let count = piece.byteCount
        return count == (isFirst ? Self.headerBytes : 0) + 2 && piece.bigEndian(at: count - 2, as: Int16.self) == -1
    }

    /// Signature, flags, and the length of an extension that is empty.
    private static let headerBytes = 19
}
