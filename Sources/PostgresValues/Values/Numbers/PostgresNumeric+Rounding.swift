extension PostgresNumeric {
    /// The nearest whole number, halves away from zero; NaN and the infinities are themselves.
    var roundedToInteger: PostgresNumeric {
        guard isFinite, lowestPlace < 0 else { return self }
        let places = max(weight + 1, 0)
        let whole = PostgresNumeric(sign, NumericDigits(count: places) { digits[$0] }, weight: weight, scale: 0)
        // Half of 10,000: what follows does not matter.
        guard digit(at: -1) >= 5_000 else { return whole }
        return isNegative ? whole - 1 : whole + 1
    }

    /// Creates the number that a Double is, exactly: each is a decimal number with at most 1,074 digits behind the point.
    init(exactly value: Double) {
        guard value.isFinite else {
            self = value.isNaN ? .nan : value > 0 ? .infinity : .negativeInfinity
            return
        }
        guard value != 0 else {
            self = .zero
            return
        }
        // The mantissa as a whole number, times a power of two.
        let mantissa = UInt64(value.significand * 0x1p52)
        let zeros = mantissa.trailingZeroBitCount
        let exponent = Int(value.exponent) - 52 + zeros
        var digits = BigDecimal(mantissa >> UInt64(zeros))
        digits.multiply(by: 2, times: max(exponent, 0))
        // A half is five tenths.
        let scale = max(-exponent, 0)
        digits.multiply(by: 5, times: scale)
        let groups = (scale + 3) / 4
        digits.multiply(by: 10, times: groups * 4 - scale)
        self.init(
            value < 0 ? .negative : .positive, NumericDigits(digits.digits.reversed()),
            weight: digits.digits.count - 1 - groups, scale: scale)
    }
}

/// A whole number of any size, for as long as it is multiplied.
private struct BigDecimal {
    /// Digits to the base of 10,000, the lowest first.
    private(set) var digits: [UInt16] = []

    init(_ value: UInt64) {
        var rest = value
        while rest != 0 {
            digits.append(UInt16(rest % 10_000))
            rest /= 10_000
        }
    }

    /// Multiplies by a power of a small number, several factors at once.
    mutating func multiply(by factor: Int, times: Int) {
        var rest = times
        while rest > 0 {
            var product = 1
            while rest > 0, product < 10_000 {
                product *= factor
                rest -= 1
            }
            var carry = 0
            for index in digits.indices {
                carry += Int(digits[index]) * product
                digits[index] = UInt16(carry % 10_000)
                carry /= 10_000
            }
            while carry > 0 {
                digits.append(UInt16(carry % 10_000))
                carry /= 10_000
            }
        }
    }
}
