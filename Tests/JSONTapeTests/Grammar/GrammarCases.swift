/// Documents that RFC 8259 accepts, refuses, or leaves to us; written from the grammar, section by section.
enum GrammarCases {
    /// Documents that every parser accepts.
    static let accepted: [[UInt8]] =
        literals + numbers + strings + escapes + containers + whitespace

    /// Documents that no strict parser accepts.
    static let refused: [[UInt8]] =
        wrongLiterals + wrongNumbers + wrongStrings + wrongContainers + wrongWhitespace + wrongUTF8 + cutOff

    private static func texts(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }
    private static func quoted(_ bodies: [UInt8]...) -> [[UInt8]] { bodies.map { [0x22] + $0 + [0x22] } }

    private static let literals = texts("null", "true", "false", "[null]", "[true,false]", #"{"a":null}"#)

    private static let numbers =
        texts(
            "0", "-0", "1", "-1", "9", "10", "123", "-123", "1234567890", "12345678901234567890", "0.0", "-0.0", "0.5",
            "-0.5", "1.0", "1.5", "10.25", "3.141592653589793238462643383279", "0.00000000000000000001", "1e0", "1E0",
            "1e1", "1e+1", "1e-1", "1E+10", "1E-10", "0e0", "0e10", "-0e-1", "0.0e0", "1.5e3", "-1.5E-3", "1e00",
            "1e01", "1e-00", "1e308", "1e-308", "1.7976931348623157e308", "5e-324", "9007199254740993",
            "-9223372036854775808", "18446744073709551615", "100000000000000000000000000000000000000000000",
            "123e45", "1.23e45", "0.1e1", "[0]", "[-1,2.5,3e3]", #"{"n":-0.1e-2}"#)
        + [Array(String(repeating: "1", count: 400).utf8), Array("0.\(String(repeating: "3", count: 400))".utf8)]

    private static let strings =
        texts(
            #""""#, #""a""#, #"" ""#, #""abcdefg""#, #""abcdefgh""#, #""abcdefghi""#, #""abcdefghijklmno""#,
            #""abcdefghijklmnop""#, #""'""#, #""/""#, #""{}""#, #""[],:""#, "\"\u{7F}\"", #""null""#, #""0""#)
        + quoted(
            [0xC2, 0x80], [0xC3, 0xA9], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xE2, 0x82, 0xAC], [0xED, 0x9F, 0xBF],
            [0xEE, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80],
            [0xF0, 0x9F, 0x98, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0x61, 0xC3, 0xA9, 0x62],
            [0xC3, 0xA9, 0xC3, 0xA9, 0xC3, 0xA9, 0xC3, 0xA9, 0xC3, 0xA9],
            [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0xC3, 0xA9])

    private static let escapes = texts(
        #""\"""#, #""\\""#, #""\/""#, #""\b""#, #""\f""#, #""\n""#, #""\r""#, #""\t""#, #""\u0020""#, #""\u0061""#,
        #""\u00e9""#, #""\u00E9""#, #""\uABCD""#, #""\uabcd""#, #""\uaBcD""#, #""\uFFFF""#, #""\uD7FF""#, #""\uE000""#,
        #""\ud83d\ude00""#, #""\uD83D\uDE00""#, #""\uD800\uDC00""#, #""\uDBFF\uDFFF""#, #""\u0001""#, #""\u001f""#,
        #""\u0022""#, #""\u005C""#, #""a\nb""#, #""\\\\""#, #""\\\"""#, #""\\n""#, #""abcdefg\n""#, #""abcdefgh\n""#,
        #""\n\n\n\n\n\n\n\n\n""#, #""\u0061\u0062""#, #"{"\u0061":1}"#, #"{"a\"b":1}"#)

    private static let containers = texts(
        "[]", "{}", "[[]]", "[{}]", #"{"a":{}}"#, #"{"a":[]}"#, "[1]", "[1,2]", "[[],[]]", "[[[[[[[[[[]]]]]]]]]]",
        #"{"":1}"#, #"{"":""}"#, #"{"a":1}"#, #"{"a":1,"b":2}"#, #"{"b":1,"a":2}"#, #"{"a":{"b":{"c":[1,{"d":2}]}}}"#,
        #"[1,"a",null,true,false,{},[]]"#, #"{"a":[1,2,{"b":null}],"c":"d"}"#, #"[{"a":1},{"a":2}]"#,
        #"{"ab":1,"a":2,"abc":3}"#, #"{"a":1,"A":2}"#, #"{" ":1,"  ":2}"#)

    private static let whitespace = texts(
        " null", "null ", "\tnull", "\nnull\n", "\r\nnull\r\n", " [ ] ", " { } ", "[ 1 , 2 ]", "[\n1\n,\n2\n]",
        #"{ "a" : 1 }"#, "{\n\t\"a\"\t:\r\n1\n}", #"{"a" :1}"#, #"{"a": 1}"#, #"{"a":  1}"#, #"{"a":1 ,"b":2}"#,
        #"{"a":1, "b":2}"#, #"{"a":1,  "b":2}"#, "[        1        ]", "                 0                 ",
        "[1, 2]", "[1,\t2]", "[1 ]", "[ 1]", "[\r1]")

    private static let wrongLiterals = texts(
        "nul", "nulll", "Null", "NULL", "tru", "truee", "True", "TRUE", "fals", "falsee", "False", "nan", "NaN",
        "-NaN", "Infinity", "-Infinity", "inf", "undefined", "n", "t", "f", "nu ll", "[nul]", "[truefalse]", "xnull",
        "nullx", "true false", "[true false]", "falsf", "trux", "'a'", "a", "`a`")

    private static let wrongNumbers = texts(
        "00", "01", "-01", "-00", "007", "1.", ".1", "-.1", "-", "--1", "+1", "++1", "-+1", "1.e1", "1e", "1E", "1e+",
        "1e-", "1e1.5", "1e1e1", "1.1.1", "1..1", "0x1", "0b1", "0o1", "1_000", "1,000", "1 000", "1a", "1f", "1.0f",
        "1e 1", "1 e1", "- 1", "1-", "1+1", "1/2", "0.", "-0.", "0e", "0.e1", "00.1", "01.5", "1e++1", "1e+-1", "٣",
        "１", "1.a", "[1.]", "[-]", "[01]", "[1e]", #"{"a":1.}"#, #"{"a":01}"#, "-a", "1.5.", "2e3.", "0xFF", "1d", "1L")

    private static let wrongStrings =
        texts(
            #"""#, #""a"#, #"a""#, #""a"b""#, #""\""#, #""\"#, #""\a""#, #""\x41""#, #""\0""#, #""\'""#, #""\ ""#,
            #""\U0041""#, #""\u""#, #""\u0""#, #""\u00""#, #""\u004""#, #""\u004g""#, #""\u00 4""#, #""\u-041""#,
            #""\u{41}""#, #""\n"#, #"'\n'"#, #""\v""#, #""\e""#, "\"\n\"", "\"\t\"", "\"\r\"", "\"a\u{0}b\"",
            "\"\u{1F}\"", "\"\u{1}\"", "\"abcdefgh\u{8}\"", "\"abcdefg\n\"", "\"abcdefgh\tijklmnop\"", #""\u12"#,
            #""\ud83d\ude0""#, "\"\\\n\"")

    private static let wrongContainers = texts(
        "[", "]", "{", "}", "[1", "1]", "[1,", "[,1]", "[1,]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "(1)", "[1}", "{1]",
        "[[]", "[]]", "[][]", "{}{}", "[]{}", "{}[]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#,
        #"{"a":1"b":2}"#, #"{"a" 1}"#, #"{"a",1}"#, #"{"a"::1}"#, #"{:1}"#, "{a:1}", "{1:1}", "{null:1}", "{'a':1}",
        #"{"a":1,,"b":2}"#, #"{"a":1 "b":2}"#, #"{"a":1;"b":2}"#, #"{"a"=1}"#, #"{"a":1}}"#, #"{"a":1]"#, #"["a":1]"#,
        #"{"a":1:2}"#, #"[1],"#, ",[1]", ",", ":", #""a":1"#, "1,2", "1 2", #""a" "b""#, "[1] 2", #"{"a":[}"#,
        #"{"a":{]"#, #"{["a"]:1}"#, #"{"a":1,"b"}"#, #"{"a":1,"b":}"#, #"{"a":1,b:2}"#, "[...]", "[1,2", #"{"a":1"#)

    private static let wrongWhitespace =
        texts(
            "", " ", "\n", "\u{B}null", "\u{C}null", "\u{A0}null", "\u{2028}null", "\u{FEFF}null", "[\u{B}]",
            "[1\u{C}]",
            "null\u{0}", "\u{0}null", "[\u{0}1]", "// c\n1", "1 // c", "/* c */ 1", "[1/**/]", "# c\n1", "null\u{85}")
        + [[0xEF, 0xBB, 0xBF, 0x31], [0xFF, 0xFE, 0x31, 0x00], [0x00, 0x31], [0x31, 0x00]]

    private static let wrongUTF8 =
        quoted(
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x41, 0x80], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x41, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0x61, 0xFF], [0xC3, 0xA9, 0xA9],
            [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0xC3]) + [[0xC3, 0xA9], [0xFF], [0x5B, 0x80, 0x5D]]

    /// Every front of a document that has everything in it.
    private static let cutOff: [[UInt8]] = {
        let whole = Array(#"{"a\n":[1.5e3,true,"é😀\u00e9"],"b":{"c":null}}"#.utf8)
        return (0..<whole.count).map { Array(whole[..<$0]) }
    }()

    /// What RFC 8259 leaves to parsers, and what we chose.
    struct Choice: Sendable {
        let document: [UInt8]
        let isAccepted: Bool
        let reason: String

        init(_ document: String, _ isAccepted: Bool, _ reason: String) {
            self.document = Array(document.utf8)
            self.isAccepted = isAccepted
            self.reason = reason
        }
    }

    private static let loneSurrogate =
        "half of a surrogate pair is no text, so jsonb has none and no String can hold it"
    private static let doubled = "the last member of a name counts, as in jsonb; see JSONDuplicateKeys"
    private static let anyNumber = "numbers are kept as they are written; the type that is decoded into decides"

    static let choices = [
        Choice(#""\ud800""#, false, loneSurrogate), Choice(#""\udc00""#, false, loneSurrogate),
        Choice(#""\udbff\ud800""#, false, loneSurrogate), Choice(#""\ude00\ud83d""#, false, loneSurrogate),
        Choice(#""\ud83dx""#, false, loneSurrogate), Choice(#""\ud83d\n""#, false, loneSurrogate),
        Choice(#""\ud83d\u0041""#, false, loneSurrogate), Choice(#"{"\ud800":1}"#, false, loneSurrogate),
        Choice(#""\u0000""#, true, "NUL is a scalar like others; only Postgres's text types cannot hold it"),
        Choice(#"{"a":1,"a":2}"#, true, doubled), Choice(#"{"a":1,"\u0061":2}"#, true, doubled),
        Choice(#"{"a":1,"b":2,"a":3,"a":4}"#, true, doubled),
        Choice("1e400", true, anyNumber), Choice("-1e400", true, anyNumber), Choice("1e-400", true, anyNumber),
        Choice("1e99999999999999999999", true, anyNumber), Choice("0e99999999999999999999", true, anyNumber),
        Choice("123456789012345678901234567890.5", true, anyNumber),
        Choice(#""\ufdd0\uffff""#, true, "noncharacters are scalars"),
        Choice(String(repeating: "[", count: 512) + String(repeating: "]", count: 512), true, "512 levels are allowed"),
        Choice(String(repeating: "[", count: 513) + String(repeating: "]", count: 513), false, "and no more"),
        Choice(
            String(repeating: #"{"a":"#, count: 513) + "1" + String(repeating: "}", count: 513), false,
            "objects count too"),
        Choice("0", true, "a document may be any value, not only an array or an object"),
        Choice(#""a""#, true, "the same"),
    ]
}
