public import FoundationEssentials
public import PostgresStreaming

extension Date: PostgresDecodable, PostgresEncodable {
    /// Decodes a `timestamp with time zone`, exact to the microsecond from 1865 to 2137; beyond that a `Date` itself is
    /// coarser.
    ///
    /// - Throws: `typeMismatch` also for `timestamp` and `date`, which are no points in time until somebody says in which
    ///   time zone, and for the infinities, which a `Date` does not have: these decode into `PostgresTimestamp`,
    ///   `PostgresDate` and `PostgresTimestampTZ`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .timestamptz else { throw Self.mismatch(cell) }
        let time = try PostgresTimestampTZ(cell: cell)
        guard time.isFinite else {
            throw PostgresError(
                .typeMismatch, "cannot decode an infinite \(cell.type) into Date",
                hint: "Decode into PostgresTimestampTZ, which has infinities.")
        }
        self.init(finite: time)
    }

    /// Creates the same point in time, exact to the microsecond from 1865 to 2137; nil for the infinities, which a `Date`
    /// does not have.
    public init?(_ time: PostgresTimestampTZ) {
        guard time.isFinite else { return nil }
        self.init(finite: time)
    }

    private init(finite time: PostgresTimestampTZ) {
        self.init(timeIntervalSinceReferenceDate: Double(time.microsecondsSince2000 - Self.from2000To2001) / 1_000_000)
    }

    /// True: where the statement takes a type without a time zone, the value is refused and not shifted.
    public static var infersPostgresType: Bool { true }

    /// `timestamp with time zone`
    public static var postgresType: PostgresType { .timestamptz }

    /// Appends the point in time to the nearest microsecond.
    ///
    /// - Throws: `parameterInvalid` for a time outside of the years that Postgres holds.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        try nearestTimestamp.encode(into: &bytes)
    }

    /// Appends the ISO form in UTC.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        try nearestTimestamp.encodeText(into: &bytes)
    }

    /// The microseconds from the epoch of Postgres to that of Foundation: a leap year.
    fileprivate static let from2000To2001: Int64 = 366 * 86_400 * 1_000_000

    /// The point in time to the nearest microsecond.
    private var nearestTimestamp: PostgresTimestampTZ {
        get throws(PostgresError) {
            guard let time = PostgresTimestampTZ(self) else {
                throw PostgresError(.parameterInvalid, "cannot encode Date: it lies outside of what Postgres holds")
            }
            return time
        }
    }

    private static func mismatch(_ cell: borrowing PostgresCell) -> PostgresError {
        guard cell.type == .timestamp else { return cell.typeMismatch(Date.self) }
        return PostgresError(
            .typeMismatch, "cannot decode \(cell.type) into Date",
            hint: "Select it AT TIME ZONE the zone that it was written in, or decode into PostgresTimestamp.")
    }
}

extension PostgresTimestampTZ {
    /// Creates the same point in time, to the nearest microsecond; nil for one outside of the years that Postgres holds.
    public init?(_ date: Date) {
        let microseconds = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        guard let since2001 = Int64(exactly: microseconds),
            case let (since2000, overflowed) = since2001.addingReportingOverflow(Date.from2000To2001), !overflowed,
            let time = PostgresTimestampTZ(microsecondsSince2000: since2000), time.isFinite
        else { return nil }
        self = time
    }
}
