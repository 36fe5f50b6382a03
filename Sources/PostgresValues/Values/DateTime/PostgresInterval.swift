import PostgresWire

/// An `interval`: months, days and microseconds, kept apart because neither months nor days have one length.
///
/// Two intervals are equal where all three numbers are. Postgres compares them as if a month had 30 days and a day 24
/// hours; there is no such order here.
public struct PostgresInterval: Hashable, Sendable {
    /// The months, twelve for every year.
    public var months: Int32
    /// The days.
    public var days: Int32
    /// The microseconds of hours, minutes and seconds.
    public var microseconds: Int64

    /// Creates an interval.
    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    /// Longer than every other; since PostgreSQL 17.
    public static let infinity = PostgresInterval(months: .max, days: .max, microseconds: .max)
    /// Shorter than every other; since PostgreSQL 17.
    public static let negativeInfinity = PostgresInterval(months: .min, days: .min, microseconds: .min)

    /// Whether it is neither of the infinities. Servers before PostgreSQL 17 know no infinities, and these two as the
    /// longest interval and the shortest.
    public var isFinite: Bool { self != .infinity && self != .negativeInfinity }

    /// Returns the interval the other way round; nil where a number does not fit.
    public func negated() -> PostgresInterval? {
        if self == .infinity { return .negativeInfinity }
        if self == .negativeInfinity { return .infinity }
        guard months != .min, days != .min, microseconds != .min else { return nil }
        return PostgresInterval(months: -months, days: -days, microseconds: -microseconds)
    }
}

extension PostgresInterval: TextForm, PostgresTextConvertible {
    /// Reads the text form in any of the four styles that the server's `intervalstyle` chooses from: `postgres`,
    /// `postgres_verbose`, `sql_standard` and `iso_8601`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The text form in the style `postgres`, such as `1 year 2 mons -3 days +04:05:06.789`.
    public var description: String { text }

    func write(to text: inout [UInt8]) {
        guard isFinite else { return text.append(infinity: months > 0) }
        var isNegative = false
        var isEmpty = true
        func append(_ value: Int32, _ unit: String) {
            guard value != 0 else { return }
            if !isEmpty { text.append(UInt8(ascii: " ")) }
            // A plus stands only where the number before is negative.
            if isNegative, value > 0 { text.append(UInt8(ascii: "+")) }
            text += "\(value) \(unit)\(value == 1 ? "" : "s")".utf8
            isNegative = value < 0
            isEmpty = false
        }
        append(months / 12, "year")
        append(months % 12, "mon")
        append(days, "day")
        guard isEmpty || microseconds != 0 else { return }
        if !isEmpty { text.append(UInt8(ascii: " ")) }
        if microseconds < 0 {
            text.append(UInt8(ascii: "-"))
        } else if isNegative {
            text.append(UInt8(ascii: "+"))
        }
        let seconds = microseconds.magnitude / 1_000_000
        text.append(decimal: Int(seconds / 3600), width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: Int(seconds / 60 % 60), width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: Int(seconds % 60), width: 2)
        text.append(microseconds: Int(microseconds.magnitude % 1_000_000))
    }
}

extension PostgresInterval: PostgresDecodable {
    /// Decodes an `interval`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .interval else { throw cell.typeMismatch(PostgresInterval.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        let bytes = cell.bytes
        guard bytes.byteCount == 16 else { throw cell.malformed(PostgresInterval.self) }
        self.init(
            months: bytes.bigEndian(at: 12), days: bytes.bigEndian(at: 8), microseconds: bytes.bigEndian(at: 0))
    }

    /// `interval`
    public static var postgresType: PostgresType { .interval }

    /// Appends sixteen bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: microseconds)
        bytes.append(bigEndian: days)
        bytes.append(bigEndian: months)
    }
}
