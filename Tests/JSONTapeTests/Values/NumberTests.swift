import JSONTape
import PostgresTestSupport
import Testing

@Suite struct NumberTests {
    private func integer<Value: FixedWidthInteger & JSONDecodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONTape.decode(type, from: text)
    }

    private func checkBounds<Value: FixedWidthInteger & JSONDecodable>(of type: Value.Type) {
        #expect(integer(type, "\(Value.max)") == .max)
        #expect(integer(type, "\(Value.min)") == .min)
        #expect(integer(type, "[\(Value.max)]") == nil)
        for beyond in ["\(Value.max)0", "-1\(Value.max)", "\(Value.max)e1", incremented("\(Value.max)")] {
            let error = error(of: { _ = try JSONTape.decode(type, from: beyond) })
            #expect(error?.code == .numberOutOfRange, "\(beyond) into \(type)")
        }
        for value in [0, 1, 9, 10, 99, 100, 127] as [Value] { #expect(integer(type, "\(value)") == value) }
    }

    private func incremented(_ digits: String) -> String {
        var digits = Array(digits.utf8)
        digits[digits.count - 1] += 1
        // No type's largest value ends in a nine.
        return String(decoding: digits, as: UTF8.self)
    }

    @Test func `every integer type takes what it can hold and nothing beyond`() {
        checkBounds(of: Int8.self)
        checkBounds(of: Int16.self)
        checkBounds(of: Int32.self)
        checkBounds(of: Int64.self)
        checkBounds(of: Int128.self)
        checkBounds(of: Int.self)
        checkBounds(of: UInt8.self)
        checkBounds(of: UInt16.self)
        checkBounds(of: UInt32.self)
        checkBounds(of: UInt64.self)
        checkBounds(of: UInt128.self)
        checkBounds(of: UInt.self)
    }

    @Test(
        arguments: [
            ("1.0", 1), ("1e3", 1000), ("1.5e1", 15), ("-0", 0), ("-0.0e5", 0), ("1000e-3", 1),
            ("0e999999999999999999999", 0),
            ("12.340e2", 1234), ("-100e-2", -1), ("0.0000001e7", 1), ("1.00000000000000000000000000", 1),
        ] as [(String, Int)])
    func `an integer in another form is one`(text: String, expected: Int) {
        #expect(integer(Int.self, text) == expected)
    }

    @Test(arguments: ["0.5", "1e-1", "1.5", "-2.25e1", "1e-99999999999999999999", "123456789.000000000000000001"])
    func `a fraction is no integer`(text: String) {
        #expect(error(of: { _ = try JSONTape.decode(Int.self, from: text) })?.code == .typeMismatch)
    }

    @Test(arguments: ["1e19", "1e400", "1e99999999999999999999", "9223372036854775808", "-9223372036854775809"])
    func `what an Int cannot hold is refused`(text: String) {
        #expect(error(of: { _ = try JSONTape.decode(Int.self, from: text) })?.code == .numberOutOfRange)
    }

    @Test func `an unsigned type takes no negative number`() {
        #expect(error(of: { _ = try JSONTape.decode(UInt.self, from: "-1") })?.code == .numberOutOfRange)
        #expect(integer(UInt8.self, "-0") == 0)
    }

    /// Places where rounding goes wrong if it is done twice, or too early.
    private static let hard = [
        "9007199254740993", "9007199254740992.5", "9007199254740993.0000000000000000000000000000000000001",
        "1.7976931348623157e308", "1.7976931348623158e308", "2.2250738585072011e-308", "2.2250738585072014e-308",
        "5e-324", "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400", "-0.0",
        "123456789012345678", "1234567890123456789", "12345678901234567890", "0.1", "0.2", "0.3", "1e22", "1e23",
        "8.5e22", "1e-22", "1e-23", "3.5844466002796428e298", "9007199254740991e22", "0.000000000000000000000000001",
        "100000000000000000000000000000000000000000000000000e-50", "1e308", "17.5", "-17.25e2", "6.02214076e23",
        "12624.62500000000000000000", "0.00000000000000000000", "1000000000000000000000000000.0", "100.00100000e2",
        "10000000000000000000000000001", "0.5000000000000000000000000000000000000000000000000000000000001",
        "1.00000005960464477539062500001",
    ]

    @Test(arguments: Self.hard)
    func `a Double is the nearest one`(text: String) throws {
        let decoded = try JSONTape.decode(Double.self, from: text)
        let expected = try #require(Double(text))
        #expect(decoded.bitPattern == expected.bitPattern)
        #expect(
            try JSONTape.decode(Double.self, from: "-\(text)".replacing("--", with: "")).magnitude == expected.magnitude
        )
    }

    @Test func `random numbers become the nearest Double and Float`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let text = Self.number(using: &generator)
            let expected = try #require(Double(text))
            let decoded = try? JSONTape.decode(Double.self, from: text)
            #expect(decoded == (expected.isFinite ? expected : nil), "\(text), seed \(seed)")
            let single = try #require(Float(text))
            let decodedSingle = try? JSONTape.decode(Float.self, from: text)
            #expect(decodedSingle == (single.isFinite ? single : nil), "\(text), seed \(seed)")
        }
    }

    private static func number(using generator: inout SeededGenerator) -> String {
        if Bool.random(using: &generator) {
            let value = Double(bitPattern: generator.next())
            if value.isFinite { return "\(value)".replacing("inf", with: "0") }
        }
        var text = Bool.random(using: &generator) ? "-" : ""
        text += "\(UInt64.random(in: 0...UInt64(1) << UInt64.random(in: 0..<64, using: &generator), using: &generator))"
        if Bool.random(using: &generator) {
            text +=
                "."
                + (0...Int.random(in: 0..<25, using: &generator)).map { _ in
                    "\(Int.random(in: 0...9, using: &generator))"
                }.joined()
            if Bool.random(using: &generator) { text += "0000000000" }
        }
        if Bool.random(using: &generator) { text += "e\(Int.random(in: -340...310, using: &generator))" }
        return text
    }

    @Test(arguments: ["1e309", "1.8e308", "-1e400", "1e99999999999999999999"])
    func `a number beyond the largest Double is refused`(text: String) {
        #expect(error(of: { _ = try JSONTape.decode(Double.self, from: text) })?.code == .numberOutOfRange)
        #expect(error(of: { _ = try JSONTape.decode(Float.self, from: text) })?.code == .numberOutOfRange)
    }

    @Test func `a Float is rounded once`() throws {
        // Halfway between two Floats but for a digit that a Double does not hold.
        let text = "1.00000005960464477539062500000000000001"
        #expect(try JSONTape.decode(Float.self, from: text) == 1.0000001)
        #expect(error(of: { _ = try JSONTape.decode(Float.self, from: "3.5e38") })?.code == .numberOutOfRange)
        #expect(try JSONTape.decode(Float.self, from: "16777217") == Float("16777217"))
    }

    @Test func `a number keeps its text`() throws {
        for text in ["1.10", "1e400", "-0", "0.30000000000000000000000000000004", "1E+2"] {
            #expect(try JSONValue(parsing: "[\(text)]")[0]?.description == text)
        }
    }

    @Test(arguments: ["\"1\"", "true", "null", "[1]", "{}"])
    func `what is no number is none`(text: String) {
        let code: JSONErrorCode = text == "null" ? .unexpectedNull : .typeMismatch
        #expect(error(of: { _ = try JSONTape.decode(Int.self, from: text) })?.code == code)
        #expect(error(of: { _ = try JSONTape.decode(Double.self, from: text) })?.code == code)
        #expect(error(of: { _ = try JSONTape.decode(Float.self, from: text) })?.code == code)
    }
}
