extension JSONView {
    /// Reads a number as the nearest Double.
    @usableFromInline
    func double() throws(JSONError) -> Double {
        guard entry.isKind(.number) else { throw mismatch("a number") }
        let number = ShortDecimal(document, entry)
        if number.isExact, number.mantissa <= 1 << 53, number.exponent.magnitude <= 22 {
            // Both are exact, so their product or quotient is rounded once (W. D. Clinger, 1990).
            let power = PowersOfTen.exact[Int(number.exponent.magnitude)]
            let mantissa = Double(number.mantissa)
            let value = number.exponent < 0 ? mantissa / power : mantissa * power
            return number.isNegative ? -value : value
        }
        return try parsed(Double.self)
    }

    /// Reads a number as the nearest Float, which is not always the Float nearest to the nearest Double.
    @usableFromInline
    func float() throws(JSONError) -> Float {
        guard entry.isKind(.number) else { throw mismatch("a number") }
        let number = ShortDecimal(document, entry)
        if number.isExact, number.mantissa <= 1 << 24, number.exponent.magnitude <= 10 {
            let power = Float(PowersOfTen.exact[Int(number.exponent.magnitude)])
            let mantissa = Float(number.mantissa)
            let value = number.exponent < 0 ? mantissa / power : mantissa * power
            return number.isNegative ? -value : value
        }
        return try parsed(Float.self)
    }

    /// The standard library rounds everything correctly, but needs a String.
    @inline(never)
    private func parsed<Value: LosslessStringConvertible & BinaryFloatingPoint>(
        _ type: Value.Type
    ) throws(JSONError) -> Value {
        // A number has the form of a string without escapes.
        guard let value = Value(String(entry.asPlainText, in: document)), value.isFinite else {
            throw failure(.numberOutOfRange, "\(Value.self) cannot hold the number")
        }
        return value
    }
}

extension TapeEntry {
    fileprivate var asPlainText: TapeEntry {
        TapeEntry(offset: start, byteCount: Int(byteCount), meta: Self.kind(.string))
    }
}

/// A number of up to nineteen significant digits, ± mantissa × 10^exponent.
///
/// Zeros behind the last other digit are not among them: `numeric` writes many of them, as in `12.50000000000000000000`.
private struct ShortDecimal {
    private(set) var mantissa: UInt64 = 0
    private(set) var exponent = 0
    let isNegative: Bool
    /// Whether the digits are no more than that; otherwise the rest means nothing.
    private(set) var isExact = true

    init(_ bytes: RawSpan, _ entry: TapeEntry) {
        var position = entry.start
        let end = entry.end
        isNegative = bytes.byte(position) == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        var digits = 0
        // Not followed by another digit so far.
        var zeros = 0
        var isBehindPoint = false
        while position < end {
            let digit = bytes.byte(position) &- UInt8(ascii: "0")
            position &+= 1
            guard digit < 10 else {
                if digit &+ UInt8(ascii: "0") == UInt8(ascii: ".") {
                    isBehindPoint = true
                    continue
                }
                readExponent(bytes, position, end)
                break
            }
            if isBehindPoint { exponent &-= 1 }
            guard digit != 0 else {
                if mantissa != 0 { zeros &+= 1 }
                continue
            }
            guard digits &+ zeros < 19 else {
                isExact = false
                return
            }
            digits &+= zeros &+ 1
            while zeros > 0 {
                mantissa = mantissa &* 10
                zeros &-= 1
            }
            mantissa = mantissa &* 10 &+ UInt64(digit)
        }
        exponent &+= zeros
    }

    private mutating func readExponent(_ bytes: RawSpan, _ start: Int, _ end: Int) {
        var written = 0
        for position in start..<end {
            let digit = bytes.byte(position) &- UInt8(ascii: "0")
            // Beyond a hundred thousand only zero and what has no Double are left, unless as many digits make up for it.
            if digit < 10, written < 1 << 40 { written = written * 10 + Int(digit) }
        }
        exponent += bytes.byte(start) == UInt8(ascii: "-") ? -written : written
    }
}

private enum PowersOfTen {
    /// The powers that a Double holds exactly.
    static let exact: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

extension Double: JSONDecodable {
    /// Decodes a number as the nearest Double; one beyond the largest is refused.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.double() }
}

extension Float: JSONDecodable {
    /// Decodes a number as the nearest Float; one beyond the largest is refused.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.float() }
}
