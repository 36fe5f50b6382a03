/// The memory of a tape, used again for one document after the other.
///
/// `0 <= count <= capacity`. It belongs to one `JSONTape`.
@safe
@usableFromInline
final class TapeStorage {
    private(set) var entries: UnsafeMutablePointer<TapeEntry>
    private(set) var capacity: Int
    /// The entries of the document.
    private(set) var count = 0

    private static let capacityMin = 64
    /// A tape that grew beyond this, 1 MiB, is given back when a small document comes.
    private static let keptCapacityMax = 1 << 16

    init() {
        capacity = Self.capacityMin
        unsafe entries = .allocate(capacity: Self.capacityMin)
    }

    deinit { unsafe entries.deallocate() }

    /// Makes ready for a document of this length.
    func begin(byteCount: Int) {
        count = 0
        guard capacity > Self.keptCapacityMax, byteCount < Self.keptCapacityMax else { return }
        unsafe entries.deallocate()
        capacity = Self.capacityMin
        unsafe entries = .allocate(capacity: capacity)
    }

    /// Takes at least twice the room, for a document of which the tape reached to `scanned`, and forgets the entries.
    func grow(scanned: Int, of byteCount: Int) {
        // What the rest needs at the same density and a quarter more. No document needs more than an entry for two bytes.
        let density = Double(capacity) / Double(max(scanned, 1))
        let needed = min(Int(density * Double(byteCount) * 1.25), byteCount / 2 + 2)
        unsafe entries.deallocate()
        capacity = max(needed, capacity * 2)
        unsafe entries = .allocate(capacity: capacity)
    }

    /// Notes how many entries the scanner has written.
    func finish(count: Int) {
        precondition(count >= 0 && count <= capacity)
        self.count = count
    }

    /// The entries, for as long as nobody scans.
    var tape: Span<TapeEntry> {
        @_lifetime(borrow self) get {
            let span = unsafe Span(_unsafeStart: entries, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}
