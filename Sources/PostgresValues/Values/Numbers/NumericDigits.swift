/// Digits to the base of 10,000. Up to four of them, which most numbers make do with, lie in the value itself.
struct NumericDigits: Sendable {
    /// The first four digits, 16 bits for each from the highest.
    private var few: UInt64 = 0
    /// All digits where there are more than four.
    private var many: [UInt16] = []
    private(set) var count = 0

    init() {}

    init(_ digits: [UInt16]) {
        count = digits.count
        if count > Self.fewMax {
            many = digits
        } else {
            for index in 0..<count { few |= UInt64(digits[index]) << Self.shift(index) }
        }
    }

    /// Creates as many digits as `digit` is asked for.
    init(count: Int, _ digit: (Int) -> UInt16) {
        self.count = count
        guard count > Self.fewMax else {
            for index in 0..<count { few |= UInt64(digit(index)) << Self.shift(index) }
            return
        }
        many.reserveCapacity(count)
        for index in 0..<count { many.append(digit(index)) }
    }

    private static let fewMax = 4

    private static func shift(_ index: Int) -> UInt64 { UInt64(48 - 16 * index) }

    subscript(index: Int) -> UInt16 {
        count > Self.fewMax ? many[index] : UInt16(truncatingIfNeeded: few >> Self.shift(index))
    }

    /// The digits without zeros at their ends, and how many zeros there were at the front.
    func trimmed() -> (digits: NumericDigits, leading: Int) {
        guard count > 0, self[0] == 0 || self[count - 1] == 0 else { return (self, 0) }
        var start = 0
        while start < count, self[start] == 0 { start += 1 }
        var end = count
        while end > start, self[end - 1] == 0 { end -= 1 }
        return (NumericDigits(count: end - start) { self[start + $0] }, start)
    }
}
