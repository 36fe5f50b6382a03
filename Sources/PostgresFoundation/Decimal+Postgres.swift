public import FoundationEssentials
public import PostgresStreaming

extension Decimal: PostgresDecodable, PostgresEncodable {
    /// Decodes a `numeric`, exact or not at all.
    ///
    /// - Throws: `typeMismatch` for a value with more than 38 digits between its first and its last that is not zero, one
    ///   beyond the exponents of a `Decimal`, and the infinities: these decode into `PostgresNumeric`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .numeric else { throw cell.typeMismatch(Decimal.self) }
        let numeric = try PostgresNumeric(cell: cell)
        guard let value = Decimal(exactly: numeric) else {
            throw PostgresError(
                .typeMismatch, "cannot decode \(cell.type) into Decimal, which has no such value",
                hint: "Decode into PostgresNumeric.")
        }
        self = value
    }

    /// Creates the same value; nil where a `Decimal` cannot hold it exactly.
    public init?(exactly numeric: PostgresNumeric) {
        guard !numeric.isNaN else {
            self = .nan
            return
        }
        guard numeric.isFinite else { return nil }
        // There may be a hundred thousand digits, nearly all of them zeros.
        let text = [UInt8](numeric.magnitude.description.utf8)
        let fraction = text.lastIndex(of: UInt8(ascii: ".")).map { text.count - 1 - $0 } ?? 0
        let digits = text.filter { $0 != UInt8(ascii: ".") }
        guard let first = digits.firstIndex(where: { $0 != UInt8(ascii: "0") }),
            let last = digits.lastIndex(where: { $0 != UInt8(ascii: "0") })
        else {
            self = 0
            return
        }
        let exponent = digits.count - 1 - last - fraction
        guard last - first < Self.digitsMax, exponent >= Self.exponentMin, exponent <= Self.exponentMax,
            let significand = Decimal(string: String(decoding: digits[first...last], as: UTF8.self))
        else { return nil }
        self.init(sign: numeric.isNegative ? .minus : .plus, exponent: exponent, significand: significand)
    }

    /// `numeric`
    public static var postgresType: PostgresType { .numeric }

    /// Appends the value, exactly.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try numeric.encode(into: &bytes) }

    /// Appends the digits.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) { try numeric.encodeText(into: &bytes) }

    /// The same value.
    var numeric: PostgresNumeric {
        get throws(PostgresError) {
            guard !isNaN else { return .nan }
            guard let value = PostgresNumeric(description) else {
                throw PostgresError(.parameterInvalid, "cannot encode Decimal")
            }
            return value
        }
    }

    /// A mantissa has 128 bits, which hold every number of so many digits.
    private static let digitsMax = 38
    private static let exponentMax = 127
    private static let exponentMin = -128
}

extension Decimal: PostgresNumberConvertible {
    /// Creates the nearest number of at most 38 digits, halves away from zero; nil for the infinities, and beyond the
    /// exponents of a `Decimal`.
    public init?(rounding numeric: PostgresNumeric) {
        if let exact = Decimal(exactly: numeric) {
            self = exact
            return
        }
        guard numeric.isFinite else { return nil }
        let text = [UInt8](numeric.magnitude.description.utf8)
        let fraction = text.lastIndex(of: UInt8(ascii: ".")).map { text.count - 1 - $0 } ?? 0
        let digits = text.filter { $0 != UInt8(ascii: ".") }.drop { $0 == UInt8(ascii: "0") }
        // The last decimal place that is kept: as many digits as fit, and none below the least exponent.
        let kept = min(Self.digitsMax, digits.count - fraction - Self.exponentMin)
        guard kept >= 0 else {
            self = 0
            return
        }
        guard kept < digits.count else { return nil }
        let head = String(decoding: digits.prefix(kept), as: UTF8.self)
        let dropped = digits.count - kept
        let isUp = digits[digits.startIndex + kept] >= UInt8(ascii: "5")
        guard let whole = PostgresNumeric(head.isEmpty ? "0" : head),
            let rounded = PostgresNumeric("\(whole + (isUp ? 1 : 0))e\(dropped - fraction)"),
            let value = Decimal(exactly: numeric.isNegative ? -rounded : rounded)
        else { return nil }
        self = value
    }
}
