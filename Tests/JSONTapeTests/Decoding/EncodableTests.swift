import Foundation
import JSONTape
import Testing

@Suite struct EncodableTests {
    private func text(_ value: some Encodable, _ options: JSONEncodingOptions = JSONEncodingOptions()) throws -> String
    {
        String(decoding: try JSONTape.encode(value, options: options), as: UTF8.self)
    }

    struct Inner: Codable, Equatable { var x: Double, y: [Int?] }
    struct Outer: Codable, Equatable {
        var id: Int64, name: String, maybe: String?, flag: Bool, inner: Inner, map: [String: [Inner]], big: UInt64,
            small: Float
    }

    @Test func `a value goes out and comes back`() throws {
        let inner = Inner(x: 0.1, y: [1, nil, -3])
        let value = Outer(
            id: .min, name: "a\"\\\n\t\r\u{0}\u{1F}é😀/", maybe: nil, flag: true, inner: inner,
            map: ["k": [inner], "": []],
            big: .max, small: 0.1)
        let bytes = try JSONTape.encode(value)
        var tape = JSONTape()
        #expect(try tape.decode(Outer.self, from: unsafe bytes.span.bytes) == value)
        #expect(try JSONDecoder().decode(Outer.self, from: Data(bytes)) == value)
        // Foundation writes the same document.
        let theirs = try JSONEncoder().encode(value)
        #expect(try JSONValue(parsing: String(decoding: theirs, as: UTF8.self)) == JSONValue(parsing: text(value)))
    }

    @Test func `texts are compact and escaped as little as needed`() throws {
        #expect(try text([1, 2]) == "[1,2]")
        #expect(try text(["a/b\u{7F}\u{2028}": "\u{8}\""]) == "{\"a/b\u{7F}\u{2028}\":\"\\u0008\\\"\"}")
        #expect(try text(5) == "5")
        #expect(try text(String?.none) == "null")
        #expect(try text([1.0, 1e300, -0.0, Double.leastNonzeroMagnitude]) == "[1.0,1e+300,-0.0,5e-324]")
        #expect(try text([Int128.max.description]) == "[\"\(Int128.max)\"]")
    }

    @Test func `names become snake case, but not those of dictionaries`() throws {
        struct Names: Encodable { let createdAt = 1, isURLValid = 2, plain = 3, aB = 4, map = ["aB": 5] }
        var options = JSONEncodingOptions()
        options.keys = .convertToSnakeCase
        #expect(
            try text(Names(), options)
                == #"{"created_at":1,"is_url_valid":2,"plain":3,"a_b":4,"map":{"aB":5}}"#)
    }

    @Test func `numbers that JSON cannot write are refused or strings`() throws {
        for number in [Double.infinity, -.infinity, .nan] {
            let problem = error(of: { _ = try JSONTape.encode(["a": [number]]) })
            #expect(problem?.code == .notEncodable)
            #expect(problem?.path == ["a", 0])
        }
        var options = JSONEncodingOptions()
        options.nonConformingFloats = .strings(positiveInfinity: "+", negativeInfinity: "-", nan: "?")
        #expect(try text([Double.infinity, -.infinity, .nan], options) == #"["+","-","?"]"#)
    }

    @Test func `a conversion writes every value of its type`() throws {
        var options = JSONEncodingOptions()
        options.convert(Date.self) { date, output in output.write(Int(date.timeIntervalSince1970)) }
        let dates = ["a": [Date(timeIntervalSince1970: 5)]]
        #expect(try text(dates, options) == #"{"a":[5]}"#)
        options.convert(Date.self) { _, _ in }
        #expect(error(of: { _ = try JSONTape.encode(dates, options: options) })?.code == .notEncodable)
    }

    @Test func `containers may be filled in turns`() throws {
        struct Turns: Encodable {
            enum Key: String, CodingKey { case a, b }
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Key.self)
                var a = outer.nestedUnkeyedContainer(forKey: .a)
                var b = outer.nestedContainer(keyedBy: Key.self, forKey: .b)
                try a.encode(1)
                try b.encode(2, forKey: .a)
                try a.encode(3)
                try b.encode(4, forKey: .b)
                try b.encode(5, forKey: .a)
                #expect(a.count == 2)
            }
        }
        #expect(try text(Turns()) == #"{"a":[1,3],"b":{"a":5,"b":4}}"#)
    }

    @Test func `a value that writes nothing is refused, but not within another`() throws {
        struct Nothing: Encodable { func encode(to encoder: any Encoder) {} }
        #expect(error(of: { _ = try JSONTape.encode(Nothing()) })?.code == .notEncodable)
        #expect(try text([Nothing()]) == "[{}]")
    }

    @Test func `an error of a value's own says nothing about it`() {
        struct Refusing: Encodable {
            struct Talkative: Error { let text = "hunter2" }
            func encode(to encoder: any Encoder) throws { throw Talkative() }
        }
        #expect(error(of: { _ = try JSONTape.encode(Refusing()) })?.description == "the value refuses to be encoded")
    }
}
