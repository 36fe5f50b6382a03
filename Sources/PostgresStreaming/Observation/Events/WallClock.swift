import Glibc
import PostgresTransport

extension Duration {
    /// The time now, since the beginning of 1970.
    static var sinceEpoch: Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// A time since the beginning of 1970 as a date and a time of day in UTC, with microseconds.
    var iso8601: String {
        var seconds = time_t(components.seconds)
        var date = unsafe tm()
        unsafe gmtime_r(&seconds, &date)
        let (year, month, day) = unsafe (date.tm_year + 1900, date.tm_mon + 1, date.tm_mday)
        let (hour, minute, second) = unsafe (date.tm_hour, date.tm_min, date.tm_sec)
        func padded(_ number: Int32, _ width: Int = 2) -> String {
            let digits = "\(number)"
            return String(repeating: "0", count: max(width - digits.count, 0)) + digits
        }
        let microseconds = Int32(components.attoseconds / 1_000_000_000_000)
        return "\(padded(year, 4))-\(padded(month))-\(padded(day))T"
            + "\(padded(hour)):\(padded(minute)):\(padded(second)).\(padded(microseconds, 6))Z"
    }
}

extension PostgresTimestampTZ {
    /// The time now, by the clock of this machine.
    static var now: PostgresTimestampTZ {
        let (seconds, attoseconds) = Duration.sinceEpoch.components
        return PostgresTimestampTZ(
            microsecondsSince1970: seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000) ?? .infinity
    }
}
