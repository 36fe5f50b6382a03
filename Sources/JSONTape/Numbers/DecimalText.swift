/// A number as it is written, taken apart without a loss: ± digits × 10^exponent.
///
/// The digits begin and end with one that is not zero; zero has none. They stay where they are, so a number of any
/// length costs no memory.
struct DecimalText: ~Escapable {
    private let bytes: RawSpan
    let isNegative: Bool
    /// Where the first and behind the last significant digit lie; the point may lie between.
    private var first: Int
    private var end: Int
    /// How many significant digits there are.
    private(set) var digitCount = 0
    /// What the last digit is to be multiplied with, as a power of ten.
    private(set) var exponent = 0
    /// The exponent is beyond anything that can be counted, and not exact.
    private(set) var isBeyondMeasure = false

    /// Exponents are exact up to this; no document is long enough to reach it by digits.
    private static let exponentMax = 1 << 40

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ entry: TapeEntry) {
        self.bytes = bytes
        isNegative = bytes.byte(entry.start) == UInt8(ascii: "-")
        first = entry.end
        end = entry.end
        var pointDigits = 0
        var isBehindPoint = false
        var position = isNegative ? entry.start + 1 : entry.start
        var digits = 0
        // Digits behind the last significant one so far, all zeros.
        var zeros = 0
        while position < entry.end {
            let byte = bytes.byte(position)
            if byte == UInt8(ascii: ".") {
                isBehindPoint = true
            } else if byte | 0x20 == UInt8(ascii: "e") {
                readExponent(from: position + 1, to: entry.end)
                break
            } else {
                if isBehindPoint { pointDigits += 1 }
                if byte != UInt8(ascii: "0") {
                    if digits == 0 { first = position }
                    digits += digits == 0 ? 1 : zeros + 1
                    zeros = 0
                    end = position + 1
                } else if digits > 0 {
                    zeros += 1
                }
            }
            position += 1
        }
        digitCount = digits
        exponent = digits == 0 ? 0 : exponent - pointDigits + zeros
        if digits == 0 { isBeyondMeasure = false }
    }

    @_lifetime(self: copy self)
    private mutating func readExponent(from start: Int, to end: Int) {
        let isNegative = bytes.byte(start) == UInt8(ascii: "-")
        for position in start..<end {
            let digit = bytes.byte(position) &- UInt8(ascii: "0")
            guard digit < 10 else { continue }
            exponent = exponent * 10 + Int(digit)
            if exponent > Self.exponentMax {
                exponent = Self.exponentMax
                isBeyondMeasure = true
            }
        }
        if isNegative { exponent.negate() }
    }

    /// Calls `body` with each significant digit, the highest first.
    @inline(always)
    func forEachDigit(_ body: (UInt8) -> Void) {
        for position in first..<max(first, end) {
            let digit = bytes.byte(position) &- UInt8(ascii: "0")
            if digit < 10 { body(digit) }
        }
    }

    /// The number as an integer; nil where it is none, or none that `Value` can hold.
    func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
        guard digitCount > 0 else { return 0 }
        // No integer type has more than 39 digits.
        guard exponent >= 0, digitCount + exponent <= 40 else { return nil }
        var value: Value = 0
        var fits = true
        func append(_ digit: UInt8) {
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = Value(truncatingIfNeeded: digit)
            let (sum, isBeyond) =
                isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            value = sum
            if isTooLarge || isBeyond { fits = false }
        }
        forEachDigit(append)
        for _ in 0..<exponent { append(0) }
        return fits ? value : nil
    }
}

extension DecimalText {
    /// Whether the two are the same number, however they are written.
    func isEqual(to other: DecimalText) -> Bool {
        guard digitCount == other.digitCount else { return false }
        guard digitCount > 0 else { return true }
        guard isNegative == other.isNegative, exponent == other.exponent, isBeyondMeasure == other.isBeyondMeasure
        else { return false }
        var position = other.first
        var isSame = true
        forEachDigit { digit in
            if other.bytes.byte(position) == UInt8(ascii: ".") { position += 1 }
            if other.bytes.byte(position) &- UInt8(ascii: "0") != digit { isSame = false }
            position += 1
        }
        return isSame
    }
}
