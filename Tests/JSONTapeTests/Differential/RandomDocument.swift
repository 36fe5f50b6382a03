import PostgresTestSupport

/// Documents as random as JSON allows, and as a service would write them.
struct RandomDocument {
    private var generator: SeededGenerator
    private var bytes: [UInt8] = []
    private static let depthMax = 5

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Returns the next document.
    mutating func next() -> [UInt8] {
        bytes = []
        appendSpace()
        appendValue(depth: 0)
        appendSpace()
        return bytes
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func appendSpace() {
        if pick(4) == 0 { append([" ", "  ", "\n", "\t", "\r\n", "\n        "][pick(6)]) }
    }

    private mutating func appendValue(depth: Int) {
        switch pick(depth < Self.depthMax ? 9 : 6) {
        case 0: append(["null", "true", "false"][pick(3)])
        case 1, 2: appendNumber()
        case 3, 4, 5: appendString()
        case 6: appendArray(depth: depth)
        default: appendObject(depth: depth)
        }
    }

    private mutating func appendNumber() {
        if pick(3) == 0 { append("-") }
        switch pick(5) {
        case 0: append("\(pick(10))")
        case 1: append("\(pick(1_000_000))")
        case 2: append("\(generator.next())")
        case 3: append("\(pick(1000)).\(pick(1_000_000))")
        default: append("\(pick(100)).\(generator.next())")
        }
        if pick(4) == 0 { append(["e", "E"][pick(2)] + ["", "+", "-"][pick(3)] + "\(pick(40))") }
    }

    private static let pieces = [
        "a", "name", "customer number ", "é", "€", "😀", " ", "\u{7F}", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u00e9"#,
        #"\ud83d\ude00"#,
        #"\t"#, #"\u0041"#, "0123456789", "owner@shop.example", "2024-01-01T00:00:00Z", "日本語", "'", "{", "]", ",",
    ]

    private mutating func appendString() {
        append("\"")
        for _ in 0..<pick(5) { append(Self.pieces[pick(Self.pieces.count)]) }
        append("\"")
    }

    private mutating func appendArray(depth: Int) {
        append("[")
        appendSpace()
        for position in 0..<pick(5) {
            if position > 0 { appendComma() }
            appendValue(depth: depth + 1)
        }
        appendSpace()
        append("]")
    }

    private mutating func appendObject(depth: Int) {
        append("{")
        appendSpace()
        for position in 0..<pick(6) {
            if position > 0 { appendComma() }
            // All different, because parsers differ about the others.
            append("\"\(position)")
            for _ in 0..<pick(3) { append(Self.pieces[pick(Self.pieces.count)]) }
            append("\"")
            appendSpace()
            append(":")
            appendSpace()
            appendValue(depth: depth + 1)
        }
        appendSpace()
        append("}")
    }

    private mutating func appendComma() {
        appendSpace()
        append(",")
        appendSpace()
    }
}
