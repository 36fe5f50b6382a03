import Testing

/// A password, other spellings that are the same one after SASLprep, and some that are not.
struct PasswordSpelling: Sendable, CustomTestStringConvertible {
    let kind: String
    let password: String
    var same: [String] = []
    var other: [String] = []

    var testDescription: String { kind }

    static let all = [
        PasswordSpelling(kind: "ASCII", password: "pencil", other: ["PENCIL"]),
        PasswordSpelling(kind: "ASCII with a control", password: "pen\u{7}cil", other: ["pencil"]),
        PasswordSpelling(kind: "composed", password: "p\u{E4}ss", same: ["pa\u{308}ss"], other: ["pass"]),
        PasswordSpelling(kind: "decomposed", password: "o\u{302}\u{301}", same: ["\u{1ED1}", "\u{F4}\u{301}"]),
        PasswordSpelling(kind: "marks out of order", password: "q\u{307}\u{323}", same: ["q\u{323}\u{307}"]),
        PasswordSpelling(
            kind: "compatibility", password: "\u{FB01}\u{BD}\u{FF21}\u{AA}\u{2168}\u{2460}",
            same: ["fi1\u{2044}2AaIX1"], other: ["fi1/2AaIX1"]),
        PasswordSpelling(kind: "soft hyphen", password: "I\u{AD}X", same: ["IX", "\u{2168}"], other: ["ix", "I-X"]),
        PasswordSpelling(kind: "joiner and variation", password: "\u{2665}\u{FE0F}\u{200D}", same: ["\u{2665}"]),
        PasswordSpelling(kind: "spaces", password: "a\u{A0}b\u{3000}c", same: ["a b c"], other: ["abc"]),
        PasswordSpelling(kind: "Hangul", password: "\u{1112}\u{1161}\u{11AB}", same: ["\u{D55C}"], other: ["\u{D558}"]),
        PasswordSpelling(kind: "singleton", password: "\u{212B}\u{F900}", same: ["A\u{30A}\u{8C48}"]),
        PasswordSpelling(kind: "right to left", password: "\u{FEDF}\u{FE8E}", same: ["\u{644}\u{627}"]),
        PasswordSpelling(kind: "ending in a mark once prepared", password: "\u{FB1D}\u{AD}", same: ["\u{FB1D}"]),
        PasswordSpelling(kind: "mixed directions", password: "a\u{FEDF}", other: ["a\u{644}"]),
        PasswordSpelling(kind: "control beyond ASCII", password: "\u{E4}\u{85}", other: ["a\u{308}\u{85}"]),
        PasswordSpelling(kind: "private use", password: "\u{E000}\u{FB01}", other: ["\u{E000}fi"]),
        PasswordSpelling(kind: "deprecated mark", password: "a\u{340}", other: ["\u{E0}", "a\u{300}"]),
        PasswordSpelling(kind: "newer than Unicode 3.2", password: "a\u{308}\u{1F600}", other: ["\u{E4}\u{1F600}"]),
        PasswordSpelling(kind: "newer, but decomposing", password: "\u{1D2C}", other: ["A"]),
        PasswordSpelling(kind: "nothing left", password: "\u{AD}\u{200D}", other: ["\u{AD}", "\u{200D}\u{AD}"]),
    ]
}
