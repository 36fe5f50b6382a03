extension PostgresNumeric: AdditiveArithmetic {
    /// Adds exactly; the scale is the greater of the two. Infinities of both signs give NaN.
    public static func + (left: PostgresNumeric, right: PostgresNumeric) -> PostgresNumeric {
        guard left.isFinite, right.isFinite else { return special(left, plus: right) }
        let scale = max(left.scale, right.scale)
        guard left.sign != right.sign else {
            return combine(left, right, sign: left.sign, scale: scale, isSum: true)
        }
        let order = compareMagnitudes(left, right)
        let (larger, smaller) = order < 0 ? (right, left) : (left, right)
        return combine(larger, smaller, sign: larger.sign, scale: scale, isSum: false)
    }

    /// Subtracts exactly; the scale is the greater of the two.
    public static func - (left: PostgresNumeric, right: PostgresNumeric) -> PostgresNumeric { left + -right }

    /// Returns the number with the other sign.
    public static prefix func - (value: PostgresNumeric) -> PostgresNumeric {
        switch value.sign {
        case .nan: .nan
        case .infinity: .negativeInfinity
        case .negativeInfinity: .infinity
        case .positive: PostgresNumeric(.negative, value.digits, weight: value.weight, scale: value.scale)
        case .negative: PostgresNumeric(.positive, value.digits, weight: value.weight, scale: value.scale)
        }
    }

    /// The number without its sign.
    public var magnitude: PostgresNumeric { isNegative ? -self : self }

    private static func special(_ left: PostgresNumeric, plus right: PostgresNumeric) -> PostgresNumeric {
        if left.isNaN || right.isNaN { return .nan }
        if left.isFinite { return right }
        return right.isFinite || left.sign == right.sign ? left : .nan
    }

    /// Adds the magnitudes, or takes the second from the first, which is not the smaller one then.
    private static func combine(
        _ left: PostgresNumeric, _ right: PostgresNumeric, sign: Sign, scale: Int, isSum: Bool
    ) -> PostgresNumeric {
        let lowest = min(left.lowestPlace, right.lowestPlace)
        let highest = max(left.weight, right.weight)
        var digits: [UInt16] = []
        digits.reserveCapacity(highest - lowest + 2)
        var carry = 0
        for place in lowest...highest {
            let other = Int(right.digit(at: place))
            var digit = Int(left.digit(at: place)) + (isSum ? other : -other) + carry
            carry = digit < 0 ? -1 : digit / 10_000
            digit -= carry * 10_000
            digits.append(UInt16(digit))
        }
        digits.append(UInt16(carry))
        return PostgresNumeric(sign, NumericDigits(digits.reversed()), weight: highest + 1, scale: scale)
    }
}

extension PostgresNumeric: ExpressibleByIntegerLiteral {
    /// Creates a whole number.
    public init(integerLiteral value: Int64) { self.init(value) }
}
