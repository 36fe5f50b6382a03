import ConfigText
import Testing

/// What is refused, where, and that the hint is a sentence.
@Suite struct YAMLRefusalTests {
    private func expect(_ cases: [(document: String, refusal: String)], _ location: SourceLocation = #_sourceLocation) {
        for (document, expected) in cases {
            #expect(reading(Array(document.utf8)) == "!\(expected)", "\(document)", sourceLocation: location)
            do throws(ConfigErrors) {
                _ = try ConfigDocument.read(document, format: .yaml)
            } catch {
                for error in error.all where error.hint != nil {
                    let hint = error.hint ?? ""
                    #expect(hint.hasSuffix(".") && hint.first?.isUppercase == true, "\(hint)", sourceLocation: location)
                    #expect(!error.message.contains("\n") && error.message.first?.isUppercase == false)
                }
            }
        }
    }

    @Test func `what other readers have and this one has not`() {
        expect([
            ("a: !!str b", "1:4 tag before a value"), ("!x a", "1:1 tag before a value"),
            ("- !x\n  a", "1:3 tag before a value"),
            ("[!x a]", "1:2 tag before a value"), ("a: !b\nc: d", "1:4 tag before a value"),
            ("? a\n: b", "1:1 question mark before a key"), ("a: b\n? c", "2:1 question mark before a key"),
            ("{? a: b}", "1:2 question mark before a key"), ("<<: *a", "1:1 merge key"),
            ("a: &x {}\n<<: *x", "2:1 merge key"),
            ("a: {<<: b}", "1:5 merge key"), ("a\n---\nb", "2:1 second document"),
            ("a\n...\n---\nb", "3:1 second document"),
            ("---\n---\n", "2:1 second document"), ("...\na", "1:1 end of a document that has not begun"),
            ("%TAG ! x\n---\n", "1:1 directive other than %YAML 1.2"),
            ("%YAML 1.1\n---\n", "1:1 directive other than %YAML 1.2"),
            ("%YAML 1.2\na", "2:1 directive without a document"), ("%YAML 1.2\n%YAML 1.2\n---", "2:1 second directive"),
            ("%YAML 1.2 a\n---", "1:11 text after a directive"), ("[a: b]", "1:3 pair without braces in brackets"),
            ("[{a: b}: c]", "1:8 pair without braces in brackets"),
            ("[\"a\":b]", "1:5 pair without braces in brackets"),
        ])
    }

    @Test func `keys that are there twice are all found`() {
        expect([
            ("a: b\na: c", "2:1 duplicate key \"a\""),
            ("a: b\n\"\\x61\": c\n'a': d", "2:1 duplicate key \"a\"\n!3:1 duplicate key \"a\""),
            ("a: {b: c, b: d}\ne: f\na: g", "1:11 duplicate key \"b\"\n!3:1 duplicate key \"a\""),
            ("- é x: b\n  é x: c", "2:3 duplicate key"),
            ("a: b\na: c\nd: [", "2:1 duplicate key \"a\"\n!3:4 document ends within a collection"),
            ("\u{E9}: a\ne\u{301}: b", "2:1 duplicate key"), (":x: a\n:x: b", "2:1 duplicate key"),
            ("? : a", "1:1 question mark before a key"),
            ((0..<10).map { "k\($0): a\n" }.joined() + "k3: b", "11:1 duplicate key \"k3\""),
        ])
    }

    @Test func `the hint of a key that is there twice says where the other one is`() {
        #expect(throws: ConfigErrors.self) {
            do throws(ConfigErrors) {
                _ = try ConfigDocument.read("a: 1\nb: 2\na: 3")
            } catch {
                #expect(error.description.hasSuffix("(Take one of them out: the other is at line 1, column 1.)"))
                throw error
            }
        }
    }

    @Test func `no more errors are told than anyone reads`() {
        let document = String(repeating: "a: b\n", count: 1000)
        #expect(reading(Array(document.utf8)).split(separator: "\n").count == ConfigErrors.countMax - 1)
        let broken = reading(Array("\(document)'".utf8)).split(separator: "\n")
        #expect(broken.count == ConfigErrors.countMax)
        #expect(broken.last == "!1001:1 document ends within quoted text")
    }

    @Test func `tabs stand in quoted text, in blocks and comments alone`() {
        expect([
            ("a:\n\tb: c", "2:1 tab where spaces are needed"), ("a:\tb", "1:3 tab where spaces are needed"),
            ("a: b\t", "1:5 tab where spaces are needed"), ("-\ta", "1:2 tab where spaces are needed"),
            ("[a,\tb]", "1:4 tab where spaces are needed"), ("a: 'b\n\tc'", "2:1 tab where spaces are needed"),
            ("a: |\n\tb", "2:1 tab where spaces are needed"), ("a: |\n  b\n\t\n", "3:1 tab where spaces are needed"),
            ("\ta", "1:1 tab where spaces are needed"), ("a: b\n\tc", "2:1 tab where spaces are needed"),
            ("a: \"b\"\t# c", "1:7 tab where spaces are needed"), ("a: b\tc", "1:5 tab where spaces are needed"),
            ("- [a\tb]", "1:5 tab where spaces are needed"),
        ])
        #expect(tree("a: 'b\tc' #\td\n") == #"{"a":"b\u0009c"}"#)
    }

    @Test func `indentation that belongs to nothing`() {
        expect([
            ("a:\n    b: c\n  d: e", "3:3 line is indented like none above that it could belong to"),
            (" a: b\nc: d", "2:1 text after the end of the document"),
            ("- a\n - b", "2:2 line goes on with the text above, and looks like an item"),
            ("a: b\n  c: d", "2:4 key on a line that goes on with the text above"),
            ("a:\n  b: c\n - d", "3:2 line is indented like none above that it could belong to"),
            ("- a\nb: c", "2:1 no dash before an item of a sequence"),
            ("  - a\n b", "2:2 text after the end of the document"),
            ("a: [b,\nc]", "2:1 line within a value is not indented"),
            ("a: [b\n]", "2:1 line within a value is not indented"),
            ("a: 'b\nc'", "2:1 line within a value is not indented"),
            ("[a\n---\n]", "2:1 marker of a document within a value"),
            ("\"a\n...\n\"", "2:1 marker of a document within a value"),
            ("a: b\n- c", "2:1 item of a sequence among the keys of a mapping"),
            ("a:\n- b\nc", "3:2 no colon after a key"),
            ("- a\n b: c", "2:3 key on a line that goes on with the text above"),
        ])
    }

    @Test func `what is not one value`() {
        expect([
            ("a: b: c", "1:5 second colon in a line"), ("--- a: b", "1:6 second colon in a line"),
            ("a: - b", "1:4 sequence on the line of its key"),
            ("--- - a", "1:5 sequence on the line of its key"), ("a: 'b' c", "1:8 text after a value"),
            ("a: [b] c", "1:8 text after a value"),
            ("a: 'b'# c", "1:7 comment without a space before it"), ("[a]: b", "1:4 colon after a value"),
            ("{a: b}: c", "1:7 colon after a value"),
            ("a: b\nc", "2:2 no colon after a key"), ("a: b\nc:d", "2:4 no colon after a key"),
            ("\"a\":b", "1:4 colon after a value"),
            ("a: b\n'c\n d': e", "2:1 key on more than one line"),
            ("a: b\n[c]: d", "2:1 key that is not plain or quoted text"),
            ("a: b\n*c : d", "2:1 key that is not plain or quoted text"), (": a", "1:1 colon without a key before it"),
            ("a: @b", "1:4 text begins with a character that YAML reserves"),
            ("a: `b", "1:4 text begins with a character that YAML reserves"),
            ("a: %b", "1:4 text begins with a character that YAML reserves"),
            ("a: , b", "1:4 text begins with a character that YAML reserves"),
            ("a: ]", "1:4 text begins with a character that YAML reserves"),
        ])
    }

    @Test func `brackets and braces`() {
        expect([
            ("[a", "1:1 document ends within a collection"), ("{a: b", "1:1 document ends within a collection"),
            ("[a}", "1:3 no comma between two values"),
            ("[a, , b]", "1:5 no value where one is needed"), ("[,]", "1:2 no value where one is needed"),
            ("{a}", "1:3 no colon after a key in braces"),
            ("{a, b: c}", "1:3 no colon after a key in braces"), ("{a:b}", "1:5 no colon after a key in braces"),
            ("{\"a\"\n: b}", "1:5 no colon after a key in braces"),
            ("{a: b: c}", "1:6 second colon in a pair"), ("[a:]", "1:3 colon without a space after it"),
            ("[${A}]", "1:3 no comma between two values"),
            ("{[a]: b}", "1:2 key that is not plain or quoted text"), ("[-]", "1:2 dash where no item can begin"),
            ("[- a]", "1:2 dash where no item can begin"),
            ("[:a]", "1:2 colon without a key before it"), ("[?a]", "1:2 question mark before a key"),
            ("['a' 'b']", "1:6 no comma between two values"),
        ])
    }

    @Test func `quotation marks, escapes and blocks`() {
        expect([
            ("a: 'b", "1:4 document ends within quoted text"), ("\"a\\", "1:1 document ends within quoted text"),
            (#""\q""#, "1:2 unknown escape in double quotes"),
            (#""a\'""#, "1:3 unknown escape in double quotes"), (#""\x4""#, "1:2 escape without 2 hexadecimal digits"),
            (#""\u00g0""#, "1:2 escape without 4 hexadecimal digits"),
            (#""\ud83d\ude00""#, "1:2 escape that names no character"),
            (#""\U00110000""#, "1:2 escape that names no character"),
            (#""\0""#, "1:2 text with the character U+0000"), (#""\x00""#, "1:2 text with the character U+0000"),
            ("a: | b", "1:6 text after the | or > of a block of text"),
            ("a: |0\n b", "1:5 text after the | or > of a block of text"),
            ("a: |-+\n b", "1:6 text after the | or > of a block of text"),
            ("--- |2\n  a", "1:5 block of text that is the whole document"),
            ("a: |\n   \n b", "3:2 first line of a block of text is indented less than an empty line before it"),
            ("[|\n a]", "1:2 block of text where none can stand"),
            ("a: |#b\n c", "1:5 text after the | or > of a block of text"),
        ])
    }

    @Test func `anchors and aliases that could mean two things, or none`() {
        expect([
            ("a: *x", "1:4 alias of an anchor that is not above it"),
            ("a: &x [*x]", "1:8 alias within the value of its own anchor"),
            ("&x a: b", "1:5 second colon in a line"), ("- &x a: b", "1:7 second colon in a line"),
            ("- &x\n- b", "2:1 anchor without a value"),
            ("- &x a\n- &x b", "2:3 second anchor of one name"), ("- &x &y a", "1:6 anchor where none can stand"),
            ("- &x a\n- &y *x", "2:6 alias with an anchor"),
            ("- & a", "1:4 anchor or alias without a proper name"),
            ("- &é a", "1:4 anchor or alias without a proper name"), ("- &x a\n- *x : b", "2:6 colon after a value"),
            ("- &x - a", "1:6 sequence on the line of its key"),
            ("- &x a\n- [*x: b]", "2:6 anchor or alias without a proper name"),
        ])
    }

    @Test func `bytes that are no text`() {
        let cases: [(bytes: [UInt8], refusal: String)] = [
            ([0x61, 0xFF], "1:2 document is not encoded in UTF-8"), ([0xC3], "1:1 document is not encoded in UTF-8"),
            ([0x0A, 0xC0, 0x80], "2:1 document is not encoded in UTF-8"),
            ([0xED, 0xA0, 0x80], "1:1 document is not encoded in UTF-8"),
            ([0xF4, 0x90, 0x80, 0x80], "1:1 document is not encoded in UTF-8"),
            ([0xFE, 0xFF, 0, 0x61], "1:1 document is not encoded in UTF-8"),
            ([0x61, 0], "1:2 document holds the character U+0000"),
            ([0x61, 0x1B], "1:2 document holds the control character U+001B"),
            ([0x7F], "1:1 document holds the character U+007F"),
            ([0x61, 0x0D, 0x62], "1:2 carriage return without a line feed"),
            ([0x61, 0xEF, 0xBB, 0xBF], "1:2 byte order mark within the document"),
            ([0xC2, 0x85], "1:1 U+0085 ends a line in some versions of YAML and not in others"),
            ([0xE2, 0x80, 0xA8], "1:1 U+2028 ends a line in some versions of YAML and not in others"),
            ([0xEF, 0xBF, 0xBF], "1:1 document holds the character U+FFFF"),
        ]
        for (bytes, refusal) in cases { #expect(reading(bytes) == "!\(refusal)") }
    }

    @Test func `keys have a limit of length`() {
        let key = String(repeating: "k", count: 1025)
        expect([
            ("\(key): a", "1:1 key is longer than 1024 bytes"),
            ("a: b\n\(key): c", "2:1 key is longer than 1024 bytes"),
            ("{\(key): a}", "1:2 key is longer than 1024 bytes"), ("a: &\(key) b", "1:5 key is longer than 1024 bytes"),
        ])
        #expect(tree("\(key.dropLast()): a") == "{\"\(key.dropLast())\":\"a\"}")
    }

    @Test func `no message holds a value`() {
        let secret = "hunter2secretvalue"
        let documents = [
            "a: \(secret): b", "a: [\(secret)", "a: '\(secret)", "a: \"\(secret)\\q\"", "a: @\(secret)",
            "a: \(secret)\n  b: c", "a: {\(secret)}",
            "a: !\(secret)", "a: |\(secret)", "a: &x \(secret)\nb: &x \(secret)",
        ]
        for document in documents {
            #expect(!"\(reading(Array(document.utf8)))".contains(secret))
            #expect(reading(Array(document.utf8)).hasPrefix("!"))
        }
    }
}
