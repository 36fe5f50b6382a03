/// The digits of a float by exact arithmetic, as the server finds them: the fewest that lie between the two numbers
/// halfway to its neighbours, neither of which counts, and of several the closest; of two that are equally close the even
/// one.
enum ExactDigits {
    /// Returns the digits as ASCII and the power of ten that the first one counts.
    ///
    /// - Parameters:
    ///   - value: a finite number above zero.
    ///   - exponent: the power of ten, at most one off. Farther off costs time.
    static func shortest<Float: BinaryFloatingPoint>(
        of value: Float, near exponent: Int
    ) -> (digits: [UInt8], exponent: Int) {
        var exponent = exponent
        var fraction = Fraction(value)
        fraction.scale(byPowerOfTen: -exponent)
        while fraction.isBelowOne {
            fraction.multiplyByTen()
            exponent -= 1
        }
        while fraction.isTenOrMore {
            fraction.unit.multiply(by: 10)
            exponent += 1
        }
        var digits: [UInt8] = []
        while true {
            let digit = fraction.takeDigit()
            if let isRoundedUp = fraction.isRoundedUp(after: digit) {
                // Only a first digit can become ten: a second one would have been left out.
                guard !isRoundedUp || digit < 9 else { return ([UInt8(ascii: "1")], exponent + 1) }
                digits.append(UInt8(ascii: "0") + digit + (isRoundedUp ? 1 : 0))
                return (digits, exponent)
            }
            digits.append(UInt8(ascii: "0") + digit)
            fraction.multiplyByTen()
        }
    }

    /// A number as a fraction, with the distances halfway to its neighbours in the same unit.
    private struct Fraction {
        /// What is left of the number.
        private var rest: Natural
        /// How far it is halfway down to the next number, and halfway up.
        private var below: Natural
        private var above: Natural
        /// What counts as one.
        var unit: Natural

        init<Float: BinaryFloatingPoint>(_ value: Float) {
            let precision = Float.significandBitCount
            let lowest = Int(Float.leastNormalMagnitude.exponent)
            let exponent = max(Int(value.exponent), lowest) - precision
            // A power of two is closer to its lower neighbour, unless that is as far apart as those above.
            let isCloserBelow = value.significandBitPattern == 0 && value.exponent > lowest
            let significand = UInt64(value.significandBitPattern) | (value.isNormal ? 1 << UInt64(precision) : 0)
            // In quarters, so that half a distance is a whole number.
            let shift = max(exponent, 0)
            rest = Natural(significand, shiftedBy: 2 + shift)
            above = Natural(1, shiftedBy: 1 + shift)
            below = Natural(1, shiftedBy: (isCloserBelow ? 0 : 1) + shift)
            unit = Natural(1, shiftedBy: 2 + max(-exponent, 0))
        }

        var isBelowOne: Bool { rest < unit }
        var isTenOrMore: Bool {
            var ten = unit
            ten.multiply(by: 10)
            return !(rest < ten)
        }

        mutating func scale(byPowerOfTen power: Int) {
            for _ in 0..<abs(power) / 9 { scale(by: 1_000_000_000, up: power > 0) }
            for _ in 0..<abs(power) % 9 { scale(by: 10, up: power > 0) }
        }

        mutating func multiplyByTen() { scale(by: 10, up: true) }

        private mutating func scale(by factor: UInt32, up: Bool) {
            guard up else { return unit.multiply(by: factor) }
            rest.multiply(by: factor)
            below.multiply(by: factor)
            above.multiply(by: factor)
        }

        /// Takes away the whole part, which is below ten.
        mutating func takeDigit() -> UInt8 {
            var digit: UInt8 = 0
            while !(rest < unit) {
                rest.subtract(unit)
                digit += 1
            }
            return digit
        }

        /// Whether the digits so far are enough with the last one plus one, or as they are; nil where they are not enough.
        func isRoundedUp(after digit: UInt8) -> Bool? {
            let isEnough = rest < below
            let isEnoughAbove = unit < rest + above
            guard isEnough, isEnoughAbove else { return isEnough ? false : isEnoughAbove ? true : nil }
            let twice = rest + rest
            return unit < twice || !(twice < unit) && digit % 2 == 1
        }
    }
}

/// A natural number of any length, for the little arithmetic that exact digits take.
private struct Natural {
    /// The lowest 32 bits first; the last word is not zero.
    private var words: [UInt32]

    init(_ value: UInt64, shiftedBy bits: Int) {
        words = Array(repeating: 0, count: bits / 32)
        let (low, high) = (value << UInt64(bits % 32), bits % 32 == 0 ? 0 : value >> UInt64(64 - bits % 32))
        words += [UInt32(truncatingIfNeeded: low), UInt32(truncatingIfNeeded: low >> 32), UInt32(high)]
        trim()
    }

    mutating func multiply(by factor: UInt32) {
        var carry: UInt64 = 0
        for index in words.indices {
            let product = UInt64(words[index]) * UInt64(factor) + carry
            words[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { words.append(UInt32(carry)) }
    }

    /// Subtracts a number that is not larger.
    mutating func subtract(_ other: Natural) {
        var borrow: Int64 = 0
        for index in words.indices {
            let difference = Int64(words[index]) - (index < other.words.count ? Int64(other.words[index]) : 0) - borrow
            words[index] = UInt32(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
        trim()
    }

    static func + (first: Natural, second: Natural) -> Natural {
        var (sum, other) = first.words.count < second.words.count ? (second, first) : (first, second)
        other.words += repeatElement(0, count: sum.words.count - other.words.count)
        var carry: UInt64 = 0
        for index in sum.words.indices {
            let word = UInt64(sum.words[index]) + UInt64(other.words[index]) + carry
            sum.words[index] = UInt32(truncatingIfNeeded: word)
            carry = word >> 32
        }
        if carry > 0 { sum.words.append(UInt32(carry)) }
        return sum
    }

    static func < (first: Natural, second: Natural) -> Bool {
        guard first.words.count == second.words.count else { return first.words.count < second.words.count }
        for index in first.words.indices.reversed() where first.words[index] != second.words[index] {
            return first.words[index] < second.words[index]
        }
        return false
    }

    private mutating func trim() {
        while words.last == 0 { words.removeLast() }
    }
}
