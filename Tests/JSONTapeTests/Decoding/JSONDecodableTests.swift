import JSONTape
import Testing

@Suite struct JSONDecodableTests {
    struct Owner: JSONDecodable, Equatable {
        let id: Int, name: String

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
            name = try members.decode("name")
        }
    }

    struct Customer: JSONDecodable {
        let id: Int, name: String, tags: [String], owner: Owner, score: Double, isActive: Bool, note: String?
        let counts: [String: Int]?

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            id = try members.decode("id")
            name = try members.decode("name")
            tags = try members.decode("tags")
            owner = try members.decode("owner")
            score = try members.decode("score")
            isActive = try members.decode("is_active")
            note = try members.decode("note")
            counts = try members.decode("counts")
        }
    }

    private static let members = [
        #""id": 7"#, #""name": "Ada""#, #""tags": ["x", "y"]"#, #""owner": {"name": "Zo\u00eb", "id": 3}"#,
        #""score": 0.5"#,
        #""is_active": true"#, #""unknown": {"id": [1, {"name": 2}]}"#,
    ]

    @Test func `members are found in any order, and others are stepped over`() throws {
        for shift in Self.members.indices {
            let rotated = Self.members[shift...] + Self.members[..<shift]
            for order in [Array(rotated), rotated.reversed()] {
                let customer = try JSONTape.decode(Customer.self, from: "{\(order.joined(separator: ", "))}")
                #expect(customer.id == 7 && customer.name == "Ada" && customer.tags == ["x", "y"])
                #expect(customer.owner.name == "Zoë" && customer.owner.id == 3)
                #expect(customer.score == 0.5 && customer.isActive)
                #expect(customer.note == nil && customer.counts == nil)
            }
        }
    }

    @Test func `an optional is nil for null and for what is missing`() throws {
        let text = "{\(Self.members.joined(separator: ",")),\"note\":null,\"counts\":{\"a\":1}}"
        let customer = try JSONTape.decode(Customer.self, from: text)
        #expect(customer.note == nil)
        #expect(customer.counts == ["a": 1])
        #expect(try JSONTape.decode([Int?].self, from: "[1,null]") == [1, nil])
    }

    @Test func `a member that is missing is an error with its name`() {
        for missing in 0..<6 {
            var members = Self.members
            members.remove(at: missing)
            let problem = error(of: {
                _ = try JSONTape.decode([Customer].self, from: "[{\(members.joined(separator: ","))}]")
            })
            #expect(problem?.code == .valueMissing)
            #expect(problem?.byteOffset == 1)
            let name = Self.members[missing].split(separator: "\"")[0]
            #expect(problem?.path == [0, .key(String(name))])
        }
    }

    @Test func `a member of the wrong kind is an error with its place`() {
        let text = #"{"id": 7, "name": "Ada", "tags": ["x", 5]}"#
        let problem = error(of: { _ = try JSONTape.decode(Customer.self, from: text) })
        #expect(problem?.description == "number where a string is needed, at tags[1], byte 39")
        #expect(problem?.code == .typeMismatch)
        let null = error(of: { _ = try JSONTape.decode(Customer.self, from: #"{"id": null}"#) })
        #expect(null?.description == "null where an integer is needed, at id, byte 7")
        #expect(null?.code == .unexpectedNull)
    }

    @Test(arguments: ["[]", "1", "null", "\"x\""])
    func `what is no object has no members`(text: String) {
        #expect(error(of: { _ = try JSONTape.decode(Customer.self, from: text) })?.byteOffset == 0)
    }

    @Test func `names with escapes are found`() throws {
        let owner = try JSONTape.decode(Owner.self, from: #"{"\u0069d": 1, "n\u0061me": "x", "i\u0064x": 2}"#)
        #expect(owner.id == 1 && owner.name == "x")
    }

    @Test func `names of every length are told apart`() throws {
        struct Names: JSONDecodable {
            let values: [Int?]
            init(json: borrowing JSONView) throws(JSONError) {
                var members = try json.members()
                values = [
                    try members.decode(""), try members.decode("a"), try members.decode("ab"),
                    try members.decode("abc"),
                    try members.decode("abcd"), try members.decode("abcde"), try members.decode("abcdef"),
                    try members.decode("abcdefg"), try members.decode("abcdefgh"), try members.decode("abcdefghi"),
                    try members.decode("abcdefghijklmnopqrs"), try members.decode("é😀"),
                ]
            }
        }
        let names = [
            "", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnopqrs",
            "é😀",
        ]
        let members = names.enumerated().map { "\"\($1)\":\($0)" }
        #expect(try JSONTape.decode(Names.self, from: "{\(members.joined(separator: ","))}").values == Array(0..<12))
        // The same names with their last letter another.
        let others = names.dropFirst().enumerated().map { "\"\($1.dropLast())_\":\($0)" }
        #expect(
            try JSONTape.decode(Names.self, from: "{\(others.joined(separator: ","))}").values
                == Array(repeating: nil, count: 12))
    }

    @Test func `members can be walked through`() throws {
        var tape = JSONTape()
        let bytes = Array(#"{"a": 1, "b": [2], "a": 3}"#.utf8)
        var members = try tape.scan(unsafe bytes.span.bytes).members()
        var seen: [String] = []
        while let member = members.next() { seen.append("\(member.name)=\(member.value.owned())") }
        #expect(seen == ["b=[2]", "a=3"])
    }

    @Test func `elements can be walked through`() throws {
        var tape = JSONTape()
        let bytes = Array(#"[1, [2, 3], {"a": 4}]"#.utf8)
        var elements = try tape.scan(unsafe bytes.span.bytes).elements()
        var seen: [String] = []
        while let element = elements.next() { seen.append("\(element.owned())") }
        #expect(seen == ["1", "[2, 3]", #"{"a": 4}"#])
    }
}
