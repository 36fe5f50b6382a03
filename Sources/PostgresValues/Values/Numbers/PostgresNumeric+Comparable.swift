extension PostgresNumeric: Comparable, Hashable {
    /// Whether the numbers are the same, whatever their scales.
    public static func == (left: PostgresNumeric, right: PostgresNumeric) -> Bool {
        guard left.sign == right.sign, left.weight == right.weight, left.digits.count == right.digits.count else {
            return false
        }
        return (0..<left.digits.count).allSatisfy { left.digits[$0] == right.digits[$0] }
    }

    /// Orders as Postgres does: NaN comes behind everything.
    public static func < (left: PostgresNumeric, right: PostgresNumeric) -> Bool {
        guard left.isFinite, right.isFinite else { return left.rank < right.rank }
        guard left.sign == right.sign else { return left.sign == .negative && right.sign == .positive }
        let order = compareMagnitudes(left, right)
        return left.sign == .positive ? order < 0 : order > 0
    }

    /// Hashes what the number is, not its scale.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(sign)
        hasher.combine(weight)
        for index in 0..<digits.count { hasher.combine(digits[index]) }
    }

    private var rank: Int {
        switch sign {
        case .negativeInfinity: 0
        case .positive, .negative: 1
        case .infinity: 2
        case .nan: 3
        }
    }

    /// Less than, equal to or greater than zero as the first number is further from zero than the second.
    static func compareMagnitudes(_ left: PostgresNumeric, _ right: PostgresNumeric) -> Int {
        // Zero has a weight as 1 has.
        guard left.digits.count > 0, right.digits.count > 0 else { return left.digits.count - right.digits.count }
        guard left.weight == right.weight else { return left.weight - right.weight }
        for index in 0..<min(left.digits.count, right.digits.count) where left.digits[index] != right.digits[index] {
            return Int(left.digits[index]) - Int(right.digits[index])
        }
        return left.digits.count - right.digits.count
    }
}
