import JSONTape
import Testing

@Suite struct JSONValueTests {
    private static let text =
        #"{"id": 7, "tags": ["a", "b", ["c"]], "owner": {"name": "Zo\u00eb", "e": null}, "ok": true}"#

    @Test func `values are found by key, index and path`() throws {
        let value = try JSONValue(parsing: Self.text)
        #expect(value["id"]?.int == 7)
        #expect(value["tags"]?[1]?.string == "b")
        #expect(value.at("tags", 2, 0)?.string == "c")
        #expect(value.at("owner", "name")?.string == "Zoë")
        #expect(value.at("owner", "e")?.isNull == true)
        #expect(value["ok"]?.bool == true)
        #expect(value.at()?.count == 4)
    }

    @Test func `what is not there is nil`() throws {
        let value = try JSONValue(parsing: Self.text)
        #expect(value["none"] == nil)
        #expect(value["Id"] == nil)
        #expect(value[0] == nil)
        #expect(value["tags"]?[3] == nil)
        #expect(value["tags"]?[-1] == nil)
        #expect(value["tags"]?["a"] == nil)
        #expect(value.at("owner", "name", "x") == nil)
        #expect(value["id"]?.string == nil)
        #expect(value["owner"]?.int == nil)
        #expect(value["ok"]?.double == nil)
    }

    @Test func `a value within is found from where it lies`() throws {
        var tape = JSONTape()
        let bytes = Array(Self.text.utf8)
        let view = try tape.scan(unsafe bytes.span.bytes)
        guard let name = view.at("owner", "name"), let last = view.at("tags", 2, 0) else {
            Issue.record("both are there")
            return
        }
        #expect(name.path == ["owner", "name"])
        #expect(last.path == ["tags", 2, 0])
        #expect(view.path == [])
        #expect(name.byteOffset == 55)
        #expect(name.bytes.byteCount == #""Zo\u00eb""#.utf8.count)
        #expect(name.owned().description == #""Zo\u00eb""#)
        #expect(try view.decode("owner", "name", as: String.self) == "Zoë")
        #expect(try view.decode("owner", "none", as: String?.self) == nil)
    }

    @Test func `a value that is decoded and not there is an error with its path`() throws {
        var tape = JSONTape()
        let bytes = Array(Self.text.utf8)
        let view = try tape.scan(unsafe bytes.span.bytes)
        do throws(JSONError) {
            _ = try view.decode("owner", "none", as: String.self)
            Issue.record("there is none")
        } catch {
            #expect(error.code == .valueMissing)
            #expect(error.path == ["owner", "none"])
        }
    }

    @Test func `members and elements come in the document's order`() throws {
        let value = try JSONValue(parsing: Self.text)
        #expect(value.members.map(\.name) == ["id", "tags", "owner", "ok"])
        #expect(value["tags"]?.elements.map(\.description) == [#""a""#, #""b""#, #"["c"]"#])
        #expect(value["id"]?.elements.count == 0)
        #expect(value["tags"]?.members.count == 0)
        #expect(value["tags"]?.count == 3)
        #expect(value["ok"]?.count == 0)
    }

    @Test func `an owned value outlives the document and the tape`() throws {
        func keepOwner(_ tape: inout JSONTape) throws -> JSONValue {
            let bytes = Array(Self.text.utf8)
            let view = try tape.scan(unsafe bytes.span.bytes)
            return view["owner"]?.owned() ?? view.owned()
        }
        var tape = JSONTape()
        let kept = try keepOwner(&tape)
        let other = Array("[1,2,3,4,5,6,7,8,9,10]".utf8)
        _ = try tape.scan(unsafe other.span.bytes)
        #expect(kept.description == #"{"name": "Zo\u00eb", "e": null}"#)
        #expect(kept["name"]?.string == "Zoë")
        #expect(kept["name"]?.detached().string == "Zoë")
    }

    @Test func `a value is printed as it is written`() throws {
        #expect(try JSONValue(parsing: " \(Self.text)\n").description == Self.text)
        for text in ["null", "-0.50e1", #""a\nb""#, "[1,\n 2]", "{}", #""é😀""#] {
            #expect("\(try JSONValue(parsing: text))" == text)
        }
    }

    @Test(arguments: [
        ("1", "1.0"), ("1", "10e-1"), ("100", "1e2"), ("0", "-0"), ("0", "0e5"), ("0.001", "1e-3"), ("1.50", "15e-1"),
        ("12345678901234567890123", "1234567890123456789012300e-2"), (#""a""#, #""\u0061""#), (#""é""#, #""\u00e9""#),
        ("[1, 2]", "[1,2]"), (#"{"a":1,"b":2}"#, #"{"b":2.0, "\u0061":1}"#), (#"{"a":[{}]}"#, #"{"a":[{ }]}"#),
        (#"{"a":1,"a":2}"#, #"{"a":2}"#), ("1e99999999999999999999999", "1e99999999999999999999999"),
        (#"{"b":1,"a":{"d":[],"c":null}}"#, #"{"a":{"c":null,"d":[]},"b":1}"#),
    ])
    func `equal values are equal and have one hash`(one: String, other: String) throws {
        let (one, other) = (try JSONValue(parsing: one), try JSONValue(parsing: other))
        #expect(one == other && other == one)
        #expect(one.hashValue == other.hashValue)
    }

    @Test(arguments: [
        ("1", "2"), ("1", "-1"), ("1", "10"), ("1", "1.000000000000000000000000000001"), ("1e2", "1e3"), ("1", #""1""#),
        ("0", "null"), ("0", "false"), ("true", "false"), (#""a""#, #""b""#), (#""a""#, #""ab""#),
        ("\"\u{e9}\"", "\"e\u{301}\""),
        ("[]", "{}"), ("[]", "[1]"), ("[1]", "[]"), ("[1,2]", "[2,1]"), ("[[1],2]", "[1,[2]]"),
        (#"{"a":1}"#, #"{"a":2}"#),
        (#"{"a":1}"#, #"{"b":1}"#), (#"{"a":1}"#, #"{"a":1,"b":1}"#), (#"{"a":1,"b":2}"#, #"{"b":1,"a":2}"#),
        ("1e99999999999999999999999", "1e99999999999999999999998"), ("12", "21"), ("1.5", "15"),
    ])
    func `different values differ`(one: String, other: String) throws {
        let (one, other) = (try JSONValue(parsing: one), try JSONValue(parsing: other))
        #expect(one != other && other != one)
    }

    @Test func `a value is a member of a Decodable and an Encodable`() throws {
        struct Event: Codable, Equatable {
            let id: Int, payload: JSONValue, rest: [JSONValue]?, named: [String: JSONValue]
        }
        let text = #"{"id":1,"payload":{"x":[1,{"y":1.10}]},"rest":[null,"é"],"named":{"k":true}}"#
        let event = try JSONTape.decode(Event.self, from: text)
        #expect(event.payload.at("x", 1, "y")?.description == "1.10")
        #expect(String(decoding: try JSONTape.encode(event), as: UTF8.self) == text)
        var options = JSONDecodingOptions()
        options.keys = .convertFromSnakeCase
        #expect(try JSONTape.decode(Event.self, from: text, options: options) == event)
    }

    @Test func `a tape reads a small document after a large one`() throws {
        var tape = JSONTape()
        let large = Array("[\(repeatElement("[]", count: 200_000).joined(separator: ","))]".utf8)
        #expect(try tape.scan(unsafe large.span.bytes).count == 200_000)
        for count in 1...100 {
            let small = Array("[\(repeatElement("1", count: count).joined(separator: ","))]".utf8)
            #expect(try tape.decode([Int].self, from: unsafe small.span.bytes).count == count)
        }
        let broken = Array("[1,2,".utf8)
        #expect(error(of: { _ = try tape.decode([Int].self, from: unsafe broken.span.bytes) })?.code == .syntax)
        let fine = Array("[3]".utf8)
        #expect(try tape.decode([Int].self, from: unsafe fine.span.bytes) == [3])
    }

    @Test func `the bytes in front of and behind a document are not read`() throws {
        let bytes = Array(#"9{"a":"xyz"}"9"#.utf8)
        var tape = JSONTape()
        let document = unsafe bytes.span.bytes.extracting(1..<bytes.count - 2)
        #expect(try tape.scan(document)["a"]?.owned().string == "xyz")
    }
}
