import PostgresWire
import Testing

/// Normalisation Form KC as it is seen through SASLprep.
@Suite struct SASLprepNormalizationTests {
    private func expect(
        _ password: String, becomes prepared: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(SASLprep.prepare(password) == Array(prepared.utf8), sourceLocation: sourceLocation)
    }

    @Test func `letters are composed with their marks`() {
        expect("pa\u{308}sswo\u{308}rd", becomes: "p\u{E4}ssw\u{F6}rd")
        expect("p\u{E4}ssw\u{F6}rd", becomes: "p\u{E4}ssw\u{F6}rd")
        expect("o\u{302}\u{301}", becomes: "\u{1ED1}")
        expect("\u{F4}\u{301}", becomes: "\u{1ED1}")
        expect("\u{304B}\u{3099}", becomes: "\u{304C}")
        expect("\u{9C7}\u{9BE}", becomes: "\u{9CB}")
    }

    @Test(arguments: [
        ("\u{FB01}", "fi"), ("\u{BD}", "1\u{2044}2"), ("\u{FF30}\u{FF57}\u{FF11}", "Pw1"), ("\u{AA}", "a"),
        ("\u{2168}", "IX"), ("\u{2460}", "1"), ("x\u{B2}", "x2"), ("\u{FF76}\u{FF9E}", "\u{30AC}"), ("\u{2122}", "TM"),
        ("\u{1D400}", "A"), ("\u{3300}", "\u{30A2}\u{30D1}\u{30FC}\u{30C8}"), ("\u{1E9B}\u{323}", "\u{1E69}"),
    ])
    func `compatibility characters become ordinary ones`(password: String, prepared: String) {
        expect(password, becomes: prepared)
    }

    @Test func `the longest decomposition has eighteen characters`() {
        let words = ["\u{635}\u{644}\u{649}", "\u{627}\u{644}\u{644}\u{647}", "\u{639}\u{644}\u{64A}\u{647}"]
        expect("\u{FDFA}", becomes: (words + ["\u{648}\u{633}\u{644}\u{645}"]).joined(separator: " "))
    }

    @Test(arguments: [
        ("\u{212B}", "\u{C5}"), ("\u{2126}", "\u{3A9}"), ("\u{212A}", "K"), ("\u{F900}", "\u{8C48}"),
        ("\u{2F800}", "\u{4E3D}"), ("\u{37E}", ";"), ("\u{374}", "\u{2B9}"),
    ])
    func `characters that only repeat another one become it`(password: String, prepared: String) {
        expect(password, becomes: prepared)
    }

    @Test(arguments: [
        ("\u{958}", "\u{915}\u{93C}"), ("\u{FB1D}\u{5D0}", "\u{5D9}\u{5B4}\u{5D0}"), ("\u{2ADC}", "\u{2ADD}\u{338}"),
        ("\u{344}", "\u{308}\u{301}"), ("\u{1D15E}", "\u{1D157}\u{1D165}"), ("\u{F43}", "\u{F42}\u{FB7}"),
    ])
    func `what is excluded from composition stays apart`(password: String, prepared: String) {
        expect(password, becomes: prepared)
        expect(prepared, becomes: prepared)
    }

    @Test func `marks come into their order and keep it within a class`() {
        expect("q\u{307}\u{323}", becomes: "q\u{323}\u{307}")
        expect("q\u{323}\u{307}", becomes: "q\u{323}\u{307}")
        expect("a\u{323}\u{308}", becomes: "\u{1EA1}\u{308}")
        expect("a\u{308}\u{323}", becomes: "\u{1EA1}\u{308}")
        expect("q\u{308}\u{301}", becomes: "q\u{308}\u{301}")
        expect("q\u{301}\u{308}", becomes: "q\u{301}\u{308}")
        expect("\u{307}\u{323}q", becomes: "\u{323}\u{307}q")
    }

    @Test func `a mark in between lets others compose unless it is of the same class`() {
        expect("a\u{327}\u{308}", becomes: "\u{E4}\u{327}")
        expect("a\u{305}\u{308}", becomes: "a\u{305}\u{308}")
        expect("a\u{327}b\u{308}", becomes: "a\u{327}b\u{308}")
        expect("\u{9C7}\u{323}\u{9BE}", becomes: "\u{9C7}\u{323}\u{9BE}")
    }

    @Test func `Hangul letters become syllables`() {
        expect("\u{1112}\u{1161}\u{11AB}", becomes: "\u{D55C}")
        expect("\u{1112}\u{1161}", becomes: "\u{D558}")
        expect("\u{D558}\u{11AB}", becomes: "\u{D55C}")
        expect("\u{D55C}\u{11AB}", becomes: "\u{D55C}\u{11AB}")
        expect("\u{1100}\u{1161}", becomes: "\u{AC00}")
        expect("\u{1112}\u{1175}\u{11C2}", becomes: "\u{D7A3}")
        expect("\u{1161}\u{11AB}", becomes: "\u{1161}\u{11AB}")
        expect("\u{1112}\u{301}\u{1161}", becomes: "\u{1112}\u{301}\u{1161}")
        expect("\u{3131}", becomes: "\u{1100}")
    }

    @Test(.timeLimit(.minutes(1))) func `a long run of marks takes no longer per mark than a short one`() {
        let count = 50_000
        let marks = String(repeating: "\u{301}\u{316}", count: count)
        let sorted = String(repeating: "\u{316}", count: count) + String(repeating: "\u{301}", count: count - 1)
        expect("a" + marks, becomes: "\u{E1}" + sorted)
    }
}
