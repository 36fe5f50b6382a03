import PostgresWire

/// Data of a COPY as one read brought it: one piece for each row, lying in the receive buffer.
///
/// A chunk keeps its receive buffer alive, which counts against the stream's memory limit; copy out what is to be kept.
public struct PostgresCopyChunk: Sendable {
    let slab: ReceiveSlab
    /// The indices of the CopyData messages in the buffer.
    let messages: Range<Int>

    /// The number of pieces, never zero. The server sends one row in each; the header of CSV is a piece as well, and so is the
    /// trailer of the binary format.
    public var count: Int { messages.count }

    /// The bytes of all pieces together.
    public var byteCount: Int { slab.copyDataByteCount(ofRows: messages) }

    /// The bytes of one piece, borrowed from the buffer.
    @_lifetime(borrow self)
    public func piece(_ index: Int) -> RawSpan {
        precondition(index >= 0 && index < messages.count, "a piece's index lies within its chunk")
        let span = slab.copyData(at: messages.lowerBound + index)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Returns a copy of the bytes of all pieces, one after the other.
    public func bytes() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends a copy of the bytes of all pieces, one after the other.
    public func append(to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + byteCount)
        for message in messages { bytes.append(copying: slab.copyData(at: message)) }
    }
}
