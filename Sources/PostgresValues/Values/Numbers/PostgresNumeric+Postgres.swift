import PostgresWire

extension PostgresNumeric: PostgresDecodable {
    /// Decodes a `numeric`. Allocates where the number has more than about 16 digits.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .numeric else { throw cell.typeMismatch(PostgresNumeric.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard let value = PostgresNumeric(binary: cell.bytes) else { throw cell.malformed(PostgresNumeric.self) }
        self = value
    }

    /// Reads the number of digits, the weight, the sign, the scale and the digits (`numeric_send` in the server).
    private init?(binary bytes: RawSpan) {
        guard bytes.byteCount >= 8 else { return nil }
        let count = Int(bytes.bigEndian(at: 0, as: UInt16.self))
        let scale = Int(bytes.bigEndian(at: 6, as: UInt16.self))
        guard bytes.byteCount == 8 + 2 * count, let sign = Sign(rawValue: bytes.bigEndian(at: 4)) else { return nil }
        switch sign {
        case .nan: self = .nan
        case .infinity: self = .infinity
        case .negativeInfinity: self = .negativeInfinity
        case .positive, .negative:
            var isDecimal = scale <= Self.scaleMax
            let digits = NumericDigits(count: count) { index in
                let digit: UInt16 = bytes.bigEndian(at: 8 + 2 * index)
                isDecimal = isDecimal && digit < 10_000
                return digit
            }
            self.init(sign, digits, weight: Int(bytes.bigEndian(at: 2, as: Int16.self)), scale: scale)
            guard isDecimal, decimalsBehindPoint <= scale else { return nil }
            return
        }
        guard count == 0 else { return nil }
    }

    /// The number of decimal digits behind the point up to the last that is not zero.
    private var decimalsBehindPoint: Int {
        guard digits.count > 0, lowestPlace < 0 else { return 0 }
        let last = digits[digits.count - 1]
        let zeros = last % 1000 == 0 ? 3 : last % 100 == 0 ? 2 : last % 10 == 0 ? 1 : 0
        return -lowestPlace * 4 - zeros
    }

    /// `numeric`
    public static var postgresType: PostgresType { .numeric }

    /// Appends the number.
    ///
    /// - Throws: `parameterInvalid` for a sum that has more digits before the point than Postgres holds.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        guard weight <= Self.weightMax else { throw .outOfRange(PostgresNumeric.self, as: .numeric) }
        bytes.append(bigEndian: UInt16(digits.count))
        bytes.append(bigEndian: Int16(weight))
        bytes.append(bigEndian: sign.rawValue)
        // The server's own header of an infinity says so.
        bytes.append(bigEndian: UInt16(sign == .infinity || sign == .negativeInfinity ? 32 : scale))
        for index in 0..<digits.count { bytes.append(bigEndian: digits[index]) }
    }
}
