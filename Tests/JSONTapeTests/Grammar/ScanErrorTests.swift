import JSONTape
import Testing

@Suite struct ScanErrorTests {
    @Test(arguments: [
        ("", "the document ends where a value is needed, byte 0"),
        ("[1,", "the document ends where a value is needed, at [1], byte 3"),
        ("[1", "the document ends within an array or object, at [1], byte 2"),
        (#"{"a":{"b":[1,{"c":x}]}}"#, "a value is needed, at a.b[1].c, byte 18"),
        (#"{"a" 1}"#, "a colon is needed behind a member's name, at a, byte 5"),
        (#"{"a":1 "b":2}"#, "a comma or the object's end is needed, at a, byte 7"),
        ("[1 2]", "a comma or the array's end is needed, at [1], byte 3"),
        ("{1:2}", "a member's name is needed, byte 1"),
        ("[01]", "a number begins with a zero that is not needed, at [0], byte 1"),
        ("[1.]", "a digit is needed behind the point, at [0], byte 3"),
        ("[1e+]", "a digit is needed in the exponent, at [0], byte 4"), ("[-]", "a digit is needed, at [0], byte 2"),
        (#"["\q"]"#, "a backslash is followed by no escape, at [0], byte 2"),
        (#"["\u12x4"]"#, "four hexadecimal digits are needed, at [0], byte 2"),
        (#"["\udc00"]"#, "half of a surrogate pair stands alone, at [0], byte 2"),
        ("[\"\n\"]", "a control character in a string is not escaped, at [0], byte 2"),
        ("[] []", "something follows the document's value, byte 3"),
        (#"{"x":["abc"#, "the document ends within a string, at x[0], byte 10"),
    ])
    func `an error says where and what`(document: String, message: String) {
        let error = error(of: Array(document.utf8))
        #expect(error?.description == message)
        #expect(error?.code == .syntax)
    }

    @Test func `an error names the way into containers that were closed before`() {
        let error = error(of: Array(#"[[1,[2]],{"a":[],"b":[{},[],[0,x]]}]"#.utf8))
        #expect(error?.path == [1, "b", 2, 1])
    }

    @Test func `no error holds a value`() {
        for document in [#"["hunter2" x"#, #"{"a":"hunter2"x"#, #"{"a":hunter2}"#, #"["hunter2\q"]"#] {
            #expect(error(of: Array(document.utf8)).map { "\($0)" }?.contains("hunter2") == false)
        }
    }

    @Test func `names in a path are kept to one short line`() throws {
        let name = "a\nb\u{202E}" + String(repeating: "x", count: 100)
        let document = try JSONTape.encode([name: ["text"]])
        var tape = JSONTape()
        let problem = try #require(
            error(of: { _ = try tape.decode([String: [Int]].self, from: unsafe document.span.bytes) }))
        #expect(problem.description.hasPrefix("string where an integer is needed, at a\u{FFFD}b\u{FFFD}xxx"))
        #expect(problem.description.hasSuffix("xxx…[0], byte 112"))
        #expect(problem.path == [.key(name), 0])
    }
}
