extension RawSpan {
    /// How many bytes the UTF-8 sequence at `offset` has, which lies within; nil where it is none (RFC 3629, section 4):
    /// cut off, longer than needed, a surrogate, or beyond U+10FFFF.
    func scalarBytes(at offset: Int) -> Int? {
        let lead = byte(offset)
        let second: ClosedRange<UInt8>
        let count: Int
        switch lead {
        case 0..<0x80: return 1
        case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
        case 0xE0: (count, second) = (3, 0xA0...0xBF)
        case 0xED: (count, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (count, second) = (3, 0x80...0xBF)
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
        case 0xF4: (count, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard offset + count <= byteCount, second.contains(byte(offset + 1)) else { return nil }
        for place in 2..<max(count, 2) where byte(offset + place) & 0xC0 != 0x80 { return nil }
        return count
    }

    /// The number that the four hexadecimal digits at `offset` write; nil where they are none.
    func codeUnit(at offset: Int) -> UInt16? {
        guard offset + 4 <= byteCount else { return nil }
        var unit: UInt16 = 0
        for place in 0..<4 {
            let byte = byte(offset + place)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The scalar of the two escapes at `offset`, as in `\ud83d\ude00`; nil where they are no surrogate pair.
    func surrogatePair(at offset: Int) -> Unicode.Scalar? {
        guard offset + 12 <= byteCount, let high = codeUnit(at: offset + 2), UTF16.isLeadSurrogate(high),
            byte(offset + 6) == UInt8(ascii: "\\"), byte(offset + 7) == UInt8(ascii: "u"),
            let low = codeUnit(at: offset + 8), UTF16.isTrailSurrogate(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(low) & 0x3FF)
    }

    /// Whether `count` bytes at one offset come before those at another.
    @inline(always)
    func isLess(_ first: Int, _ second: Int, count: Int) -> Bool {
        var place = 0
        while place &+ 8 <= count {
            let (one, other) = (word(first &+ place, as: UInt64.self), word(second &+ place, as: UInt64.self))
            if one != other { return one.byteSwapped < other.byteSwapped }
            place &+= 8
        }
        while place < count {
            let (one, other) = (byte(first &+ place), byte(second &+ place))
            if one != other { return one < other }
            place &+= 1
        }
        return false
    }

    /// Whether `count` bytes at one offset are those at another of the same or another document.
    func isEqual(_ first: Int, to other: RawSpan, _ second: Int, count: Int) -> Bool {
        var place = 0
        while place &+ 8 <= count {
            guard word(first &+ place, as: UInt64.self) == other.word(second &+ place, as: UInt64.self) else {
                return false
            }
            place &+= 8
        }
        while place < count {
            guard byte(first &+ place) == other.byte(second &+ place) else { return false }
            place &+= 1
        }
        return true
    }
}
