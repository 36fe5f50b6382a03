import FoundationEssentials
import JSONTape
import PostgresFoundation
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Foundation's types in JSON documents, as Foundation's own coders have them and beyond.
@Suite struct FoundationJSONTests {
    private struct Everything: Codable, Equatable {
        var date: Date
        var data: Data
        var decimal: Decimal
        var url: URL
        var uuid: UUID
        var dates: [Date?]
        var amounts: [String: Decimal]
    }

    private static let text = #"""
        {"date": "2026-01-31T12:30:00Z", "data": "AAEC/w==", "decimal": 12345678901234567890.123456789,
         "url": "https://db.example/a?b=c#d", "uuid": "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
         "dates": ["1969-12-31T23:59:59Z", null], "amounts": {"a": 0.1, "b": -1e3}}
        """#

    private func decode<Value: Decodable>(
        _ type: Value.Type, from text: String, options: JSONDecodingOptions
    ) throws -> Value {
        var tape = JSONTape()
        let bytes = Array(text.utf8)
        return try tape.decode(type, from: unsafe bytes.span.bytes, options: options)
    }

    private func failure<Value: Decodable>(
        _ type: Value.Type, _ text: String, dates: JSONDate = .iso8601
    ) -> JSONError? {
        var options = JSONDecodingOptions()
        options.convertFoundationTypes(dates: dates)
        do {
            _ = try decode([Value].self, from: text, options: options)
            return nil
        } catch {
            return error as? JSONError
        }
    }

    @Test func `a document decodes as by Foundation`() throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        var theirs = try decoder.decode(Everything.self, from: Data(Self.text.utf8))
        let ours = try decode(Everything.self, from: Self.text, options: .foundation)
        #expect(ours.decimal == Decimal(string: "12345678901234567890.123456789"))
        #expect(ours.amounts["a"] == Decimal(string: "0.1"))
        theirs.decimal = ours.decimal
        #expect(ours == theirs)
    }

    @Test func `what is written is read again, by Foundation too`() throws {
        let everything = try decode(Everything.self, from: Self.text, options: .foundation)
        let written = try JSONTape.encode(everything, options: .foundation)
        #expect(
            try decode(
                Everything.self, from: String(decoding: written, as: UTF8.self), options: .foundation) == everything)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        var theirs = try decoder.decode(Everything.self, from: Data(written))
        theirs.decimal = everything.decimal
        #expect(theirs == everything)
    }

    @Test(arguments: [
        ("2026-01-31T12:30:00.25Z", 791_555_400.25), ("2026-01-31T13:30:00.25+01:00", 791_555_400.25),
        ("2026-01-31t12:30:00.250000z", 791_555_400.25), ("2026-01-31T12:30:00-00", 791_555_400),
        ("2001-01-01T00:00:00+00:00", 0), ("1906-08-16T20:17:46Z", -2_978_307_734),
    ])
    func `dates have fractions and offsets`(text: String, seconds: Double) throws {
        let dates = try decode([Date].self, from: "[\"\(text)\"]", options: .foundation)
        #expect(dates == [Date(timeIntervalSinceReferenceDate: seconds)])
    }

    @Test(arguments: LiveServer.allCases)
    func `dates that the server writes are read`(_ live: LiveServer) async throws {
        let row = try await live.connect().query(
            "SELECT to_json(t)::text, t FROM (VALUES ('2026-07-01 12:00:00.123456+02'::timestamptz)) AS v(t)"
        ).only()
        let (text, date) = try row.decode((String, Date).self)
        #expect(try decode([Date].self, from: "[\(text)]", options: .foundation) == [date])
    }

    @Test func `dates may be numbers`() throws {
        for (form, text) in [(JSONDate.secondsSince1970, "1.5"), (.millisecondsSince1970, "1500.0")] {
            var options = JSONDecodingOptions()
            options.convertFoundationTypes(dates: form)
            #expect(
                try decode([Date].self, from: "[\(text)]", options: options)
                    == [Date(timeIntervalSince1970: 1.5)])
            var encoding = JSONEncodingOptions()
            encoding.convertFoundationTypes(dates: form)
            let written = try JSONTape.encode([Date(timeIntervalSince1970: 1.5)], options: encoding)
            #expect(String(decoding: written, as: UTF8.self) == "[\(text)]")
        }
    }

    @Test(arguments: [
        "2026-01-31", "2026-01-31T12:30:00", "2026-01-31 12:30:00Z", "2026-02-30T12:30:00Z", "T", "", "infinity",
        "2026-01-31T12:30:00Zz", "2026-01-31T25:30:00Z", "31.01.2026T12:30:00Z", "2026-01-31T12:30:00Z BC",
        "é26-01-31T12",
    ])
    func `what is no point in time is refused with its place`(text: String) {
        let problem = failure(Date.self, "[\"2026-01-31T12:30:00Z\", \"\(text)\"]")
        #expect(problem?.code == .valueInvalid && problem?.path == [1] && problem?.byteOffset == 25)
        #expect(problem?.message.contains("2026") == false)
    }

    @Test func `values of other kinds are refused with their place`() {
        #expect(failure(Date.self, "[0]")?.code == .typeMismatch)
        #expect(failure(Date.self, "[\"0\"]", dates: .secondsSince1970)?.code == .typeMismatch)
        #expect(failure(Data.self, "[\"A\"]")?.code == .valueInvalid)
        #expect(failure(Data.self, "[[1]]")?.code == .typeMismatch)
        #expect(failure(Decimal.self, "[\"1\"]")?.code == .typeMismatch)
        #expect(failure(Decimal.self, "[1e200]")?.code == .numberOutOfRange)
        #expect(failure(Decimal.self, "[1e2000000000]")?.code == .numberOutOfRange)
        #expect(failure(Decimal.self, "[\(String(repeating: "9", count: 39))]")?.code == .numberOutOfRange)
        #expect(failure(URL.self, "[\"\"]")?.code == .valueInvalid)
        #expect(failure(UUID.self, "[\"6BA7B810\"]")?.code == .valueInvalid)
        #expect(failure(UUID.self, "[null]")?.code == .unexpectedNull || failure(UUID.self, "[null]") != nil)
    }

    @Test func `what cannot be written is refused`() {
        for date in [Date.distantPast - 1e12, Date(timeIntervalSince1970: .infinity)] {
            #expect(throws: JSONError.self) { try JSONTape.encode([date], options: .foundation) }
        }
        #expect(throws: JSONError.self) { try JSONTape.encode([Decimal.nan], options: .foundation) }
    }
}
