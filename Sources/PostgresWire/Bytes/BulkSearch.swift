// Eight bytes at a time, as one word: a loop over single bytes takes a second for what a statement may be long. A word
// has a zero byte exactly if `(word - 0x01…01) & ~word & 0x80…80` is not zero.

extension RawSpan {
    /// Returns the index of the first such byte from `start` on; nil where there is none.
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        let pattern = UInt64(repeating: byte)
        var offset = max(start, 0)
        while offset <= byteCount - 8 {
            if (eightBytes(at: offset) ^ pattern).hasZeroByte { break }
            offset += 8
        }
        while offset < byteCount {
            if self.byte(at: offset) == byte { return offset }
            offset += 1
        }
        return nil
    }

    /// Returns the index of the last such byte; nil where there is none.
    package func lastIndex(of byte: UInt8) -> Int? {
        let pattern = UInt64(repeating: byte)
        var end = byteCount
        while end >= 8, !(eightBytes(at: end - 8) ^ pattern).hasZeroByte { end -= 8 }
        while end > 0 {
            if self.byte(at: end - 1) == byte { return end - 1 }
            end -= 1
        }
        return nil
    }

    /// Whether the byte is anywhere among these.
    package func contains(_ byte: UInt8) -> Bool { firstIndex(of: byte) != nil }

    /// Whether a word of ASCII is anywhere among the bytes, whatever its case, or another one, which is looked for in the
    /// same pass. They have three letters or more; an underscore is one, and is taken for the same as DEL.
    package func contains(word: StaticString, or other: StaticString? = nil) -> Bool {
        let other = other ?? word
        let (first, second) = (word.firstLetters, other.firstLetters)
        var offset = 0
        while offset <= byteCount - 10 {
            let (one, two, three) = (
                eightBytes(at: offset) | .caseBits, eightBytes(at: offset + 1) | .caseBits,
                eightBytes(at: offset + 2) | .caseBits
            )
            let mayBegin =
                ((one ^ first.0) | (two ^ first.1) | (three ^ first.2)).hasZeroByte
                || ((one ^ second.0) | (two ^ second.1) | (three ^ second.2)).hasZeroByte
            if mayBegin, begins(word, or: other, in: offset..<offset + 8) { return true }
            offset += 8
        }
        return begins(word, or: other, in: offset..<max(offset, byteCount))
    }

    /// Whether one of the words begins within the range.
    private func begins(_ word: StaticString, or other: StaticString, in range: Range<Int>) -> Bool {
        range.contains { matches(word, at: $0) || matches(other, at: $0) }
    }

    private func matches(_ word: StaticString, at offset: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard offset <= byteCount - length else { return false }
        let bytes = extracting(offset..<offset + length)
        return word.withUTF8Buffer { word in
            word.indices.allSatisfy { unsafe bytes.byte(at: $0) | 0x20 == word[$0] | 0x20 }
        }
    }

    private func eightBytes(at offset: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}

extension UInt64 {
    fileprivate init(repeating byte: UInt8) { self = UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// What makes letters of ASCII lower case. Only letters become letters by it.
    fileprivate static var caseBits: UInt64 { 0x2020_2020_2020_2020 }

    fileprivate var hasZeroByte: Bool { (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 != 0 }
}

extension StaticString {
    /// The first three letters in lower case, each of them eight times.
    fileprivate var firstLetters: (UInt64, UInt64, UInt64) {
        precondition(utf8CodeUnitCount >= 3, "a word of three letters or more is sought")
        return withUTF8Buffer { letters in
            unsafe (
                UInt64(repeating: letters[0] | 0x20), UInt64(repeating: letters[1] | 0x20),
                UInt64(repeating: letters[2] | 0x20)
            )
        }
    }
}

extension String {
    /// Runs `body` on the bytes of the text where they lie.
    package func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        let result = unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe body(RawSpan(_unsafeElements: bytes))
        }
        if let result { return result }
        let copy = Array(utf8)
        return body(copy.rawSpan)
    }

    /// The bytes that the text takes beside the value itself: none where it is short enough to lie within that.
    package var heapByteCount: Int { utf8.count > 15 ? utf8.count + 32 : 0 }
}
