import PostgresWire
import Testing

/// What is mapped and what is refused. Strings are compared by their bytes: to Swift, two spellings are equal.
@Suite struct SASLprepTests {
    @Test(arguments: ["", "pencil", "USER", "p,e=n\"c il~", "\u{0}\u{1}\u{7}\u{7F}"])
    func `an ASCII password stays as it is`(password: String) {
        #expect(SASLprep.prepare(password) == Array(password.utf8))
    }

    @Test(arguments: [("I\u{AD}X", "IX"), ("user", "user"), ("USER", "USER"), ("\u{AA}", "a"), ("\u{2168}", "IX")])
    func `the examples of RFC 4013 come out as there`(password: String, prepared: String) {
        #expect(SASLprep.prepare(password) == Array(prepared.utf8))
    }

    @Test(arguments: ["\u{7}", "foo\u{7}bar", "\u{627}1", "foo\u{627}1bar", "foo1\u{627}bar"])
    func `what RFC 4013 prohibits is used as it is`(password: String) {
        #expect(SASLprep.prepare(password) == Array(password.utf8))
    }

    @Test(arguments: [
        "\u{A0}", "\u{1680}", "\u{2000}", "\u{200A}", "\u{200B}", "\u{202F}", "\u{205F}", "\u{3000}",
    ])
    func `a space beyond ASCII becomes the one of ASCII`(space: String) {
        #expect(SASLprep.prepare("my\(space)word") == Array("my word".utf8))
    }

    @Test(arguments: [
        "\u{AD}", "\u{34F}", "\u{1806}", "\u{180B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FE00}", "\u{FE0F}",
        "\u{FEFF}",
    ])
    func `what is commonly mapped to nothing vanishes`(nothing: String) {
        #expect(SASLprep.prepare("\(nothing)my\(nothing)\(nothing)word\(nothing)") == Array("myword".utf8))
    }

    @Test(arguments: ["\u{AD}", "\u{200D}\u{FE0F}"])
    func `a password of which nothing would be left stays as it is`(password: String) {
        #expect(SASLprep.prepare(password) == Array(password.utf8))
    }

    // Each comes with a soft hyphen and a decomposed letter, which stay where the whole password does.
    @Test(arguments: [
        ("an ASCII control character", "\u{7}"), ("delete", "\u{7F}"), ("NUL", "\u{0}"), ("a C1 control", "\u{85}"),
        ("the end of an Arabic verse", "\u{6DD}"), ("a line separator", "\u{2028}"), ("private use", "\u{E000}"),
        ("private use beyond the basic plane", "\u{10FFFD}"), ("a noncharacter", "\u{1FFFE}"),
        ("the last noncharacter", "\u{10FFFF}"), ("a replacement character", "\u{FFFD}"),
        ("an ideographic description", "\u{2FF0}"), ("a left-to-right mark", "\u{200E}"),
        ("a deprecated tone mark", "\u{340}"), ("a language tag", "\u{E0001}"), ("a tag letter", "\u{E0041}"),
        ("an emoji of Unicode 6.1", "\u{1F600}"), ("a letter of Unicode 4.1", "\u{242}"),
        ("a decomposing letter of Unicode 4.0", "\u{1D2C}"), ("a scalar of no character", "\u{E0FFF}"),
        ("a mark of Unicode 4.0", "\u{350}"),
    ])
    func `a prohibited or unassigned character keeps the password as it is`(what: String, character: String) {
        let password = "a\u{308}\u{AD}\(character)"
        #expect(SASLprep.prepare(password) == Array(password.utf8), "\(what)")
    }

    // PostgreSQL looks before. After, the tone mark would be U+0300 and the letter "A", which are allowed, and the
    // Hebrew letter would end with a mark, which belongs to no direction.
    @Test func `characters are judged before they are normalised`() {
        #expect(SASLprep.prepare("\u{FB1D}") == Array("\u{5D9}\u{5B4}".utf8))
        #expect(SASLprep.prepare("a\u{340}") == Array("a\u{340}".utf8))
        #expect(SASLprep.prepare("\u{1D2C}") == Array("\u{1D2C}".utf8))
        #expect(SASLprep.prepare("\u{A8}") == Array(" \u{308}".utf8))
    }

    @Test(arguments: [
        ("\u{5E9}\u{5DC}\u{5D5}\u{5DD}", "\u{5E9}\u{5DC}\u{5D5}\u{5DD}"),
        ("\u{FEDF}\u{FE8E}", "\u{644}\u{627}"),
        ("\u{627} 1\u{301}\u{AD} \u{628}", "\u{627} 1\u{301} \u{628}"),
        ("\u{AD}\u{627}\u{AD}", "\u{627}"),
    ])
    func `a password from right to left is prepared as any other`(password: String, prepared: String) {
        #expect(SASLprep.prepare(password) == Array(prepared.utf8))
    }

    @Test(arguments: [
        "\u{FEDF}a\u{FE8E}", "a\u{FEDF}", "\u{FEDF}a", "1\u{FEDF}", "\u{FEDF}1", "\u{FEDF}\u{E9}\u{FEDF}",
        "\u{FEDF}\u{301}", " \u{FEDF} ",
    ])
    func `a password that mixes directions stays as it is`(password: String) {
        #expect(SASLprep.prepare(password) == Array(password.utf8))
    }

    @Test(arguments: [
        [0x61, 0xCC], [0xAD, 0x61], [0xE4], [0x61, 0xCC, 0x88, 0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
    ])
    func `bytes that are not UTF-8 stay as they are`(password: [UInt8]) {
        #expect(SASLprep.prepare(password) == password)
    }

    @Test func `bytes in UTF-8 are prepared as their text`() {
        #expect(SASLprep.prepare([0x61, 0xCC, 0x88]) == [0xC3, 0xA4])
        #expect(SASLprep.prepare([UInt8]()) == [])
    }
}
