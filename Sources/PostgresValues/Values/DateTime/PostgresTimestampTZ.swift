import PostgresWire

/// A `timestamp with time zone`: a point in time to the microsecond, or an infinity. The server keeps no zone with it,
/// and none is kept here: the text form is in UTC.
@frozen
public struct PostgresTimestampTZ: Hashable, Comparable, Sendable {
    /// The microseconds since 2000-01-01 00:00 UTC; the greatest and the least number are the infinities.
    public let microsecondsSince2000: Int64

    /// Creates a point in time; nil outside of what Postgres holds: from 4713 BC up to the year 294276.
    @inlinable
    public init?(microsecondsSince2000 microseconds: Int64) {
        guard TimestampRange.contains(microseconds) else { return nil }
        microsecondsSince2000 = microseconds
    }

    /// Creates a point in time from the microseconds since 1970-01-01 00:00 UTC; nil outside of what Postgres holds.
    public init?(microsecondsSince1970 microseconds: Int64) {
        let (since2000, overflowed) = microseconds.subtractingReportingOverflow(Self.epochMicroseconds)
        guard !overflowed, TimestampRange.isFinite(since2000) else { return nil }
        microsecondsSince2000 = since2000
    }

    private init(unchecked microseconds: Int64) { microsecondsSince2000 = microseconds }

    /// Later than every other.
    public static let infinity = PostgresTimestampTZ(unchecked: .max)
    /// Earlier than every other.
    public static let negativeInfinity = PostgresTimestampTZ(unchecked: .min)

    /// From 1970 to 2000.
    private static let epochMicroseconds: Int64 = 946_684_800_000_000

    /// Whether it is a point in time and not an infinity.
    public var isFinite: Bool { microsecondsSince2000 != .max && microsecondsSince2000 != .min }

    /// The microseconds since 1970-01-01 00:00 UTC; nil for an infinity and for the last years that Postgres holds, which
    /// do not fit.
    public var microsecondsSince1970: Int64? {
        guard isFinite else { return nil }
        let (sum, overflowed) = microsecondsSince2000.addingReportingOverflow(Self.epochMicroseconds)
        return overflowed ? nil : sum
    }

    /// The day and time in UTC.
    public var inUTC: PostgresTimestamp {
        PostgresTimestamp(microsecondsSince2000: microsecondsSince2000) ?? .infinity
    }

    /// Orders by time.
    public static func < (left: PostgresTimestampTZ, right: PostgresTimestampTZ) -> Bool {
        left.microsecondsSince2000 < right.microsecondsSince2000
    }
}

extension PostgresTimestampTZ: TextForm, PostgresTextConvertible {
    /// Reads the ISO form with any zone, such as `2024-02-29 12:00:00.5+05:30` or `infinity`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The ISO form in UTC, such as `2024-02-29 06:30:00.5+00`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let microseconds = TimestampRange.read(&reader, hasZone: true) else { return nil }
        microsecondsSince2000 = microseconds
    }

    func write(to text: inout [UInt8]) {
        TimestampRange.write(microsecondsSince2000, hasZone: true, to: &text)
    }
}

extension PostgresTimestampTZ: PostgresDecodable {
    /// Decodes a `timestamp with time zone`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .timestamptz else { throw cell.typeMismatch(PostgresTimestampTZ.self) }
        guard cell.format == .binary else {
            self = try Self.read(cell)
            return
        }
        guard let value = PostgresTimestampTZ(microsecondsSince2000: try cell.integer()) else {
            throw cell.malformed(PostgresTimestampTZ.self)
        }
        self = value
    }

    @usableFromInline
    static func read(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresTimestampTZ { try cell.text() }

    /// `timestamp with time zone`
    public static var postgresType: PostgresType { .timestamptz }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: microsecondsSince2000) }
}
