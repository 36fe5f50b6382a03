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
        guard cell.type == .timestamptz else { throw Self.mismatch(cell.type) }
        let time = try PostgresTimestampTZ(cell: cell)
        guard time.isFinite else {
            throw PostgresError(
                .typeMismatch, "cannot decode an infinite \(cell.type) into Date",
                hint: "Decode into PostgresTimestampTZ, which has infinities.")
        }
        self.init(time)
    }

    /// The same point in time, which has to be finite.
    init(_ time: PostgresTimestampTZ) {
        self.init(timeIntervalSinceReferenceDate: Double(time.microsecondsSince2000 - Self.from2000To2001) / 1_000_000)
    }

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
    private static let from2000To2001: Int64 = 366 * 86_400 * 1_000_000

    /// The point in time to the nearest microsecond.
    var nearestTimestamp: PostgresTimestampTZ {
        get throws(PostgresError) {
            let microseconds = (timeIntervalSinceReferenceDate * 1_000_000).rounded()
            guard let since2001 = Int64(exactly: microseconds),
                case let (since2000, overflowed) = since2001.addingReportingOverflow(Self.from2000To2001), !overflowed,
                let time = PostgresTimestampTZ(microsecondsSince2000: since2000), time.isFinite
            else {
                throw PostgresError(.parameterInvalid, "cannot encode Date: it lies outside of what Postgres holds")
            }
            return time
        }
    }

    private static func mismatch(_ type: PostgresType) -> PostgresError {
        let hint: String? =
            switch type {
            case .timestamp: "Select it AT TIME ZONE the zone that it was written in, or decode into PostgresTimestamp."
            case .date: "Decode into PostgresDate."
            default: nil
            }
        return PostgresError(.typeMismatch, "cannot decode \(type) into Date", hint: hint)
    }
}
