import PostgresWire

/// A `date`: a day of the Gregorian calendar, also before it was introduced, from 4713 BC to 5874897 AD; or an infinity.
@frozen
public struct PostgresDate: Hashable, Comparable, Sendable {
    /// The days since 2000-01-01; the greatest and the least number are the infinities.
    public let daysSince2000: Int32

    /// Creates a date; nil outside of what Postgres holds, which is the days from −2,451,545 up to 2,145,031,948 and the
    /// two infinities.
    @inlinable
    public init?(daysSince2000 days: Int32) {
        guard Self.days.contains(days) || days == .max || days == .min else { return nil }
        daysSince2000 = days
    }

    /// Creates a date; nil for a day that is not in the calendar, or outside of what Postgres holds. The year 0 is 1 BC,
    /// −1 is 2 BC.
    public init?(year: Int, month: Int, day: Int) {
        guard let days = CivilDay(year: year, month: month, day: day)?.daysSince2000,
            let narrow = Int32(exactly: days), Self.days.contains(narrow)
        else { return nil }
        daysSince2000 = narrow
    }

    private init(unchecked days: Int32) { daysSince2000 = days }

    /// Later than every date.
    public static let infinity = PostgresDate(unchecked: .max)
    /// Earlier than every date.
    public static let negativeInfinity = PostgresDate(unchecked: .min)

    @inlinable static var days: ClosedRange<Int32> { -2_451_545...2_145_031_948 }

    /// Whether it is a day and not an infinity.
    public var isFinite: Bool { daysSince2000 != .max && daysSince2000 != .min }

    /// The year, month and day; nil for an infinity. The year 0 is 1 BC.
    public var components: (year: Int, month: Int, day: Int)? {
        guard isFinite else { return nil }
        let day = CivilDay(daysSince2000: Int(daysSince2000))
        return (day.year, day.month, day.day)
    }

    /// Returns the date so many days later, or earlier for a negative number; nil outside of what Postgres holds. An
    /// infinity stays what it is.
    public func adding(days: Int) -> PostgresDate? {
        guard isFinite else { return self }
        let (sum, overflowed) = Int(daysSince2000).addingReportingOverflow(days)
        guard !overflowed, let narrow = Int32(exactly: sum), Self.days.contains(narrow) else { return nil }
        return PostgresDate(unchecked: narrow)
    }

    /// Orders by time.
    public static func < (left: PostgresDate, right: PostgresDate) -> Bool {
        left.daysSince2000 < right.daysSince2000
    }
}

extension PostgresDate: TextForm, PostgresTextConvertible {
    /// Reads the ISO form, such as `2024-02-29`, `0044-03-15 BC`, `infinity` or `-infinity`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The ISO form.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        if let isPositive = reader.infinity() {
            self = isPositive ? .infinity : .negativeInfinity
            return
        }
        guard let numbers = reader.calendarDay() else { return nil }
        let year = reader.skip(word: " BC") ? 1 - numbers.year : numbers.year
        guard numbers.year > 0, let date = PostgresDate(year: year, month: numbers.month, day: numbers.day) else {
            return nil
        }
        self = date
    }

    func write(to text: inout [UInt8]) {
        guard isFinite else { return text.append(infinity: daysSince2000 > 0) }
        let day = CivilDay(daysSince2000: Int(daysSince2000))
        text.append(day)
        if day.year <= 0 { text += " BC".utf8 }
    }
}

extension PostgresDate: PostgresDecodable {
    /// Decodes a `date`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .date else { throw cell.typeMismatch(PostgresDate.self) }
        guard cell.format == .binary else {
            self = try Self.read(cell)
            return
        }
        guard let date = PostgresDate(daysSince2000: try cell.integer()) else {
            throw cell.malformed(PostgresDate.self)
        }
        self = date
    }

    @usableFromInline
    static func read(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresDate { try cell.text() }

    /// `date`
    public static var postgresType: PostgresType { .date }

    /// Appends four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: daysSince2000) }
}
