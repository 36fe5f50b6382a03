extension PostgresInterval {
    /// Reads all of what is left in the reader, in whichever style it is written.
    init?(reading reader: inout TextReader) {
        if let isPositive = reader.infinity() {
            self = isPositive ? .infinity : .negativeInfinity
            return
        }
        var sum = IntervalSum()
        let isRead =
            if reader.skip("P") { sum.readISO(&reader) } else if reader.skip("@") { sum.readVerbose(&reader) } else {
                sum.readWords(&reader)
            }
        guard isRead, let interval = sum.interval else { return nil }
        self = interval
    }
}

/// The parts of an interval while they are read and added up.
private struct IntervalSum {
    private var months: Int64 = 0
    private var days: Int64 = 0
    private var microseconds: Int64 = 0
    private var isEmpty = true
    /// Whether all numbers are to be turned round.
    private var isTurned = false

    /// What was read; nil where a number does not fit, or nothing was read.
    var interval: PostgresInterval? {
        guard !isEmpty, let months = Int32(exactly: months), let days = Int32(exactly: days) else { return nil }
        return PostgresInterval(months: months, days: days, microseconds: microseconds)
    }

    /// A number as it is written, with its sign and up to six digits behind the point.
    private struct Amount {
        var isNegative: Bool
        /// Whether it has a sign, a plus or a minus.
        var hasSign = true
        var whole: Int64
        var millionths: Int64 = 0

        /// The number as a whole one; nil where there is something behind the point.
        var signed: Int64? { millionths == 0 ? (isNegative ? -whole : whole) : nil }

        func microseconds(per unit: Int64) -> Int64? {
            let sign: Int64 = isNegative ? -1 : 1
            return (whole * sign).multiplied(by: unit, adding: 0).flatMap { product in
                guard millionths != 0 else { return product }
                guard unit == 1_000_000 else { return nil }
                let (sum, overflowed) = product.addingReportingOverflow(millionths * sign)
                return overflowed ? nil : sum
            }
        }
    }

    private func amount(_ reader: inout TextReader) -> Amount? {
        let isNegative = reader.skip("-")
        let hasSign = isNegative || reader.skip("+")
        guard let whole = reader.digits(1...19), let millionths = reader.microseconds() else { return nil }
        return Amount(
            isNegative: isNegative != isTurned, hasSign: hasSign, whole: Int64(whole), millionths: Int64(millionths))
    }

    private mutating func add(_ amount: Amount, months factor: Int64) -> Bool {
        guard let value = amount.signed, let sum = value.multiplied(by: factor, adding: months) else { return false }
        months = sum
        isEmpty = false
        return true
    }

    private mutating func add(days amount: Amount) -> Bool {
        guard let value = amount.signed, let sum = value.multiplied(by: 1, adding: days) else { return false }
        days = sum
        isEmpty = false
        return true
    }

    private mutating func add(_ amount: Amount, microsecondsPer unit: Int64) -> Bool {
        guard let value = amount.microseconds(per: unit) else { return false }
        let (sum, overflowed) = microseconds.addingReportingOverflow(value)
        guard !overflowed else { return false }
        microseconds = sum
        isEmpty = false
        return true
    }

    /// Adds hours, minutes and seconds, the hours of which were read and whose sign holds for all three.
    private mutating func addClock(hours: Amount, _ reader: inout TextReader) -> Bool {
        guard hours.millionths == 0, let minutes = reader.digits(2...2), minutes < 60 else { return false }
        var seconds = Amount(isNegative: hours.isNegative, whole: 0)
        if reader.skip(":") {
            guard let whole = reader.digits(2...2), whole < 60, let millionths = reader.microseconds() else {
                return false
            }
            seconds = Amount(isNegative: hours.isNegative, whole: Int64(whole), millionths: Int64(millionths))
        }
        return add(hours, microsecondsPer: 3_600_000_000)
            && add(Amount(isNegative: hours.isNegative, whole: Int64(minutes)), microsecondsPer: 60_000_000)
            && add(seconds, microsecondsPer: 1_000_000)
    }

    private mutating func add(_ amount: Amount, unit: String) -> Bool {
        switch unit {
        case "year", "years": add(amount, months: 12)
        case "mon", "mons": add(amount, months: 1)
        case "day", "days": add(days: amount)
        case "hour", "hours": add(amount, microsecondsPer: 3_600_000_000)
        case "min", "mins": add(amount, microsecondsPer: 60_000_000)
        case "sec", "secs": add(amount, microsecondsPer: 1_000_000)
        default: false
        }
    }

    private func unit(_ reader: inout TextReader) -> String {
        String(decoding: reader.bytes { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }, as: UTF8.self)
    }

    /// `postgres`: numbers with units, and a clock at the end; or `sql_standard`: years and months as `1-2`, days, a clock.
    mutating func readWords(_ reader: inout TextReader) -> Bool {
        var areDaysNegative = false
        while true {
            guard var number = amount(&reader) else { return false }
            if reader.skip(":") {
                if !number.hasSign { number.isNegative = areDaysNegative }
                guard addClock(hours: number, &reader) else { return false }
            } else if reader.skip("-") {
                guard let months = reader.digits(1...2), months < 12, add(number, months: 12),
                    add(Amount(isNegative: number.isNegative, whole: Int64(months)), months: 1)
                else { return false }
            } else if reader.next == UInt8(ascii: " "), !reader.isUnitNext {
                // Days of the SQL standard stand alone before the clock, which has a sign of its own only where that is
                // another one: the first sign is that of the whole.
                guard add(days: number) else { return false }
                areDaysNegative = number.isNegative
            } else if reader.isAtEnd {
                return number.whole == 0 && add(days: number)
            } else {
                guard reader.skip(" "), add(number, unit: unit(&reader)) else { return false }
            }
            guard !reader.isAtEnd else { return true }
            guard reader.skip(" ") else { return false }
        }
    }

    /// `postgres_verbose`: numbers with units, and `ago` where all of it is to be turned round.
    mutating func readVerbose(_ reader: inout TextReader) -> Bool {
        // What turns them round comes last, and the lowest numbers have no counterpart: they are read turned round already.
        isTurned = reader.endsInAgo
        while reader.skip(" ") {
            if reader.skip(word: "ago") { return reader.isAtEnd }
            guard let number = amount(&reader) else { return false }
            if reader.isAtEnd { return number.whole == 0 && add(days: number) }
            guard reader.skip(" "), add(number, unit: unit(&reader)) else { return false }
        }
        return reader.isAtEnd
    }

    /// `iso_8601`: numbers with a letter each, those of the clock behind a `T`.
    mutating func readISO(_ reader: inout TextReader) -> Bool {
        var isClock = false
        while !reader.isAtEnd {
            if !isClock, reader.skip("T") { isClock = true }
            guard let number = amount(&reader), let letter = reader.byte() else { return false }
            let isAdded =
                switch (letter, isClock) {
                case (UInt8(ascii: "Y"), false): add(number, months: 12)
                case (UInt8(ascii: "M"), false): add(number, months: 1)
                case (UInt8(ascii: "D"), false): add(days: number)
                case (UInt8(ascii: "H"), true): add(number, microsecondsPer: 3_600_000_000)
                case (UInt8(ascii: "M"), true): add(number, microsecondsPer: 60_000_000)
                case (UInt8(ascii: "S"), true): add(number, microsecondsPer: 1_000_000)
                default: false
                }
            guard isAdded else { return false }
        }
        return true
    }
}

extension TextReader {
    /// Whether the last word is `ago`.
    fileprivate var endsInAgo: Bool {
        var ahead = self
        guard ahead.count >= 3 else { return false }
        _ = ahead.span(ahead.count - 3)
        return ahead.skip(word: "ago")
    }

    /// Whether a letter stands behind the next byte.
    var isUnitNext: Bool {
        var ahead = self
        _ = ahead.byte()
        return ahead.next.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") } ?? false
    }
}
