import PostgresStreaming

/// Days and times from edge to edge.
enum TimeExpressions {
    static let all: [TypeExpressions] = [
        TypeExpressions("date", PostgresDate.self, dates.map { "'\($0)'" }),
        TypeExpressions("time", PostgresTime.self, times.map { "'\($0)'" }),
        TypeExpressions("timetz", PostgresTimeTZ.self, zonedTimes.map { "'\($0)'" }),
        TypeExpressions("timestamp", PostgresTimestamp.self, timestamps.map { "'\($0)'" }),
        TypeExpressions(
            "timestamptz", PostgresTimestampTZ.self, timestamps.map { "'\($0)'" } + zonedTimestamps.map { "'\($0)'" }),
        TypeExpressions("interval", PostgresInterval.self, intervals.map { "'\($0)'" }),
        TypeExpressions("interval", PostgresInterval.self, servers: 17...18, ["'infinity'", "'-infinity'"]),
    ]

    private static let dates: [String] = {
        var dates = [
            "infinity", "-infinity", "4714-11-24 BC", "5874897-12-31", "0001-01-01", "0001-12-31 BC", "0001-02-29 BC",
        ]
        for year in ["4713", "0400", "0100", "0044", "0005", "0004"] { dates.append("\(year)-03-01 BC") }
        for year in [
            "0004", "0100", "0400", "1582", "1600", "1700", "1900", "1970", "1999", "2000", "2024", "2100", "9999",
        ] {
            dates += ["\(year)-01-01", "\(year)-02-28", "\(year)-03-01", "\(year)-12-31"]
        }
        return dates + ["2000-02-29", "2024-02-29", "10000-01-01", "294276-12-31", "1969-12-31", "2038-01-19"]
    }()

    private static let times = [
        "00:00", "24:00", "23:59:59.999999", "00:00:00.000001", "12:34:56", "12:34:56.7", "12:34:56.78", "12:34:56.789",
        "01:02:03.04", "01:02:03.000004", "09:00", "00:00:59.5",
    ]

    private static let zonedTimes = [
        "00:00+00", "24:00+00", "23:59:59.999999-15:59:59", "00:00+15:59:59", "12:00+05:30", "12:00-03:30",
        "12:00+00:00:01",
        "12:00-00:30", "12:34:56.789+01", "01:02:03.04-12", "12:00+00:53:28",
    ]

    private static let timestamps: [String] = {
        var timestamps = [
            "infinity", "-infinity", "4714-11-24 00:00:00 BC", "294276-12-31 23:59:59.999999",
            "0001-12-31 23:59:59.999999 BC",
            "0001-01-01", "1999-12-31 23:59:59.999999", "2000-01-01 00:00:00.000001", "1970-01-01",
            "1969-12-31 23:59:59.5",
            "1900-02-28 12:00", "2000-02-29 12:34:56.789", "0044-03-15 12:00 BC", "10000-01-01 01:01:01.01",
        ]
        for month in 1...12 {
            timestamps.append("2023-\(month < 10 ? "0" : "")\(month)-28 0\(month % 10):30:15.\(month)")
        }
        return timestamps
    }()

    private static let zonedTimestamps = [
        "2024-02-29 12:00+05:30", "2024-02-29 12:00-08", "0001-01-01 00:30+01", "2024-06-01 12:00 Europe/Berlin",
        "4714-11-24 00:00:00+00 BC", "294276-12-31 23:59:59.999999+00",
    ]

    private static let intervals: [String] = {
        var intervals = [
            "0", "1 year", "-1 year", "1 mon", "-1 mon", "13 mons", "-13 mons", "1 day", "-1 day", "2 days", "1 hour",
            "-1 hour", "1 microsecond", "-1 microsecond", "24 hours", "100 hours", "1 day -1 microsecond",
            "-1 day 1 hour",
            "1 mon -1 day", "-1 mon 1 day -00:00:00.5", "1 year 2 mons 3 days 04:05:06.789",
            "-1 year -2 mons 3 days -04:05:06.789", "178000000 years", "-178000000 years", "2147483647 days",
            "-2147483648 days", "2562047788:00:54.775807", "-2562047788:00:54.775807", "2147483647 mons 1 day 00:00:01",
            "1 year -1 day", "-1 year +1 day", "1 mon 1 day -00:00:01",
        ]
        for sign in ["", "-"] {
            for unit in ["years", "mons", "days", "hours", "minutes", "seconds", "milliseconds"] {
                intervals.append("\(sign)7 \(unit)")
                if unit != "mons" { intervals.append("1 mon \(sign)7 \(unit)") }
                if unit != "days" { intervals.append("\(sign)7 \(unit) -2 days") }
            }
        }
        return intervals
    }()
}
