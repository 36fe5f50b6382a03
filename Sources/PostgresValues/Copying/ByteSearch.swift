import PostgresWire

/// Looks for the first of up to four bytes, eight places at a time.
struct ByteSearch: Sendable {
    private let patterns: (UInt64, UInt64, UInt64, UInt64)

    /// Looks for any of the bytes.
    init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        patterns = (Self.eight(first), Self.eight(second), Self.eight(third), Self.eight(fourth))
    }

    /// Returns the index of the first of the bytes from `start` on, or the number of bytes where there is none.
    func firstIndex(in bytes: RawSpan, from start: Int) -> Int {
        var offset = start
        while offset <= bytes.byteCount - 8 {
            let word = unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let found =
                Self.zeros(word ^ patterns.0) | Self.zeros(word ^ patterns.1) | Self.zeros(word ^ patterns.2)
                | Self.zeros(word ^ patterns.3)
            if found != 0 { return offset + found.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < bytes.byteCount, !contains(bytes.byte(at: offset)) { offset += 1 }
        return offset
    }

    private func contains(_ byte: UInt8) -> Bool {
        let word = Self.eight(byte)
        return word == patterns.0 || word == patterns.1 || word == patterns.2 || word == patterns.3
    }

    private static func eight(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// Has the highest bit of a byte set where the byte is zero. Above the lowest of them there may be more.
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
