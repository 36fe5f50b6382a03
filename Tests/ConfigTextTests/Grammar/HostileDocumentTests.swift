import ConfigText
import Foundation
import Testing

/// Documents that were made to break a reader: it answers, and in time that grows with their length.
@Suite struct HostileDocumentTests {
    private static let samples = [
        "%YAML 1.2\n---\n# c\na: &x 'b''c'\n\"d\\u00e9\\\n  e\": [f, {g: h, \"i\":j}, *x ]\nk:\n- |2-\n    l\n\n- >+\n  m\n  n\n\n- o\n  p\n- - q\n  - r: s\n...\n",
        "\u{FEFF}é:\r\n  ß: \"😀\"\r\n  x: y # z\r\n",
        #"{"a": [1, -2.5e3, true, null, "b\n\u00e9\ud83d\ude00"], "c": {"d": {}}}"#,
    ]

    @Test func `every beginning of a document is read or refused at a place within it`() {
        for sample in Self.samples {
            let bytes = Array(sample.utf8)
            for count in 0...bytes.count { check(Array(bytes[..<count])) }
        }
    }

    @Test func `a document with any byte changed, missing or doubled is read or refused at a place within it`() {
        let bytes: [UInt8] = [0, 9, 10, 13, 0x80, 0xC3, 0xF4, 0xFF] + Array(" \"'#&*-:,?[]{}|>!%@\\a0".utf8)
        for sample in Self.samples.map({ Array($0.utf8) }) {
            for index in sample.indices {
                var changed = sample
                for byte in bytes where index % 4 == Int(byte) % 4 {
                    changed[index] = byte
                    check(changed)
                }
                check(Array(sample[..<index] + sample[(index + 1)...]))
                check(Array(sample[...index] + sample[index...]))
            }
        }
    }

    private func check(_ document: [UInt8]) {
        let lines = document.split(separator: 10, omittingEmptySubsequences: false)
        for format in [ConfigFormat.yaml, .json] {
            do throws(ConfigErrors) {
                _ = try ConfigDocument.read(document, format: format)
            } catch {
                let (line, column) = (error.first.position.line, error.first.position.column)
                #expect(1...lines.count ~= line && 1...lines[line - 1].count + 1 ~= column)
                #expect(!error.first.message.isEmpty)
            }
        }
    }

    /// Reads a document and one that is four times as long, and compares what they took.
    @Test(arguments: [
        "[", "{a: ", "\"", "'", "- ", "a: ", "&a *a\n", "[a,", "[],", "a\n", "a:\n", "\n", " ", "#", "#\n", "-\n", "? ",
        ":", "!", "|", "|\n", "\\",
        "\t", "a b ", "*a ", "- &a [", "\r\n", "é", "---\n", "{\"a\":", "a: b\n", "[\n", "'\n", "\"\\\n", "{a: b, ",
    ])
    func `nothing takes time that grows faster than the document`(piece: String) {
        for prefix in ["", "[", "a: |\n "] {
            let seconds = [15_000, 60_000].map { count in
                let document = Array((prefix + String(repeating: piece, count: count / piece.utf8.count)).utf8)
                return processorSeconds {
                    for format in [ConfigFormat.yaml, .json] { _ = try? ConfigDocument.read(document, format: format) }
                }
            }
            #expect(seconds[1] < max(seconds[0], 0.003) * 10, "\(prefix)\(piece): \(seconds)")
        }
    }

    /// The time of the processor that this thread spends, which no other process makes longer.
    private func processorSeconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }
        let start = now()
        body()
        return now() - start
    }

    @Test func `a bomb of aliases is refused within 10 milliseconds`() {
        let names = "abcdefghijklmnop".map(String.init)
        let lines = zip(names, names.dropFirst()).map { "\($1): &\($1) [\(String(repeating: "*\($0) ,", count: 9))]\n" }
        let documents = [
            "a: &a [x, x, x, x, x, x, x, x, x]\n" + lines.joined(),
            "- &a \"\(String(repeating: "x", count: 100_000))\"\n" + String(repeating: "- *a\n", count: 900),
        ]
        var refusal = ""
        let seconds = processorSeconds { refusal = reading(Array(documents[0].utf8)) }
        #expect(refusal.hasSuffix(" document has more than 1000000 values"))
        #expect(seconds < 0.01)
        #expect(
            reading(Array(documents[1].utf8)).hasSuffix(" aliases make the document's text longer than 8388608 bytes"))
    }

    @Test func `aliases count for depth, and have a limit of their own`() {
        var limits = ConfigLimits()
        limits.depthMax = 3
        #expect(
            reading(Array("- &a [[b]]\n- [*a ]".utf8), .yaml, limits)
                == "!2:4 collections lie more than 3 deep within each other")
        #expect(reading(Array("- &a [b]\n- [*a ]".utf8), .yaml, limits).hasPrefix("[[\"b\"],[[\"b\"]]]"))
        limits.aliasesMax = 1
        #expect(reading(Array("- &a b\n- *a\n- *a".utf8), .yaml, limits) == "!3:3 document has more than 1 aliases")
    }

    @Test func `depth, length and number of values have limits`() {
        var limits = ConfigLimits()
        limits.depthMax = 2
        limits.nodesMax = 4
        limits.bytesMax = 20
        for format in [ConfigFormat.yaml, .json] {
            #expect(
                reading(Array("[[[]]]".utf8), format, limits)
                    == "!1:3 collections lie more than 2 deep within each other")
            #expect(reading(Array("[[1], 2]".utf8), format, limits).hasPrefix("[[\"1\"],\"2\"]"))
            #expect(reading(Array("[1, 2, 3, 4]".utf8), format, limits) == "!1:11 document has more than 4 values")
            #expect(reading(Array("[1, 2, 3           ]".utf8), format, limits).hasPrefix("[\"1\""))
            #expect(
                reading(Array("[1, 2, 3            ]".utf8), format, limits) == "!1:1 document is longer than 20 bytes")
        }
        limits.nodesMax = 10
        #expect(
            reading(Array("- - - a".utf8), .yaml, limits) == "!1:5 collections lie more than 2 deep within each other")
        #expect(
            reading(Array("a:\n b:\n  c: d".utf8), .yaml, limits)
                == "!3:3 collections lie more than 2 deep within each other")
    }

    @Test func `the deepest document that may be allowed fits the stack of a task`() async {
        var limits = ConfigLimits()
        limits.depthMax = .max
        for (piece, format) in [
            ("[", ConfigFormat.json), ("[", .yaml), ("{\"a\":", .json), ("- ", .yaml), ("a: {b: ", .yaml),
        ] {
            let document = Array(String(repeating: piece, count: 10_000).utf8)
            let isRefused = await Task.detached { reading(document, format, limits).hasPrefix("!") }.value
            #expect(isRefused)
        }
        let nested = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(reading(Array(nested.utf8), .yaml, limits).hasPrefix("[[[["))
    }
}
