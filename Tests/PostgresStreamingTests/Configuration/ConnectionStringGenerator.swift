import PostgresStreaming
import PostgresTestSupport

/// Makes connection strings of every kind, right and wrong, from a seed.
struct ConnectionStringGenerator {
    private var random: SeededGenerator
    private let keywords: [String]

    init(seed: UInt64, keywords: Set<ConnectionKeyword>) {
        self.keywords = keywords.map(\.rawValue).sorted()
        random = SeededGenerator(seed: seed)
    }

    mutating func next() -> String {
        let text = chance(2) ? uri() : keywordValues()
        return chance(4) ? mutated(text) : text
    }

    private mutating func uri() -> String {
        var text = pick(["postgres://", "postgresql://"])
        if chance(2) { text += word() + (chance(2) ? ":" + word() : "") + "@" }
        text += (0...count(3)).map { _ in host() + (chance(2) ? ":" + port() : "") }.joined(separator: ",")
        if chance(2) { text += "/" + word() }
        if chance(2) {
            text += "?" + (0...count(3)).map { _ in keyword() + "=" + word() }.joined(separator: "&")
        }
        return text
    }

    private mutating func keywordValues() -> String {
        (0...count(5)).map { _ in
            let space = pick(["", "", " ", "\t", "\n "])
            let value = chance(2) ? word() : "'" + word() + pick(["", " ", "\\'", "\\\\"]) + word() + "'"
            return keyword() + space + "=" + space + value
        }.joined(separator: pick([" ", "  ", "\n", "\r\n", "\u{B}"]))
    }

    private mutating func keyword() -> String {
        chance(12)
            ? pick(["ssl", "requiressl", "Host", "foo", "tty", "authtype", ""])
            : pick(keywords)
    }

    private mutating func host() -> String {
        pick([
            "", "localhost", "db.example", "127.0.0.1", "[::1]", "[fe80::1%25lo]", "%2Ftmp", "%40abstract", "[]",
            "[::1",
            "[::1]x", "a b", "a%2Cb", "ä",
        ])
    }

    private mutating func port() -> String { pick(["", "5432", "1", "65535", "65536", "-1", "x", "%35", " 1"]) }

    private mutating func word() -> String {
        pick([
            "", "a", "app", "true", "1", "require", "p%20w", "p w", " x", "x ", "%41", "%", "%4", "%zz", "%00",
            "%C3%A4",
            "ä", "a=b", "a:b", "a,b", "a/b", "a?b", "a&b", "a@b", "\\", "\\ ", "'", "''", "\"", "#", "%FF", "日本",
        ])
    }

    /// Changes, removes or doubles one character.
    private mutating func mutated(_ text: String) -> String {
        guard !text.isEmpty else { return text }
        var characters = Array(text)
        let index = Int.random(in: 0..<characters.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: characters.remove(at: index)
        case 1: characters[index] = Character(pick(["@", ":", "/", "?", "&", "=", "%", "'", "\\", " ", ",", "[", "]"]))
        default: characters.insert(characters[index], at: index)
        }
        return String(characters)
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private mutating func count(_ max: Int) -> Int { Int.random(in: 0..<max, using: &random) }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
