/// Eight bytes of text at a time in one register.
enum ByteWord {
    static let bytes = 8
    @inline(always) private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    @inline(always) private static var highs: UInt64 { 0x8080_8080_8080_8080 }

    /// Marks the bytes that end a run of plain text within a string: a quote, a backslash, a control character, or
    /// anything beyond ASCII. Only the lowest mark is exact, because a subtraction may borrow from the byte above.
    @inline(always)
    static func special(_ word: UInt64) -> UInt64 {
        // With the second bit turned over, the quote stands right behind the control characters.
        let quotesAndControls = (word ^ (ones &* 0x02)) &- (ones &* 0x21)
        let backslashes = (word ^ (ones &* 0x5C)) &- ones
        return (quotesAndControls | backslashes | word) & highs
    }

    /// The index of the lowest byte that is marked.
    @inline(always)
    static func firstIndex(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }

    /// Whether all of the bytes are digits.
    @inline(always)
    static func areDigits(_ word: UInt64) -> Bool {
        // The high half of each byte is 3, and adding 6 does not change that.
        word & (word &+ (ones &* 0x06)) & (ones &* 0xF0) == ones &* 0x30
    }

    /// The number that eight digits write, the first of them in the lowest byte.
    @inline(always)
    static func value(ofDigits word: UInt64) -> UInt64 {
        var value = word &- ones &* 0x30
        value = value &* 10 &+ value >> 8
        let pairs: UInt64 = 0x0000_00FF_0000_00FF
        let low = (value & pairs) &* 0x000F_4240_0000_0064
        let high = (value >> 16 & pairs) &* 0x0000_2710_0000_0001
        return (low &+ high) >> 32
    }
}
