/// A `numeric`: a decimal number of any length, exact, with the number of digits behind the point that it came with; or
/// NaN, or an infinity.
///
/// ```swift
/// let price = PostgresNumeric("19.90") ?? 0
/// let total = price + 5  // 24.90
/// ```
///
/// As in Postgres 1.0 and 1.00 are equal, and NaN equals itself and is greater than everything. Addition and subtraction
/// are exact and never fail; what would have to round, or takes more than linear time, is left to the server.
public struct PostgresNumeric: Sendable {
    /// What kind of number it is.
    enum Sign: UInt16, Sendable {
        case positive = 0x0000
        case negative = 0x4000
        case nan = 0xC000
        case infinity = 0xD000
        case negativeInfinity = 0xF000
    }

    let sign: Sign
    /// The digits to the base of 10,000: the first one counts 10,000 to the power of `weight`.
    ///
    /// Neither the first nor the last is zero; zero has none and the weight 0.
    let digits: NumericDigits
    let weight: Int
    /// The number of decimal digits behind the point that are shown, zeros included.
    public let scale: Int

    /// Creates a finite number from digits that may have zeros at both ends.
    init(_ sign: Sign, _ digits: NumericDigits, weight: Int, scale: Int) {
        let (trimmed, leading) = digits.trimmed()
        let isZero = trimmed.count == 0
        self.sign = isZero ? .positive : sign
        self.digits = trimmed
        self.weight = isZero ? 0 : weight - leading
        self.scale = scale
    }

    private init(special sign: Sign) {
        self.sign = sign
        digits = NumericDigits()
        weight = 0
        scale = 0
    }

    /// Zero.
    public static let zero = PostgresNumeric(.positive, NumericDigits(), weight: 0, scale: 0)
    /// Not a number.
    public static let nan = PostgresNumeric(special: .nan)
    /// Greater than every number but NaN.
    public static let infinity = PostgresNumeric(special: .infinity)
    /// Less than every number.
    public static let negativeInfinity = PostgresNumeric(special: .negativeInfinity)

    /// The most digits behind the point that Postgres allows.
    static let scaleMax = 16_383
    /// The greatest weight that the binary form can say.
    static let weightMax = 32_767

    /// Whether it is neither NaN nor an infinity.
    public var isFinite: Bool { sign == .positive || sign == .negative }
    /// Whether it is NaN.
    public var isNaN: Bool { sign == .nan }
    /// Whether it is less than zero.
    public var isNegative: Bool { sign == .negative || sign == .negativeInfinity }

    /// The digit that counts 10,000 to the power of `place`.
    func digit(at place: Int) -> UInt16 {
        let index = weight - place
        return index >= 0 && index < digits.count ? digits[index] : 0
    }

    /// The lowest place that has a digit; 0 for zero.
    var lowestPlace: Int { digits.count == 0 ? 0 : weight - digits.count + 1 }
}

extension PostgresNumeric {
    /// Creates a whole number.
    public init<Integer: BinaryInteger>(_ value: Integer) {
        var magnitude = value.magnitude
        var digits: [UInt16] = []
        while magnitude != 0 {
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10_000)
            digits.append(UInt16(remainder))
            magnitude = quotient
        }
        self.init(
            value < 0 ? .negative : .positive, NumericDigits(digits.reversed()), weight: digits.count - 1, scale: 0)
    }
}

extension FixedWidthInteger {
    /// Creates the integer that the number is; nil where it has digits behind the point other than zeros, is out of
    /// range, or not finite.
    public init?(exactly value: PostgresNumeric) {
        guard value.isFinite, value.lowestPlace >= 0 else { return nil }
        guard Self.bitWidth > 8 else {
            // The digits themselves do not fit, such as the 128 of −128.
            guard let wide = Int16(exactly: value), let narrow = Self(exactly: wide) else { return nil }
            self = narrow
            return
        }
        var result: Self = 0
        guard value.digits.count > 0 else {
            self = result
            return
        }
        for place in stride(from: value.weight, through: 0, by: -1) {
            guard let base = Self(exactly: 10_000), let digit = Self(exactly: value.digit(at: place)) else {
                return nil
            }
            let (product, overflowed) = result.multipliedReportingOverflow(by: base)
            // Negative numbers are built downwards, because their range is one longer.
            let (sum, exceeded) =
                value.isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflowed, !exceeded else { return nil }
            result = sum
        }
        self = result
    }
}

extension Double {
    /// Creates the `Double` that lies nearest to the number.
    public init(_ value: PostgresNumeric) {
        switch value.sign {
        case .nan: self = .nan
        case .infinity: self = .infinity
        case .negativeInfinity: self = -.infinity
        case .positive, .negative: self = Double(value.description) ?? .nan
        }
    }
}
