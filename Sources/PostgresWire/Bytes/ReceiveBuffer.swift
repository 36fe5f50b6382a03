/// Chooses the slab that the next bytes are received into.
///
/// A slab that nobody else holds is used again from its front, so a stream whose consumer keeps up allocates nothing.
/// A slab that a consumer still holds is filled up behind what was given out, then replaced. Slabs start small, for a
/// thousand idle connections, and grow while reads come back full.
package struct ReceiveBuffer: ~Copyable {
    /// Where the next bytes go, and the unframed bytes are.
    package private(set) var slab: ReceiveSlab
    /// The capacity of the next slab.
    private var slabBytes: Int
    private let slabBytesMax: Int

    /// Less room than this is not worth a read of its own.
    private static let roomMin = 4 << 10
    private static let slabBytesMin = 8 << 10
    private static let growthFactor = 4

    /// Creates a buffer whose slabs grow to `slabBytesMax`; only a single larger message gets a larger slab.
    package init(slabBytesMax: Int = 256 << 10) {
        self.slabBytesMax = max(slabBytesMax, Self.slabBytesMin)
        slabBytes = Self.slabBytesMin
        slab = ReceiveSlab(capacity: Self.slabBytesMin)
    }

    /// Makes room so that a message of `messageBytes`, of which the slab holds the front, can be received whole.
    package mutating func makeRoom(messageBytes: Int) {
        let tail = slab.end - slab.start
        let needed = max(messageBytes, tail + Self.roomMin)
        let capacity = max(slabBytes, needed)
        if isKnownUniquelyReferenced(&slab), slab.capacity >= capacity, slab.capacity <= 2 * capacity {
            // A memmove of the tail is cheap beside the read; an empty tail costs nothing at all.
            if slab.isFramed || slab.isRowTableFull || slab.capacity - slab.start < needed { slab.compact() }
            return
        }
        if slab.capacity - slab.start >= needed, slab.capacity >= slabBytes, !slab.isRowTableFull { return }
        let next = ReceiveSlab(capacity: capacity)
        next.takeTail(of: slab)
        slab = next
    }

    /// Notes how many of the `room` bytes offered a read has filled.
    package mutating func noteRead(_ count: Int, room: Int) {
        if count == room { slabBytes = min(slabBytes * Self.growthFactor, slabBytesMax) }
    }
}
