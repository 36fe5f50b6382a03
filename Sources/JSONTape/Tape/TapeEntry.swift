/// One value or one member's name on the tape: sixteen bytes that say where it lies and how far it reaches.
///
/// The entries of a document lie in the order of its text. A member is two of them, the name and the value; an array or
/// an object is followed by its `extent` entries, so whoever is not interested in it steps over it at once.
@frozen
@usableFromInline
struct TapeEntry: BitwiseCopyable {
    /// Where the value begins: behind the quote of a string, otherwise with the first byte.
    @usableFromInline let offset: UInt32
    /// A string's bytes as they are written, without the quotes; otherwise all bytes of the value. `Self.shadowed` for
    /// the name of a member that another one of the same name hides.
    @usableFromInline var byteCount: UInt32
    /// The number of entries within. While the container is open: the index of the one around it.
    @usableFromInline var extent: UInt32
    /// The kind in the lowest bits, then flags.
    @usableFromInline var meta: UInt32

    @inlinable
    @inline(always)
    init(offset: Int, byteCount: Int, extent: UInt32 = 0, meta: UInt32) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.byteCount = UInt32(truncatingIfNeeded: byteCount)
        self.extent = extent
        self.meta = meta
    }

    @inlinable static var kindMask: UInt32 { 7 }
    /// The value is `true`.
    @inlinable static var isTrue: UInt32 { 1 << 3 }
    /// The string has a backslash in it.
    @inlinable static var hasEscapes: UInt32 { 1 << 3 }
    /// The string has bytes above 0x7F.
    @inlinable static var isBeyondASCII: UInt32 { 1 << 4 }
    /// The number has neither fraction nor exponent.
    @inlinable static var isInteger: UInt32 { 1 << 3 }
    /// The object's names do not ascend as those of `jsonb` do, so that one may come twice.
    static let isUnsorted: UInt32 = 1 << 3
    @inlinable static var shadowed: UInt32 { .max }

    @inlinable
    @inline(always)
    static func kind(_ kind: JSONKind) -> UInt32 { UInt32(kind.rawValue) }

    @inlinable var kind: JSONKind {
        @inline(always) get { JSONKind(rawValue: UInt8(truncatingIfNeeded: meta & Self.kindMask)) ?? .null }
    }

    /// Whether the entry is of that kind.
    @inlinable
    @inline(always)
    func isKind(_ kind: JSONKind) -> Bool { meta & Self.kindMask == UInt32(kind.rawValue) }

    @inlinable
    @inline(always)
    func has(_ flag: UInt32) -> Bool { meta & flag != 0 }

    @inlinable var isShadowed: Bool {
        @inline(always) get { byteCount == Self.shadowed }
    }

    @inlinable var start: Int {
        @inline(always) get { Int(offset) }
    }

    @inlinable var end: Int {
        @inline(always) get { Int(offset) &+ Int(byteCount) }
    }
}
