import Foundation
import PostgresStreaming
import Testing

/// What the types of values offer beside their codecs.
@Suite struct ValueAPITests {
    @Test func `numeric adds and subtracts exactly`() throws {
        func sum(_ left: String, _ right: String) throws -> String {
            try (#require(PostgresNumeric(left)) + #require(PostgresNumeric(right))).description
        }
        #expect(try sum("0.1", "0.2") == "0.3")
        #expect(try sum("1.50", "-1.5") == "0.00")
        #expect(try sum("9999", "1") == "10000")
        #expect(try sum("-0.0001", "10000") == "9999.9999")
        #expect(try sum("1e20", "1e-20") == "100000000000000000000.00000000000000000001")
        #expect(try sum("-5", "3") == "-2")
        #expect(try sum("Infinity", "-Infinity") == "NaN")
        #expect(try sum("Infinity", "5") == "Infinity")
        #expect(try sum("NaN", "5") == "NaN")
        #expect((PostgresNumeric(5) - 7).description == "-2")
        #expect(PostgresNumeric.zero + 0 == 0)
    }

    @Test func `sums of numbers are those of integers`() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
        var state = seed
        for _ in 0..<500 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let left = Int64(bitPattern: state) >> Int64(state % 50 + 2)
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let right = Int64(bitPattern: state) >> Int64(state % 50 + 2)
            let sum = PostgresNumeric(left) + PostgresNumeric(right)
            #expect(Int64(exactly: sum) == left + right, "seed \(seed)")
            #expect((PostgresNumeric(left) < PostgresNumeric(right)) == (left < right), "seed \(seed)")
            #expect(PostgresNumeric("\(left)") == PostgresNumeric(left), "seed \(seed)")
        }
    }

    @Test func `numeric becomes an integer where it is one`() {
        #expect(PostgresNumeric("12.00").flatMap(Int.init(exactly:)) == 12)
        #expect(PostgresNumeric("12.01").flatMap(Int.init(exactly:)) == nil)
        #expect(PostgresNumeric("-9223372036854775808").flatMap(Int64.init(exactly:)) == .min)
        #expect(PostgresNumeric("9223372036854775808").flatMap(Int64.init(exactly:)) == nil)
        #expect(PostgresNumeric("255").flatMap(UInt8.init(exactly:)) == 255)
        #expect(PostgresNumeric("-1").flatMap(UInt8.init(exactly:)) == nil)
        #expect(Int(exactly: PostgresNumeric.nan) == nil)
        #expect(Double(PostgresNumeric(-7)) == -7 && Double(PostgresNumeric.infinity) == .infinity)
    }

    @Test func `numbers that are equal hash alike whatever their scale`() throws {
        let first = try #require(PostgresNumeric("1.0"))
        let second = try #require(PostgresNumeric("1.000"))
        #expect(first == second && first.hashValue == second.hashValue && first.scale != second.scale)
        #expect(PostgresNumeric.nan == .nan && PostgresNumeric.nan > .infinity)
    }

    @Test func `values are written to JSON as their text and read from it`() throws {
        func check<Value: Codable & Equatable>(_ value: Value?) throws {
            let value = try #require(value)
            let data = try JSONEncoder().encode([value])
            #expect(try JSONDecoder().decode([Value].self, from: data) == [value])
        }
        try check(PostgresNumeric("-1.50"))
        try check(PostgresDate("0044-03-15 BC"))
        try check(PostgresTimestampTZ.infinity)
        try check(PostgresInterval("1 mon -1 day"))
        try check(PostgresUUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"))
        try check(PostgresInet("10.0.0.1/8"))
        try check(PostgresBox("(1,1),(0,0)"))
        try check(PostgresTSQuery("'a' & 'b'"))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PostgresDate].self, from: Data("[\"2024-02-30\"]".utf8))
        }
    }

    @Test func `the calendar has the days it has`() {
        #expect(
            PostgresDate(year: 2023, month: 2, day: 29) == nil && PostgresDate(year: 1900, month: 2, day: 29) == nil)
        #expect(PostgresDate(year: 2000, month: 2, day: 29)?.daysSince2000 == 59)
        #expect(PostgresDate(year: 0, month: 2, day: 29)?.description == "0001-02-29 BC")
        #expect(PostgresDate(year: 5_874_898, month: 1, day: 1) == nil && PostgresDate(daysSince2000: .max - 1) == nil)
        #expect(
            PostgresDate(year: Int.max, month: 1, day: 1) == nil && PostgresDate(year: Int.min, month: 1, day: 1) == nil
        )
        for days in stride(from: Int32(-2_451_545), through: 4_000_000, by: 1009) {
            let date = PostgresDate(daysSince2000: days)
            let parts = date?.components
            #expect(parts.flatMap { PostgresDate(year: $0.year, month: $0.month, day: $0.day) } == date)
        }
        #expect(PostgresDate.infinity.components == nil && PostgresDate.infinity.adding(days: 1) == .infinity)
        #expect(PostgresDate(daysSince2000: 0)?.adding(days: Int.max) == nil)
    }

    @Test func `points in time go to the epoch of Unix and back`() {
        #expect(PostgresTimestampTZ(microsecondsSince1970: 0)?.description == "1970-01-01 00:00:00+00")
        #expect(
            PostgresTimestampTZ(microsecondsSince1970: .min + 1) == nil
                && PostgresTimestampTZ(microsecondsSince1970: .min) == nil)
        #expect(PostgresTimestampTZ("2000-01-01 00:00:00+00")?.microsecondsSince1970 == 946_684_800_000_000)
        #expect(PostgresTimestampTZ.infinity.microsecondsSince1970 == nil)
        #expect(PostgresTimestamp(.infinity, PostgresTime(hour: 1, minute: 0)!) == .infinity)
    }

    @Test func `ranges know what belongs to them`() {
        let range = PostgresRange(1..<5)
        #expect(range.contains(1) && range.contains(4) && !range.contains(5) && !range.contains(0))
        #expect(PostgresRange(1...5).contains(5) && !PostgresRange<Int>.empty.contains(0))
        #expect(PostgresRange(lower: .exclusive(1), upper: .unbounded).contains(2))
        #expect(!PostgresRange(lower: .exclusive(1), upper: .unbounded).contains(1))
        #expect(PostgresRange(3..<3) == .empty)
        #expect(PostgresMultirange([PostgresRange(1..<2), PostgresRange(5..<6)]).contains(5))
        #expect(PostgresRange<Int>("[1,5)") == range && PostgresRange<Int>("[1,x)") == nil && "\(range)" == "[1,5)")
    }

    @Test func `an array's elements are found by its own indices`() throws {
        let array = try #require(
            PostgresArray([1, 2, 3, 4], dimensions: [.init(count: 2, lowerBound: -1), .init(count: 2)]))
        #expect(array[-1, 1] == 1 && array[0, 2] == 4 && array[1, 1] == nil && array[0] == nil)
        #expect(array[Int.min, Int.max] == nil)
        #expect(PostgresArray([1, 2, 3], dimensions: [.init(count: 2)]) == nil)
        #expect(PostgresArray([1], dimensions: [.init(count: 1, lowerBound: Int.max)]) == nil)
        #expect(PostgresArray([1], dimensions: [.init(count: -1)]) == nil)
        #expect(array.description == "[-1:0][1:2]={{1,2},{3,4}}")
    }

    @Test(arguments: [
        "", "-", "+", ".", "e5", "1e", "1e+", "--1", "1.2.3", "0x10", "1_000", "nan", "inf", " 1", "1 ", "1,5", "１",
    ])
    func `what is no numeric is refused`(text: String) { #expect(PostgresNumeric(text) == nil) }

    @Test(arguments: [
        "", "1", "x", "1 y", "1 day 2", "day", "1.5 days", "1:2", "1:60:00", "99999999999 years", "P", "PT", "P1X",
        "PT1Y", "@", "@ 1",
        "1 day  2 hours", "3000000000 days", "P1.5Y",
    ])
    func `what is no interval is refused`(text: String) { #expect(PostgresInterval(text) == nil, "\(text)") }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "1.2.3.4/33", "1.2.3.4/", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "::12345",
        "::1/129", "1:2:3:4:5:6:7:1.2.3.4", "::g", "1:", ":1", "1:2:3:4:5:6:7:8::",
    ])
    func `what is no address is refused`(text: String) { #expect(PostgresInet(text) == nil, "\(text)") }

    @Test(arguments: [
        "2024-2-1", "24-01-01", "2024-13-01", "2024-01-32", "0000-01-01", "2024-01-01 AD", "01/02/2024", "",
        "99999999-01-01",
    ])
    func `what is no date is refused`(text: String) { #expect(PostgresDate(text) == nil, "\(text)") }
}
