/// A day of the proleptic Gregorian calendar. The year 0 is 1 BC.
///
/// The calendar repeats itself every 400 years, which are 146,097 days; years are counted from March, so that the day
/// that is put in stands at the end.
struct CivilDay {
    let year: Int
    let month: Int
    let day: Int

    private static let cycleDays = 146_097
    private static let years = -10_000_000...10_000_000
    /// From 0000-03-01 to 2000-01-01.
    private static let offsetDays = 730_425

    /// Creates a day; nil where the calendar has none. Years beyond ten million have none here.
    init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month), day >= 1, day <= Self.days(of: month, in: year)
        else {
            return nil
        }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    init(daysSince2000 days: Int) {
        let shifted = days + Self.offsetDays
        let cycle = shifted >= 0 ? shifted / Self.cycleDays : (shifted - (Self.cycleDays - 1)) / Self.cycleDays
        let dayOfCycle = shifted - cycle * Self.cycleDays
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        // Five months have 153 days, over and over from March.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince2000: Int {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let cycle = (yearFromMarch >= 0 ? yearFromMarch : yearFromMarch - 399) / 400
        let yearOfCycle = yearFromMarch - cycle * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * Self.cycleDays + dayOfCycle - Self.offsetDays
    }
}

extension TextReader {
    /// Reads `infinity` as true and `-infinity` as false; nil where neither stands there.
    @_lifetime(self: copy self)
    mutating func infinity() -> Bool? {
        if skip(word: "infinity") { return true }
        return skip(word: "-infinity") ? false : nil
    }

    /// Reads a year of at least four digits, a month and a day with hyphens between them.
    @_lifetime(self: copy self)
    mutating func calendarDay() -> (year: Int, month: Int, day: Int)? {
        guard let year = digits(4...7), skip("-"), let month = digits(2...2), skip("-"), let day = digits(2...2) else {
            return nil
        }
        return (year, month, day)
    }
}

extension [UInt8] {
    /// Appends the year, without its era, the month and the day.
    mutating func append(_ day: CivilDay) {
        append(decimal: day.year > 0 ? day.year : 1 - day.year, width: 4)
        append(UInt8(ascii: "-"))
        append(decimal: day.month, width: 2)
        append(UInt8(ascii: "-"))
        append(decimal: day.day, width: 2)
    }

    /// Appends the word for an infinity.
    mutating func append(infinity isPositive: Bool) { self += (isPositive ? "infinity" : "-infinity").utf8 }
}
