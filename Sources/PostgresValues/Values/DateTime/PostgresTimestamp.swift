import PostgresWire

/// A `timestamp`: a day and a time of it to the microsecond, without a zone; or an infinity.
@frozen
public struct PostgresTimestamp: Hashable, Comparable, Sendable {
    /// The microseconds since 2000-01-01 00:00; the greatest and the least number are the infinities.
    public let microsecondsSince2000: Int64

    /// Creates a timestamp; nil outside of what Postgres holds: from 4713 BC up to the year 294276.
    @inlinable
    public init?(microsecondsSince2000 microseconds: Int64) {
        guard TimestampRange.contains(microseconds) else { return nil }
        microsecondsSince2000 = microseconds
    }

    /// Creates a timestamp from a day and a time; nil outside of what Postgres holds. Infinite dates have one.
    public init?(_ date: PostgresDate, _ time: PostgresTime) {
        guard let microseconds = TimestampRange.microseconds(date, time) else { return nil }
        microsecondsSince2000 = microseconds
    }

    private init(unchecked microseconds: Int64) { microsecondsSince2000 = microseconds }

    /// Later than every other.
    public static let infinity = PostgresTimestamp(unchecked: .max)
    /// Earlier than every other.
    public static let negativeInfinity = PostgresTimestamp(unchecked: .min)

    /// Whether it is a point in time and not an infinity.
    public var isFinite: Bool { microsecondsSince2000 != .max && microsecondsSince2000 != .min }

    /// The day; infinite where the timestamp is.
    public var date: PostgresDate { TimestampRange.split(microsecondsSince2000).date }

    /// The time of the day; nil for an infinity.
    public var time: PostgresTime? { TimestampRange.split(microsecondsSince2000).time }

    /// Orders by time.
    public static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microsecondsSince2000 < right.microsecondsSince2000
    }
}

extension PostgresTimestamp: TextForm, PostgresTextConvertible {
    /// Reads the ISO form, such as `2024-02-29 12:00:00.5`, `0044-03-15 12:00:00 BC` or `infinity`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The ISO form.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let microseconds = TimestampRange.read(&reader, hasZone: false) else { return nil }
        microsecondsSince2000 = microseconds
    }

    func write(to text: inout [UInt8]) {
        TimestampRange.write(microsecondsSince2000, hasZone: false, to: &text)
    }
}

extension PostgresTimestamp: PostgresDecodable {
    /// Decodes a `timestamp`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .timestamp else { throw cell.typeMismatch(PostgresTimestamp.self) }
        guard cell.format == .binary else {
            self = try Self.read(cell)
            return
        }
        guard let value = PostgresTimestamp(microsecondsSince2000: try cell.integer()) else {
            throw cell.malformed(PostgresTimestamp.self)
        }
        self = value
    }

    @usableFromInline
    static func read(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresTimestamp { try cell.text() }

    /// `timestamp`
    public static var postgresType: PostgresType { .timestamp }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: microsecondsSince2000) }
}
