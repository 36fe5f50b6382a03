import ConfigText
import Testing

@Suite struct JSONTests {
    @Test func `values are text, as they are written`() throws {
        let document = #"{"a": [1, -0.5e+3, true, false, null, "x"], "b": {}, "c": [], "\u0064": ""}"#
        #expect(tree(document, .json) == #"{"a":["1","-0.5e+3","true","false","null","x"],"b":{},"c":[],"d":""}"#)
        let items = try ConfigDocument.read(document).root.mapping?["a"]?.sequence?.items
        #expect(items?.map { $0.scalar?.style } == [.plain, .plain, .plain, .plain, .plain, .quoted])
        for scalar in ["0", "-1", "1.5", "1E2", "true", "null"] {
            #expect(tree(" \(scalar)\r\n", .json) == "\"\(scalar)\"")
        }
    }

    @Test func `escapes`() {
        #expect(
            tree(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, .json)
                == #""\"\\/\u0008\u000c\u000a\u000d\u0009\u00e9\ud83d\ude00""#)
        #expect(tree("\"\u{7F}\u{2028}é😀\"", .json) == #""\u007f\u2028\u00e9\ud83d\ude00""#)
    }

    @Test func `positions`() {
        let document = "\u{FEFF}{\"é\": [\"😀\",\n  7, {\"x\": null}]}\n"
        #expect(reading(Array(document.utf8), .json).hasSuffix("\t1:2 1:8 2:3 2:7 2:12"))
    }

    @Test(arguments: [
        ("", "1:1 document ends where a value is needed"), ("{", "1:2 document ends within an object"),
        ("[", "1:2 document ends where a value is needed"), ("[1", "1:3 document ends within a collection"),
        ("[1,]", "1:3 comma after the last value"), ("{\"a\":1,}", "1:7 comma after the last value"),
        ("[,]", "1:2 no value where one is needed"),
        ("[1 2]", "1:4 no comma between two values"), ("{\"a\" 1}", "1:6 no colon after a key"),
        ("{a: 1}", "1:2 key without double quotes"),
        ("{'a': 1}", "1:2 key without double quotes"), ("['a']", "1:2 text in single quotes"),
        ("[a]", "1:2 text without quotation marks"),
        ("{\"a\":}", "1:6 no value where one is needed"), ("{1: 2}", "1:2 key without double quotes"),
        ("// a\n1", "1:1 JSON has no comments"),
        ("[1, # a\n2]", "1:5 JSON has no comments"), ("[1 /* a */]", "1:4 JSON has no comments"),
        ("1 2", "1:3 text after the end of the JSON document"),
        ("[] []", "1:4 text after the end of the JSON document"), ("01", "1:1 number with a leading zero"),
        ("-", "1:1 minus sign without a digit"),
        ("1.", "1:1 number without a digit after its point"), ("1e", "1:1 number without a digit in its exponent"),
        (".5", "1:1 text without quotation marks"),
        ("+1", "1:1 text without quotation marks"), ("1a", "1:1 text without quotation marks"),
        ("tru", "1:1 text without quotation marks"),
        ("nulls", "1:1 text without quotation marks"), ("NaN", "1:1 text without quotation marks"),
        ("\"a", "1:1 document ends within a string"),
        ("\"a\nb\"", "1:3 string with a line end or a tab"), ("\"a\tb\"", "1:3 string with a line end or a tab"),
        (#""\x41""#, "1:2 unknown escape in a string"),
        (#""\"#, "1:2 unknown escape in a string"), (#""\u12""#, "1:2 escape without four hexadecimal digits"),
        (#""\ud83d""#, "1:2 half of a surrogate pair in a string"),
        (#""\ude00""#, "1:2 half of a surrogate pair in a string"),
        (#""\ud83d\u0041""#, "1:2 half of a surrogate pair in a string"),
        (#""\ud83d\ud83d""#, "1:2 half of a surrogate pair in a string"),
        (#""\u0000""#, "1:2 string with the character U+0000"),
        (#"{"a":1,"b":{"c":1,"\u0063":2},"a":3}"#, "1:19 duplicate key \"c\"\n!1:31 duplicate key \"a\""),
        ("\"\u{1}\"", "1:2 document holds the control character U+0001"),
    ])
    func `what RFC 8259 does not allow is refused with its place`(document: String, refusal: String) {
        #expect(reading(Array(document.utf8), .json) == "!\(refusal)")
    }

    @Test func `the format is that of the file's name, or of the first character`() {
        #expect(ConfigFormat(fileName: "/etc/a.JSON") == .json)
        #expect(ConfigFormat(fileName: "a.yaml") == .yaml && ConfigFormat(fileName: "a.json.yml") == .yaml)
        #expect(ConfigFormat(fileName: "pgsluice") == .automatic)
        #expect(tree(" \n{\"a\": \"\\ud83d\\ude00\"}", .automatic) == #"{"a":"\ud83d\ude00"}"#)
        #expect(tree("a: {b: c}", .automatic) == #"{"a":{"b":"c"}}"#)
        #expect(tree("{a: b}", .automatic) == "!1:2 key without double quotes")
        #expect(tree("{a: b}", .yaml) == #"{"a":"b"}"#)
    }

    @Test func `a JSON document reads as the same tree in YAML`() {
        let documents = [#"{"a": [1, true, null, {"b": "c\n\u00e9"}], "d": {}}"#, "[\n  1,\n  [\"x\"]\n]", #""\/""#]
        for document in documents {
            #expect(reading(Array(document.utf8), .json) == reading(Array(document.utf8), .yaml))
        }
    }
}
