import ConfigText
import JSONTape
import PostgresTestSupport
import Testing

/// Damaged JSON documents by JSONTape, which was compared with Foundation, and by us.
@Suite struct JSONTapeComparisonTests {
    private static let documents = [
        #"{"a": [1, -2.5e3, true, false, null, "b\n\u00e9\ud83d\ude00"], "c": {"d": {}, "e": []}, "f": "g"}"#,
        "[\n  0, 10.25, 1E-2,\r\n  \"\\\"\\\\\\/\\b\\f\\r\\t\", \"é😀\", {}\n]\n",
    ]

    /// What is refused here though RFC 8259 allows it.
    private static let explained = [
        "with the character U+0000", "carriage return without a line feed", "half of a surrogate pair",
    ]

    @Test func `JSONTape accepts what we accept of damaged documents, and little more`() {
        let seed = UInt64.random(in: .min ... .max)
        var damage = ByteMutations(
            seed: seed,
            words: [
                "\"", "\\", "\\u", "d83d", "{", "}", "[", "]", ":", ",", "0", "-", ".", "e", "1e5", "null", "true", " ",
                "\t",
                "\n",
            ])
        var limits = JSONLimits()
        limits.duplicateKeys = .reject
        var tape = JSONTape(limits: limits)
        var accepted = 0
        for index in 0..<1500 {
            let document = damage.next(of: Array(Self.documents[index % 2].utf8))
            let ours = reading(document, .json)
            let isTheirs = (try? tape.scan(unsafe document.span.bytes)) != nil
            let isExplained = Self.explained.contains { ours.contains($0) }
            accepted += isTheirs ? 1 : 0
            #expect(
                isTheirs != ours.hasPrefix("!") || isExplained,
                "seed \(seed): \(ours)\n\(String(decoding: document, as: UTF8.self))")
        }
        #expect(accepted > 100)
    }
}
