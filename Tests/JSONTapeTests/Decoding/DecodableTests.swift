import JSONTape
import Testing

@Suite struct DecodableTests {
    struct Owner: Decodable, Equatable { let id: Int, name: String?, createdAt: String? }
    struct Customer: Decodable, Equatable {
        enum Status: String, Decodable { case active, closed }
        let id: Int64, ratio: Double, small: Float, flags: [Bool], owner: Owner, others: [Owner],
            byName: [String: Owner]
        let status: Status, parent: [Customer]?
    }

    private static let text = """
        {"parent": null, "status": "active", "byName": {"x": {"id": 2}}, "others": [{"id": 3, "name": "c"}, {"id": 4}],
         "owner": {"name": "b", "id": 1, "extra": [1, [2]]}, "flags": [true, false], "small": 0.1, "ratio": 1e-7, "id": 12}
        """

    @Test func `any Decodable type is decoded`() throws {
        let customer = try JSONTape.decode(Customer.self, from: Self.text)
        #expect(
            customer.id == 12 && customer.ratio == 1e-7 && customer.small == 0.1 && customer.flags == [true, false])
        #expect(customer.owner == Owner(id: 1, name: "b", createdAt: nil))
        #expect(customer.others.map(\.id) == [3, 4])
        #expect(customer.byName["x"]?.id == 2)
        #expect(customer.status == .active && customer.parent == nil)
    }

    @Test(arguments: [
        (#""id": 12"#, #""id": "x""#, "string where an integer is needed, at id", #""x"}"#, JSONErrorCode.typeMismatch),
        (#""id": 12"#, #""no": 12"#, "there is no such member, at id", "{", .valueMissing),
        (
            #"{"id": 4}"#, #"{"id": 4.5}"#, "a number with a fraction where an integer is needed, at others[1].id",
            "4.5", .typeMismatch
        ),
        (#"{"id": 2}"#, #"{"id": [2]}"#, "array where an integer is needed, at byName.x.id", "[2]}", .typeMismatch),
        (#""active""#, #""hunter2""#, "the type refuses the value, at status", #""hunter2""#, .valueInvalid),
        ("true, false", "true, null", "null where a bool is needed, at flags[1]", "null]", .unexpectedNull),
        (
            #""owner": {"#, #""owner": null, "was": {"#, "null where an object is needed, at owner", "null, \"was",
            .unexpectedNull
        ),
    ])
    func `an error has path and offset`(
        part: String, replacement: String, message: String, place: String, code: JSONErrorCode
    ) throws {
        let text = Self.text.replacing(part, with: replacement)
        let problem = error(of: { _ = try JSONTape.decode(Customer.self, from: text) })
        let offset = try #require(text.firstRange(of: place)).lowerBound.utf16Offset(in: text)
        #expect(problem?.description == "\(message), byte \(offset)")
        #expect(problem?.code == code)
    }

    @Test func `names are converted from snake case`() throws {
        var options = JSONDecodingOptions()
        options.keys = .convertFromSnakeCase
        let text =
            #"{"owner_list": [{"id": 1, "created_at": "now"}], "_private_name_": 1, "by_some_name": {"a_b": 1}, "plain": 2}"#
        struct Holder: Decodable { let ownerList: [Owner], _privateName_: Int, bySomeName: [String: Int], plain: Int }
        let holder = try JSONTape.decode(Holder.self, from: text, options: options)
        #expect(holder.ownerList == [Owner(id: 1, name: nil, createdAt: "now")])
        #expect(holder._privateName_ == 1 && holder.plain == 2)
        #expect(holder.bySomeName == ["a_b": 1])
    }

    @Test func `names are converted by a function that is told the path`() throws {
        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        var options = JSONDecodingOptions()
        options.keys = .custom { path in Key(stringValue: (path.last?.stringValue ?? "").lowercased()) }
        #expect(try JSONTape.decode([Owner].self, from: #"[{"ID": 5, "Name": "x"}]"#, options: options)[0].name == "x")
    }

    @Test func `numbers that JSON cannot write come from strings, where that is allowed`() throws {
        let text = #"["inf", "-inf", "nan", 1.5]"#
        #expect(error(of: { _ = try JSONTape.decode([Double].self, from: text) })?.code == .typeMismatch)
        var options = JSONDecodingOptions()
        options.nonConformingFloats = .strings(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let doubles = try JSONTape.decode([Double].self, from: text, options: options)
        #expect(doubles[0] == .infinity && doubles[1] == -.infinity && doubles[2].isNaN && doubles[3] == 1.5)
        let floats = try JSONTape.decode([Float].self, from: text, options: options)
        #expect(floats[0] == .infinity && floats[3] == 1.5)
        let other = error(of: { _ = try JSONTape.decode([Double].self, from: #"["many"]"#, options: options) })
        #expect(other?.code == .typeMismatch)
    }

    private struct Instant: Decodable, Equatable { let seconds: Int }

    @Test func `a conversion is used wherever the type comes`() throws {
        struct Event: Decodable { let at: Instant, all: [Instant?], named: [String: Instant], last: Instant? }
        var options = JSONDecodingOptions()
        options.convert(Instant.self) { json in Instant(seconds: try json.decode(as: Int.self) * 2) }
        let text = #"{"at": 1, "all": [2, null], "named": {"x": 3}, "last": null}"#
        let event = try JSONTape.decode(Event.self, from: text, options: options)
        #expect(event.at.seconds == 2 && event.all == [Instant(seconds: 4), nil] && event.named["x"]?.seconds == 6)
        let problem = error(of: {
            _ = try JSONTape.decode(Event.self, from: text.replacing("3", with: "true"), options: options)
        })
        #expect(problem?.path == ["named", "x"])
    }

    @Test func `what a conversion or a type says is not passed on`() {
        struct Talkative: Error, CustomStringConvertible { let description = "hunter2" }
        var options = JSONDecodingOptions()
        options.convert(Instant.self) { json in throw Talkative() }
        let problem = error(of: { _ = try JSONTape.decode([Instant].self, from: "[0]", options: options) })
        #expect(problem?.description == "a conversion refuses the value, at [0], byte 1")
    }

    /// Decodable by Foundation's idea, and by its own.
    private struct Own: JSONScalarDecodable, Decodable, Equatable {
        let text: String
        init(_ text: String) { self.text = text }
        init(json: borrowing JSONView) throws(JSONError) { text = "own \(try String(json: json))" }
        init(from decoder: any Decoder) throws { text = "other" }
    }

    @Test func `a type with a form of its own keeps it, whatever the options say`() throws {
        struct Holder: Decodable { let a: Own, b: [Own], c: Own? }
        var options = JSONDecodingOptions()
        for keys in [JSONDecodingOptions.Keys.asWritten, .convertFromSnakeCase] {
            options.keys = keys
            let holder = try JSONTape.decode(Holder.self, from: #"{"a": "x", "b": ["y"], "c": null}"#, options: options)
            #expect(holder.a == Own("own x") && holder.b == [Own("own y")] && holder.c == nil)
        }
    }

    @Test func `large objects are decoded by name in any order`() throws {
        let names = (0..<500).map { "name \($0)" }
        let members = names.shuffled().map { "\"\($0)\": \($0.dropFirst(5))" }
        struct Many: Decodable {
            let sum: Int
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                sum = try container.allKeys.shuffled().reduce(0) { try $0 + container.decode(Int.self, forKey: $1) }
            }
            struct Key: CodingKey {
                let stringValue: String
                var intValue: Int? { nil }
                init(stringValue: String) { self.stringValue = stringValue }
                init?(intValue: Int) { nil }
            }
        }
        #expect(try JSONTape.decode(Many.self, from: "{\(members.joined(separator: ","))}").sum == 499 * 250)
        let back = try JSONTape.decode([String: Own].self, from: #"{"a": "x"}"#)
        #expect(back == ["a": Own("own x")])
    }

    @Test func `nested containers, super decoders and coding paths are there`() throws {
        class Base: Decodable { let id: Int }
        struct Shape: Decodable {
            enum Key: String, CodingKey { case list, object, base }
            enum Inner: String, CodingKey { case x }
            let sum: Int, paths: [String]
            init(from decoder: any Decoder) throws {
                let outer = try decoder.container(keyedBy: Key.self)
                var list = try outer.nestedUnkeyedContainer(forKey: .list)
                var sum = 0, paths: [String] = []
                #expect(list.count == 4)
                sum += try list.decode(Int.self)
                #expect(try list.decodeNil())
                var inner = try list.nestedUnkeyedContainer()
                sum += try inner.decode(Int.self)
                paths.append(inner.codingPath.map(\.stringValue).joined(separator: "."))
                let object = try list.nestedContainer(keyedBy: Inner.self)
                sum += try object.decode(Int.self, forKey: .x)
                paths.append(object.codingPath.map(\.stringValue).joined(separator: "."))
                #expect(list.isAtEnd && list.currentIndex == 4)
                let nested = try outer.nestedContainer(keyedBy: Inner.self, forKey: .object)
                #expect(nested.allKeys == [.x] && !nested.contains(.x) == false)
                sum += try Base(from: outer.superDecoder(forKey: .base)).id
                (self.sum, self.paths) = (sum, paths)
            }
        }
        let text = #"{"list": [1, null, [10], {"x": 100}], "object": {"x": 0, "y": 1}, "base": {"id": 1000}}"#
        let shape = try JSONTape.decode(Shape.self, from: text)
        #expect(shape.sum == 1111)
        #expect(shape.paths == ["list.2", "list.3"])
    }

    @Test func `an array that is read beyond its end is an error`() {
        struct Three: Decodable {
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                for _ in 0..<3 { _ = try list.decode(Int.self) }
            }
        }
        let problem = error(of: { _ = try JSONTape.decode(Three.self, from: "[1, 2]") })
        #expect(problem?.code == .valueMissing)
        #expect(problem?.path == [2])
    }

    @Test func `a decoder that outlives its document says so`() throws {
        final class Thief: Decodable {
            let decoder: any Decoder
            init(from decoder: any Decoder) { self.decoder = decoder }
        }
        let thief = try JSONTape.decode(Thief.self, from: #"{"a": [1]}"#)
        #expect(error(of: { _ = try Owner(from: thief.decoder) })?.code == .decoderOutlived)
        #expect(error(of: { _ = try [Int](from: thief.decoder) })?.code == .decoderOutlived)
        #expect(error(of: { _ = try thief.decoder.singleValueContainer().decode(Int.self) })?.code == .decoderOutlived)
        #expect(thief.decoder.codingPath.isEmpty)
    }

    @Test func `user information is handed on`() throws {
        let key = try #require(CodingUserInfoKey(rawValue: "factor"))
        struct Scaled: Decodable {
            let value: Int
            init(from decoder: any Decoder) throws {
                let factor = CodingUserInfoKey(rawValue: "factor").flatMap { decoder.userInfo[$0] as? Int } ?? 1
                value = try decoder.singleValueContainer().decode(Int.self) * factor
            }
        }
        var options = JSONDecodingOptions()
        options.userInfo[key] = 3
        #expect(try JSONTape.decode(Scaled.self, from: "5", options: options).value == 15)
    }
}
