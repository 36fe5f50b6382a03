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

    /// Doubles the room. The scanner has written `count` entries.
    func grow(count: Int) {
        precondition(count <= capacity)
        let larger = UnsafeMutablePointer<TapeEntry>.allocate(capacity: capacity * 2)
        unsafe larger.update(from: entries, count: count)
        unsafe entries.deallocate()
        unsafe entries = larger
        capacity *= 2
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
