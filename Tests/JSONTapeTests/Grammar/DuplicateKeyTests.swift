import JSONTape
import Testing

@Suite struct DuplicateKeyTests {
    private static func value(_ text: String, _ rule: JSONDuplicateKeys) throws -> JSONValue {
        var limits = JSONLimits()
        limits.duplicateKeys = rule
        return try JSONValue(parsing: text, limits: limits)
    }

    /// Few members are compared with each other, many by their hashes.
    private static let documents = [
        #"{"a":1,"b":0,"a":2,"a":3}"#,
        "{\"a\":1,\(((0..<50).map { "\"k\($0)\":\($0)" }).joined(separator: ",")),\"a\":2,\"\\u0061\":3}",
    ]

    @Test(arguments: Self.documents)
    func `the last one counts unless told otherwise`(document: String) throws {
        let value = try JSONValue(parsing: document)
        #expect(value["a"]?.int == 3)
        #expect(value.members.filter { $0.name == "a" }.map(\.value.int) == [3])
        #expect(value.count == value.members.count)
        #expect(try value.decode([String: Int].self)["a"] == 3)
        #expect(try value == Self.value("\(document.dropLast()),\"a\":3}", .keepLast))
    }

    @Test(arguments: Self.documents)
    func `the first one can be told to count`(document: String) throws {
        let value = try Self.value(document, .keepFirst)
        #expect(value["a"]?.int == 1)
        #expect(value.members.filter { $0.name == "a" }.map(\.value.int) == [1])
    }

    @Test(arguments: Self.documents)
    func `they can be refused`(document: String) throws {
        let error = error(of: { _ = try Self.value("[0,\(document)]", .reject) })
        #expect(error?.code == .duplicateKey)
        #expect(error?.byteOffset.map { $0 > 10 } == true)
        #expect(error?.path.first == 1)
    }

    @Test func `names that are alike but not the same are kept`() throws {
        let document = #"{"a":1,"A":2,"aa":3,"é":4,"e\u0301":5,"":6," ":7,"ab":8,"ba":9,"abcdefgh1":10,"abcdefgh2":11}"#
        let value = try Self.value(document, .reject)
        #expect(value.members.map(\.value.int) == Array(1...11))
        #expect(value["e\u{301}"]?.int == 5)
        #expect(value["\u{e9}"]?.int == 4)
    }

    @Test func `members within a hidden value are no members of the object`() throws {
        let value = try JSONValue(parsing: #"{"a":{"x":1,"b":2},"b":[3],"a":{"y":4}}"#)
        #expect(value.at("a", "y")?.int == 4)
        #expect(value.at("a", "x") == nil)
        #expect(value.at("b", 0)?.int == 3)
    }
}
