import PostgresWire

/// A `money`: an amount in the smallest unit of the server's currency, which `lc_monetary` chooses.
///
/// The text form is that of the locales C and en_US, with two digits behind the point and a dollar sign. Text in another
/// locale's form is `valueMalformed`; binary results, the default, are the same in every locale.
public struct PostgresMoney: Hashable, Comparable, Sendable {
    /// The amount in the smallest unit, such as cents.
    public let minorUnits: Int64

    /// Creates an amount from its smallest unit.
    public init(minorUnits: Int64) { self.minorUnits = minorUnits }

    /// Orders by amount.
    public static func < (left: PostgresMoney, right: PostgresMoney) -> Bool { left.minorUnits < right.minorUnits }
}

extension PostgresMoney: TextForm, PostgresTextConvertible {
    /// Reads an amount such as `-$1,234.56`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The amount such as `-$1,234.56`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        let isNegative = reader.skip("-")
        _ = reader.skip("$")
        var amount: Int64 = 0
        guard let first = reader.digits(1...20) else { return nil }
        amount = Int64(first)
        while reader.skip(",") {
            guard let group = reader.digits(3...3),
                let next = amount.multiplied(by: 1000, adding: Int64(group))
            else { return nil }
            amount = next
        }
        guard reader.skip("."), let cents = reader.digits(2...2) else { return nil }
        // Negative amounts are built downwards, because their range is one longer.
        let sign: Int64 = isNegative ? -1 : 1
        guard let value = (amount * sign).multiplied(by: 100, adding: Int64(cents) * sign) else { return nil }
        minorUnits = value
    }

    func write(to text: inout [UInt8]) {
        if minorUnits < 0 { text.append(UInt8(ascii: "-")) }
        text.append(UInt8(ascii: "$"))
        let (whole, cents) = minorUnits.magnitude.quotientAndRemainder(dividingBy: 100)
        var groups: [Int] = []
        var rest = whole
        while rest >= 1000 {
            groups.append(Int(rest % 1000))
            rest /= 1000
        }
        text.append(decimal: Int(rest))
        for group in groups.reversed() {
            text.append(UInt8(ascii: ","))
            text.append(decimal: group, width: 3)
        }
        text.append(UInt8(ascii: "."))
        text.append(decimal: Int(cents), width: 2)
    }
}

extension PostgresMoney: PostgresDecodable {
    /// Decodes a `money`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .money else { throw cell.typeMismatch(PostgresMoney.self) }
        self = cell.format == .binary ? PostgresMoney(minorUnits: try cell.integer()) : try cell.text()
    }

    /// `money`
    public static var postgresType: PostgresType { .money }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: minorUnits) }
}

extension Int64 {
    /// Returns `self * factor + addend`; nil where that does not fit.
    func multiplied(by factor: Int64, adding addend: Int64) -> Int64? {
        let (product, overflowed) = multipliedReportingOverflow(by: factor)
        let (sum, exceeded) = product.addingReportingOverflow(addend)
        return overflowed || exceeded ? nil : sum
    }
}
