import ConfigText
import Testing

/// What each construct of the subset stands for. Trees are written as JSON in which all scalars are strings.
@Suite struct YAMLTests {
    private func expect(_ cases: [(document: String, tree: String)], _ location: SourceLocation = #_sourceLocation) {
        for (document, expected) in cases {
            #expect(tree(document) == expected, "\(document)", sourceLocation: location)
            let lines = document.replacing("\n", with: "\r\n")
            #expect(tree(lines) == expected, "with carriage returns: \(document)", sourceLocation: location)
        }
    }

    @Test func `scalars have no types`() {
        let words = [
            "no", "off", "0777", "0o7", "1:30", "1e3", "null", "~", "true", "2026-12-01", "0x1F", ".inf", "1_000", "=",
            "${NAME:-default}", "a:b", "a#b", "http://host/?a=b&c", "-1", "?x", ":x", "a - b", "C:\\dir", "it's",
        ]
        for word in words { #expect(reading(Array("a: \(word)\n".utf8)).hasPrefix("{\"a\":")) }
        for word in words where !word.contains("\\") {
            #expect(tree("a: \(word)\n") == "{\"a\":\"\(word)\"}")
        }
    }

    @Test func `plain and quoted scalars are told apart`() throws {
        let root = try ConfigDocument.read("a: 1\nb: '1'\nc: \"\"\nd:\ne: |\n  x\n").root
        let mapping = try #require(root.mapping)
        #expect(mapping.entries.map { $0.value.scalar?.style } == [.plain, .quoted, .quoted, .plain, .quoted])
        #expect(mapping["d"]?.scalar?.text == "")
        #expect(mapping["x"] == nil)
    }

    @Test func `an empty document is an empty scalar`() {
        expect([("", "\"\""), ("\n \n# a\n", "\"\""), ("---\n", "\"\""), ("--- # a\n...\n", "\"\"")])
    }

    @Test func `block mappings and sequences`() {
        expect([
            ("a: b\nc: d\n", #"{"a":"b","c":"d"}"#), ("a:\n  b: c\n  d: e\nf: g", #"{"a":{"b":"c","d":"e"},"f":"g"}"#),
            ("- a\n- b\n", #"["a","b"]"#), ("-\n  a\n-\n- b", #"["a","","b"]"#),
            ("a:\n- b\n- c\nd: e\n", #"{"a":["b","c"],"d":"e"}"#), ("a:\n  - b\n  - c\n", #"{"a":["b","c"]}"#),
            ("- a: b\n  c: d\n- e: f\n", #"[{"a":"b","c":"d"},{"e":"f"}]"#),
            ("- - a\n  - b\n- c\n", #"[["a","b"],"c"]"#),
            ("- a:\n  - b\n  c: d", #"[{"a":["b"],"c":"d"}]"#), ("a :  b\n", #"{"a":"b"}"#),
            ("'a b': c\n\"d\\n\": e\nf g: h", #"{"a b":"c","d\u000a":"e","f g":"h"}"#),
            ("a:\n  b:\n    c:\nd:\n", #"{"a":{"b":{"c":""}},"d":""}"#), ("  a: b\n  c: d\n", #"{"a":"b","c":"d"}"#),
            ("a: # of a\n  # of b\n  b: c # d\n", #"{"a":{"b":"c"}}"#), ("'<<': a", #"{"<<":"a"}"#),
        ])
    }

    @Test func `flow mappings and sequences`() {
        expect([
            ("[a, b, ]", #"["a","b"]"#), ("{a: b, c: }", #"{"a":"b","c":""}"#), ("{}", "{}"), ("[[], {}]", "[[],{}]"),
            (#"{"a":1,'b':[c,d e]}"#, #"{"a":"1","b":["c","d e"]}"#),
            ("a: [b,\n  c, # d\n\n  e]\nf: g", #"{"a":["b","c","e"],"f":"g"}"#),
            ("[a:b, -1, a b\n c]", #"["a:b","-1","a b c"]"#), ("- {a: [b]}\n- c", #"[{"a":["b"]},"c"]"#),
            ("{a: {b: {c: d}}}", #"{"a":{"b":{"c":"d"}}}"#),
        ])
    }

    @Test func `plain scalars go on over lines that are indented`() {
        expect([
            ("a: b\n  c\n  d\ne: f", #"{"a":"b c d","e":"f"}"#),
            ("a:\n  b\n\n  c\n\n\n  d", #"{"a":"b\u000ac\u000a\u000ad"}"#),
            ("a\nb\n", #""a b""#), ("- a\n  b # c\n- d", #"["a b","d"]"#), ("a: b   \n   c   \n", #"{"a":"b c"}"#),
        ])
    }

    @Test func `single quotes`() {
        expect([
            ("'it''s'", #""it's""#), ("''", #""""#), ("''''", #""'""#), (#"'\n "'"#, #""\\n \"""#),
            ("' a  b '", #"" a  b ""#),
            ("a: 'b \n  c\n\n  d'", #"{"a":"b c\u000ad"}"#),
        ])
    }

    @Test func `double quotes with the escapes of YAML 1_2`() {
        expect([
            (#""\a\b\t\n\v\f\r\e\ \"\/\\""#, #""\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u001b \"/\\""#),
            (#""\N\_\L\P""#, #""\u0085\u00a0\u2028\u2029""#), (#""\x41\u00e9\U0001F600""#, #""A\u00e9\ud83d\ude00""#),
            ("\"a\\\tb\"", #""a\u0009b""#), ("\"a \n b\n\n c\"", #""a b\u000ac""#), ("\"a\\\n  b\"", #""ab""#),
            ("\"a \\\n  \\ b\"", #""a  b""#), ("\"a\\\n\n  b\"", #""a\u000ab""#), ("\"a\\t \n b\"", #""a\u0009 b""#),
        ])
    }

    @Test func `literal blocks`() {
        expect([
            ("a: |\n  b\n   c\n\n  d\n\n", #"{"a":"b\u000a c\u000a\u000ad\u000a"}"#), ("a: |-\n  b\n\n", #"{"a":"b"}"#),
            ("a: |+\n  b\n\nc: d", #"{"a":"b\u000a\u000a","c":"d"}"#),
            ("a: |2\n   b\n  c\n", #"{"a":" b\u000ac\u000a"}"#),
            ("a: |1-\n  b\n", #"{"a":" b"}"#), ("a: |-1 # c\n b", #"{"a":"b"}"#), ("a: |\n  b", #"{"a":"b"}"#),
            ("a: |\nb: c", #"{"a":"","b":"c"}"#), ("a: |+\n\n\nb: c", #"{"a":"\u000a\u000a","b":"c"}"#),
            ("- |\n a\n- b", #"["a\u000a","b"]"#), ("a: |\n  # b\n  c: d\n# e\n", ##"{"a":"# b\u000ac: d\u000a"}"##),
            ("a: |\n\n  b\n", #"{"a":"\u000ab\u000a"}"#),
            ("a: |\n  b\n    \n  c\n", #"{"a":"b\u000a  \u000ac\u000a"}"#),
            ("a:\n- |2\n    b\n", #"{"a":["  b\u000a"]}"#), ("a: |1\n \tb\n", #"{"a":"\u0009b\u000a"}"#),
        ])
    }

    @Test func `folded blocks`() {
        expect([
            ("a: >\n  b\n  c\n\n  d\n", #"{"a":"b c\u000ad\u000a"}"#),
            ("a: >\n  b\n    c\n  d\n", #"{"a":"b\u000a  c\u000ad\u000a"}"#),
            ("a: >-\n  b\n\n\n  c\n\n", #"{"a":"b\u000a\u000ac"}"#), ("a: >+\n  b\n\n", #"{"a":"b\u000a\u000a"}"#),
            ("a: >\n\n  b\n  c\n", #"{"a":"\u000ab c\u000a"}"#), ("a: >2\n    b\n  c\n", #"{"a":"  b\u000ac\u000a"}"#),
        ])
    }

    @Test func `anchors and aliases`() throws {
        expect([
            ("a: &x b\nc: *x", #"{"a":"b","c":"b"}"#), ("- &x [a]\n- *x\n- {b: *x }", #"[["a"],["a"],{"b":["a"]}]"#),
            ("a: &x\n  b: c\nd: *x # e\n", #"{"a":{"b":"c"},"d":{"b":"c"}}"#),
            ("a: &x\n- b\nc: *x", #"{"a":["b"],"c":["b"]}"#),
            ("- &x |\n a\n- *x", #"["a\u000a","a\u000a"]"#), ("[&x a, *x]", #"["a","a"]"#),
            ("- &x\n  a\n- *x", #"["a","a"]"#), ("- &x {y: &z b}\n- *z\n- *x", #"[{"y":"b"},"b",{"y":"b"}]"#),
        ])
        let root = try ConfigDocument.read("- &x b\n- *x\n").root
        #expect(root.sequence?.items.map(\.position.description) == ["line 1, column 6", "line 1, column 6"])
    }

    @Test func `the beginning and the end of a document`() {
        expect([
            ("---\na: b\n...\n# c\n", #"{"a":"b"}"#), ("%YAML 1.2 # a\n# b\n---\nc", #""c""#),
            ("# a\n--- b\n", #""b""#),
            ("--- [a]\n...", #"["a"]"#), ("\u{FEFF}a: b", #"{"a":"b"}"#), ("a: ---\nb: ...", #"{"a":"---","b":"..."}"#),
            ("---a: b", #"{"---a":"b"}"#),
        ])
    }

    @Test func `positions are lines and columns in scalars`() {
        let document = "é: 😀x\n\"ß\": [日, {本: a}]\nb:\n  - c\n  - |\n    d\n"
        #expect(reading(Array(document.utf8)).hasSuffix("\t1:1 1:4 2:1 2:7 2:11 2:14 3:1 4:5 5:5"))
        #expect(reading([0xEF, 0xBB, 0xBF] + Array(document.utf8)) == reading(Array(document.utf8)))
    }

    @Test func `collections begin at their first dash, key, or bracket`() throws {
        let root = try ConfigDocument.read("\n  a:\n    - b\n  c: [d]\n  e:\n    f: g\n").root
        let mapping = try #require(root.mapping)
        #expect(root.position == ConfigPosition(line: 2, column: 3))
        #expect(mapping["a"]?.position == ConfigPosition(line: 3, column: 5))
        #expect(mapping["c"]?.position == ConfigPosition(line: 4, column: 6))
        #expect(mapping["e"]?.position == ConfigPosition(line: 6, column: 5))
        #expect(mapping.entry(named: "e")?.key.position == ConfigPosition(line: 5, column: 3))
    }

    @Test func `a value that is not there stands after its colon or dash`() throws {
        let root = try ConfigDocument.read("a:\nb: {c: }\nd:\n-\n").root
        let mapping = try #require(root.mapping)
        #expect(mapping["a"]?.position == ConfigPosition(line: 1, column: 3))
        #expect(mapping["b"]?.mapping?["c"]?.position == ConfigPosition(line: 2, column: 7))
        #expect(mapping["d"]?.sequence?.items.first?.position == ConfigPosition(line: 4, column: 2))
    }

    @Test func `mappings of any size are searched by name`() throws {
        for count in [1, 8, 9, 10, 500] {
            let document = (0..<count).map { "k\($0): v\($0)\n" }.joined()
            let mapping = try #require(try ConfigDocument.read(document).root.mapping)
            #expect((0..<count).allSatisfy { mapping["k\($0)"]?.scalar?.text == "v\($0)" } && mapping["k"] == nil)
            #expect(mapping.entries.map(\.key.text) == (0..<count).map { "k\($0)" })
        }
    }

    @Test func `a document that is printed does not show its values`() throws {
        let document = try ConfigDocument.read("a: {b: [hunter2]}\nc: &x hunter2\nd: *x\n")
        var dumped = ""
        dump(document, to: &dumped)
        let texts = ["\(document)", String(reflecting: document), "\(document.root)", dumped]
        #expect(texts.allSatisfy { !$0.contains("hunter2") && $0.contains("line 1, column") }, "\(texts)")
    }
}
