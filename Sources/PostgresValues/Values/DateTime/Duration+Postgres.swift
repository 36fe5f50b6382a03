extension Duration: PostgresDecodable, PostgresEncodable {
    /// Decodes an `interval` without months; a day counts 24 hours, as it does in a difference of two timestamps.
    ///
    /// - Throws: `typeMismatch` also for an interval with months, which have no length, and for the infinities: these
    ///   decode into ``PostgresInterval``.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .interval else { throw cell.typeMismatch(Duration.self) }
        guard let duration = Duration(exactly: try PostgresInterval(cell: cell)) else {
            throw PostgresError(
                .typeMismatch, "cannot decode an interval with months into Duration",
                hint: "Decode into PostgresInterval, which keeps months, days and microseconds apart.")
        }
        self = duration
    }

    /// Creates the same length of time, a day counted as 24 hours; nil for an interval with months, and for the infinities.
    public init?(exactly interval: PostgresInterval) {
        guard interval.months == 0 else { return nil }
        let (seconds, microseconds) = interval.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        self.init(
            secondsComponent: Int64(interval.days) * 86_400 + seconds,
            attosecondsComponent: microseconds * Self.perMicro)
    }

    /// `interval`
    public static var postgresType: PostgresType { .interval }

    /// Appends the microseconds as an interval without days.
    ///
    /// - Throws: `parameterInvalid` for a length with less than microseconds in it, and beyond about 292,000 years.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try interval.encode(into: &bytes) }

    /// Appends hours, minutes and seconds.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) { try interval.encodeText(into: &bytes) }

    private var interval: PostgresInterval {
        get throws(PostgresError) {
            if let interval = PostgresInterval(exactly: self) { return interval }
            guard PostgresInterval(rounding: self) != nil else { throw .outOfRange(Duration.self, as: .interval) }
            throw PostgresError(
                .parameterInvalid, "cannot encode Duration as interval, which has microseconds and nothing less",
                hint: "Pass PostgresInterval(rounding:), which is the nearest one.")
        }
    }

    fileprivate static let perMicro: Int64 = 1_000_000_000_000
}

extension PostgresInterval {
    /// Creates the same length of time in microseconds; nil where there is less than a microsecond in it, or more than
    /// fits.
    public init?(exactly duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard attoseconds % Duration.perMicro == 0 else { return nil }
        self.init(seconds, microseconds: attoseconds / Duration.perMicro)
    }

    /// Creates the nearest length of time in microseconds, halves away from zero; nil where more is in it than fits.
    public init?(rounding duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let half = attoseconds < 0 ? -Duration.perMicro / 2 : Duration.perMicro / 2
        self.init(seconds, microseconds: (attoseconds + half) / Duration.perMicro)
    }

    private init?(_ seconds: Int64, microseconds: Int64) {
        let (product, overflowed) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, exceeded) = product.addingReportingOverflow(microseconds)
        guard !overflowed, !exceeded else { return nil }
        self.init(microseconds: sum)
    }
}
