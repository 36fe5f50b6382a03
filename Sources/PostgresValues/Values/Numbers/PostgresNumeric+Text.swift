extension PostgresNumeric: TextForm, PostgresTextConvertible {
    /// Reads decimal digits with a sign, a point and an exponent where there are any, or `NaN`, `Infinity` and
    /// `-Infinity`; nil for anything else and for numbers beyond what Postgres holds. Takes time in proportion to the
    /// length of the number.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// All digits, without an exponent, as Postgres prints them.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        if reader.skip(word: "NaN") {
            self = .nan
            return
        }
        let isNegative = reader.skip("-")
        if !isNegative { _ = reader.skip("+") }
        if reader.skip(word: "Infinity") {
            self = isNegative ? .negativeInfinity : .infinity
            return
        }
        var decimals = reader.decimals()
        let whole = decimals.count
        if reader.skip(".") { decimals += reader.decimals() }
        guard !decimals.isEmpty else { return nil }
        var exponent = 0
        if reader.skip("e") || reader.skip("E") {
            let isDown = reader.skip("-")
            if !isDown { _ = reader.skip("+") }
            guard let digits = reader.digits(1...6) else { return nil }
            exponent = isDown ? -digits : digits
        }
        self.init(
            isNegative ? .negative : .positive, decimals: decimals, point: whole + exponent,
            scale: max(0, decimals.count - whole - exponent))
    }

    /// Creates a number from decimal digits, the first `point` of which stand before the point.
    private init?(_ sign: Sign, decimals: [UInt8], point: Int, scale: Int) {
        guard scale <= Self.scaleMax else { return nil }
        // The first group of four begins at a multiple of four from the point.
        let weight = (point + 3) >> 2 - 1
        let offset = (weight + 1) * 4 - point
        let digits = NumericDigits(count: (offset + decimals.count + 3) / 4) { group in
            var digit: UInt16 = 0
            for index in group * 4 - offset..<group * 4 - offset + 4 {
                digit = digit * 10 + (decimals.indices.contains(index) ? UInt16(decimals[index]) : 0)
            }
            return digit
        }
        self.init(sign, digits, weight: weight, scale: scale)
        guard self.weight <= Self.weightMax else { return nil }
    }

    func write(to text: inout [UInt8]) {
        switch sign {
        case .nan:
            text += "NaN".utf8
            return
        case .infinity:
            text += "Infinity".utf8
            return
        case .negativeInfinity:
            text += "-Infinity".utf8
            return
        case .negative: text.append(UInt8(ascii: "-"))
        case .positive: break
        }
        if digits.count == 0 || weight < 0 {
            text.append(UInt8(ascii: "0"))
        } else {
            text.append(decimal: Int(digits[0]))
            for place in stride(from: weight - 1, through: 0, by: -1) {
                text.append(decimal: Int(digit(at: place)), width: 4)
            }
        }
        guard scale > 0 else { return }
        text.append(UInt8(ascii: "."))
        let groups = (scale + 3) / 4
        for group in 1...groups { text.append(decimal: Int(digit(at: -group)), width: 4) }
        text.removeLast(groups * 4 - scale)
    }
}

extension TextReader {
    /// Reads decimal digits, as many as there are, as numbers from 0 to 9.
    @_lifetime(self: copy self)
    mutating func decimals() -> [UInt8] {
        var digits = bytes { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        for index in digits.indices { digits[index] -= UInt8(ascii: "0") }
        return digits
    }
}

extension [UInt8] {
    /// Appends a number that is not negative in decimal digits, with zeros before it up to a width.
    mutating func append(decimal value: Int, width: Int = 1) {
        var digits = 1
        var power = 10
        while digits < 18, digits < width || value >= power {
            power *= 10
            digits += 1
        }
        while power > 1 {
            power /= 10
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / power % 10))
        }
    }
}
