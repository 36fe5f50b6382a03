/// Chooses the slab that the next bytes are received into.
///
/// A slab that nobody else holds is used again from its front, so a stream whose consumer keeps up allocates nothing.
/// A slab that a consumer still holds is filled up behind what was given out, then replaced. Slabs start small, for a
/// thousand idle connections, and grow while reads come back full.
package struct ReceiveBuffer: ~Copyable {
    /// Where the next bytes go, and the unframed bytes are.
    package private(set) var slab: ReceiveSlab
    /// The largest slab that is taken without a single message being larger.
    package var slabBytesMax: Int {
        didSet { slabBytesMax = max(slabBytesMax, Self.slabBytesMin) }
    }
    /// The capacity of the next slab.
    private var slabBytes: Int
    private let account: SlabAccount?

    /// Less room than this is not worth a read of its own, or half of a slab that is smaller.
    private static let roomMin = 4 << 10
    /// The smallest slab; an answer of a few rows fits.
    package static let slabBytesMin = 2 << 10
    private static let growthFactor = 4

    /// Creates a buffer whose slabs grow to `slabBytesMax`; only a single larger message gets a larger slab.
    package init(slabBytesMax: Int = Self.slabBytesMax, account: SlabAccount? = nil) {
        self.slabBytesMax = max(slabBytesMax, Self.slabBytesMin)
        self.account = account
        slabBytes = Self.slabBytesMin
        slab = ReceiveSlab(capacity: Self.slabBytesMin, account: account)
    }

    /// The largest slab unless something smaller is asked for.
    package static var slabBytesMax: Int { 256 << 10 }

    /// What is to be done before a message of `messageBytes` can be received whole.
    private enum Step {
        case nothing
        case compact
        case replace(capacity: Int)
    }

    private mutating func step(messageBytes: Int) -> Step {
        let tail = slab.end - slab.start
        let usual = min(slabBytes, slabBytesMax)
        // A message beyond the usual has a slab of its own length, in which its last bytes are worth a read however few.
        let needed = messageBytes > usual ? messageBytes : max(messageBytes, tail + min(Self.roomMin, usual / 2))
        let capacity = max(usual, needed)
        if isKnownUniquelyReferenced(&slab), slab.capacity >= capacity, slab.capacity <= 2 * capacity {
            // A memmove of the tail is cheap beside the read; an empty tail costs nothing at all.
            let isFull = slab.isFramed || slab.isRowTableFull || slab.capacity - slab.start < needed
            return isFull ? .compact : .nothing
        }
        let fits = slab.capacity - slab.start >= needed && slab.capacity >= usual
        return fits && !slab.isRowTableFull ? .nothing : .replace(capacity: capacity)
    }

    /// The bytes of the slab that `makeRoom` would take, and those of its own that it would give back first; nil where
    /// it takes none.
    package mutating func slabToTake(messageBytes: Int) -> (bytes: Int, givenBack: Int)? {
        guard case .replace(let capacity) = step(messageBytes: messageBytes) else { return nil }
        let own = isKnownUniquelyReferenced(&slab) ? slab.byteCount : 0
        return (ReceiveSlab.byteCount(capacity: capacity), own)
    }

    /// Makes room so that a message of `messageBytes`, of which the slab holds the front, can be received whole.
    package mutating func makeRoom(messageBytes: Int) {
        switch step(messageBytes: messageBytes) {
        case .nothing: break
        case .compact: slab.compact()
        case .replace(let capacity): replace(capacity: capacity)
        }
    }

    private mutating func replace(capacity: Int) {
        let tail = slab.end - slab.start
        if isKnownUniquelyReferenced(&slab), slab.capacity > Self.slabBytesMin, tail <= slab.capacity / 2 {
            // A large slab is given back before the next one is taken, so that the two are never there together.
            move(to: ReceiveSlab(capacity: max(tail, 1), account: account))
        }
        move(to: ReceiveSlab(capacity: capacity, account: account))
    }

    private mutating func move(to next: ReceiveSlab) {
        next.takeTail(of: slab)
        slab = next
    }

    /// Notes how many of the `room` bytes offered a read has filled.
    package mutating func noteRead(_ count: Int, room: Int) {
        if count == room { slabBytes = min(slabBytes * Self.growthFactor, Self.slabBytesMax) }
    }
}
