import PostgresWire

/// Bytes as they were received, which lie in the receive buffer.
///
/// They keep the buffer alive, up to 256 KiB, and it counts against the stream's memory limit: copy out what is to be kept.
public struct PostgresBytes: Sendable {
    private let slab: ReceiveSlab
    private let range: Range<Int>

    init(_ range: Range<Int>, of slab: ReceiveSlab) {
        self.slab = slab
        self.range = range
    }

    /// How many there are, never none.
    public var count: Int { range.count }

    /// The bytes, borrowed from the buffer.
    public var bytes: RawSpan {
        @_lifetime(borrow self) get {
            let span = slab.bytes(range)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Appends a copy of them.
    public func append(to bytes: inout [UInt8]) { bytes.append(copying: slab.bytes(range)) }

    /// They without the first `count`; nil where none is left.
    func droppingFirst(_ count: Int) -> PostgresBytes? {
        range.count > count ? PostgresBytes(range.dropFirst(count), of: slab) : nil
    }
}

extension PostgresBytes: CustomReflectable {
    /// Shows nothing, so that no `dump` prints values.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
