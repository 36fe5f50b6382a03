/// What a string or a member's name says, its escapes resolved as they are passed.
struct StringText: ~Escapable {
    let bytes: RawSpan
    let entry: TapeEntry

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ entry: TapeEntry) {
        self.bytes = bytes
        self.entry = entry
    }

    /// Calls `body` with each byte of the text's UTF-8.
    @inline(always)
    func forEachByte(_ body: (UInt8) -> Void) {
        var position = Unescaping(bytes, entry)
        while let byte = position.next() { body(byte) }
    }

    /// Whether the two say the same, scalar by scalar.
    func isEqual(to other: StringText) -> Bool {
        guard (entry.meta | other.entry.meta) & TapeEntry.hasEscapes != 0 else {
            return entry.byteCount == other.entry.byteCount
                && bytes.isEqual(entry.start, to: other.bytes, other.entry.start, count: Int(entry.byteCount))
        }
        var (one, two) = (Unescaping(bytes, entry), Unescaping(other.bytes, other.entry))
        while let byte = one.next() {
            guard byte == two.next() else { return false }
        }
        return two.next() == nil
    }

    /// Whether the text is this one, scalar by scalar.
    func isEqual(to text: RawSpan) -> Bool {
        guard entry.has(TapeEntry.hasEscapes) else {
            return Int(entry.byteCount) == text.byteCount
                && bytes.isEqual(entry.start, to: text, 0, count: text.byteCount)
        }
        var one = Unescaping(bytes, entry)
        for place in 0..<text.byteCount {
            guard one.next() == text.byte(place) else { return false }
        }
        return one.next() == nil
    }

    /// The text with its escapes resolved.
    func unescaped() -> String {
        // Resolved, no escape is longer than it was.
        unsafe String(unsafeUninitializedCapacity: Int(entry.byteCount)) { buffer in
            var position = Unescaping(bytes, entry)
            var count = 0
            while let byte = position.next() {
                unsafe buffer[count] = byte
                count += 1
            }
            return count
        }
    }
}

/// A walk over the bytes of a text whose escapes the scanner has checked.
private struct Unescaping: ~Escapable {
    private let bytes: RawSpan
    private let end: Int
    private var position: Int
    /// The rest of a scalar that an escape stood for, the next byte lowest.
    private var pending: UInt32 = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ entry: TapeEntry) {
        self.bytes = bytes
        position = entry.start
        end = entry.end
    }

    @inline(always)
    @_lifetime(self: copy self)
    mutating func next() -> UInt8? {
        if pending != 0 {
            defer { pending >>= 8 }
            return UInt8(truncatingIfNeeded: pending)
        }
        guard position < end else { return nil }
        let byte = bytes.byte(position)
        guard byte == UInt8(ascii: "\\") else {
            position += 1
            return byte
        }
        return resolve()
    }

    @_lifetime(self: copy self)
    private mutating func resolve() -> UInt8? {
        let letter = bytes.byte(position + 1)
        if letter == UInt8(ascii: "u") {
            var scalar = bytes.surrogatePair(at: position)
            position += scalar == nil ? 6 : 12
            scalar = scalar ?? bytes.codeUnit(at: position - 4).flatMap { Unicode.Scalar($0) }
            let encoded = UTF8.encode(scalar ?? "\u{FFFD}")
            var first: UInt8?
            var shift: UInt32 = 0
            for unit in encoded ?? UTF8.encodedReplacementCharacter {
                if first == nil {
                    first = unit
                } else {
                    pending |= UInt32(unit) << shift
                    shift += 8
                }
            }
            return first
        }
        position += 2
        switch letter {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        default: return letter
        }
    }
}
