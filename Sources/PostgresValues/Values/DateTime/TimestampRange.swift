/// Microseconds since 2000-01-01 00:00 as both kinds of timestamp count them.
@usableFromInline
enum TimestampRange {
    /// From 4714-11-24 00:00 BC up to the end of the year 294276.
    @inlinable static var finite: Range<Int64> { -211_813_488_000_000_000..<9_223_371_331_200_000_000 }

    /// Whether Postgres holds it, the infinities included.
    @inlinable
    static func contains(_ microseconds: Int64) -> Bool {
        finite.contains(microseconds) || microseconds == .max || microseconds == .min
    }

    /// Whether Postgres holds it as a point in time.
    static func isFinite(_ microseconds: Int64) -> Bool { finite.contains(microseconds) }

    /// The microseconds of a day's time; nil outside of what Postgres holds.
    static func microseconds(_ date: PostgresDate, _ time: PostgresTime) -> Int64? {
        guard date.isFinite else { return date > .negativeInfinity ? .max : .min }
        let days = Int64(date.daysSince2000)
        guard
            let microseconds = days.multiplied(
                by: PostgresTime.microsecondsPerDay, adding: time.microsecondsSinceMidnight),
            isFinite(microseconds)
        else { return nil }
        return microseconds
    }

    /// The day and the time of it; no time for an infinity.
    static func split(_ microseconds: Int64) -> (date: PostgresDate, time: PostgresTime?) {
        guard isFinite(microseconds) else { return (microseconds > 0 ? .infinity : .negativeInfinity, nil) }
        var (days, rest) = microseconds.quotientAndRemainder(dividingBy: PostgresTime.microsecondsPerDay)
        if rest < 0 {
            days -= 1
            rest += PostgresTime.microsecondsPerDay
        }
        return (
            PostgresDate(daysSince2000: Int32(truncatingIfNeeded: days)) ?? .infinity,
            PostgresTime(microsecondsSinceMidnight: rest)
        )
    }

    /// Reads the ISO form; a zone is taken off.
    static func read(_ reader: inout TextReader, hasZone: Bool) -> Int64? {
        if let isPositive = reader.infinity() { return isPositive ? .max : .min }
        guard let day = reader.calendarDay(), day.year > 0, reader.skip(" ") || reader.skip("T"),
            let time = PostgresTime(reading: &reader)
        else { return nil }
        var seconds: Int32 = 0
        if hasZone {
            guard let zone = reader.zone() else { return nil }
            seconds = zone
        }
        let year = reader.skip(word: " BC") ? 1 - day.year : day.year
        // A zone may take a day that Postgres does not hold to one that it does.
        guard let civil = CivilDay(year: year, month: day.month, day: day.day),
            let microseconds = Int64(civil.daysSince2000).multiplied(
                by: PostgresTime.microsecondsPerDay,
                adding: time.microsecondsSinceMidnight - Int64(seconds) * 1_000_000),
            isFinite(microseconds)
        else { return nil }
        return microseconds
    }

    /// Appends the ISO form, in UTC where it has a zone.
    static func write(_ microseconds: Int64, hasZone: Bool, to text: inout [UInt8]) {
        let (date, time) = split(microseconds)
        guard let time else { return text.append(infinity: microseconds > 0) }
        let day = CivilDay(daysSince2000: Int(date.daysSince2000))
        text.append(day)
        text.append(UInt8(ascii: " "))
        time.write(to: &text)
        if hasZone { text.append(zone: 0) }
        if day.year <= 0 { text += " BC".utf8 }
    }
}
