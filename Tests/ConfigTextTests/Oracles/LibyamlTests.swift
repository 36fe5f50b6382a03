import ConfigText
import Foundation
import PostgresTestSupport
import Testing

/// Documents that were generated, and as many that were damaged, by libyaml and by us.
@Suite struct LibyamlTests {
    /// More where the environment says so.
    private static let count = ProcessInfo.processInfo.environment["CONFIG_DOCUMENTS"].flatMap { Int($0) } ?? 10_000
    private static let seed =
        ProcessInfo.processInfo.environment["CONFIG_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: .min ... .max)

    @Test func `libyaml reads generated documents as they were meant, and so do we`() async throws {
        print("comparing \(Self.count) documents with libyaml: seed \(Self.seed)")
        var source = RandomConfig(seed: Self.seed)
        var documents: [(document: [UInt8], tree: String)] = []
        for _ in 0..<Self.count { documents.append(source.next()) }
        let lines = try await Libyaml.lines(documents.map(\.document))
        var failures: [String] = []
        for (index, (document, tree)) in documents.enumerated() {
            let ours = reading(document)
            // The place of a value with an anchor is that of the value here, and that of the anchor there.
            let isEqual =
                document.contains(UInt8(ascii: "&")) ? treePart(ours) == treePart(lines[index]) : ours == lines[index]
            if !isEqual || treePart(ours) != tree {
                failures.append(
                    "\(String(decoding: document, as: UTF8.self))\nmeant \(tree)\nours  \(ours)\nlibyaml \(lines[index])"
                )
            }
        }
        let shown = failures.sorted { $0.utf8.count < $1.utf8.count }.prefix(5).joined(separator: "\n\n")
        #expect(failures.isEmpty, "seed \(Self.seed): \(failures.count) differ\n\(shown)")
    }

    @Test func `what we accept of damaged documents libyaml reads as we do`() async throws {
        print("damaging \(Self.count) documents: seed \(Self.seed)")
        var source = RandomConfig(seed: Self.seed &+ 1)
        var damage = ByteMutations(seed: Self.seed, words: Self.words)
        var documents: [[UInt8]] = []
        for _ in 0..<Self.count { documents.append(damage.next(of: source.next().document)) }
        let lines = try await Libyaml.lines(documents)
        var failures: [String] = []
        var accepted = 0
        for (document, theirs) in zip(documents, lines) {
            let ours = reading(document)
            guard !ours.hasPrefix("!") else { continue }
            accepted += 1
            if treePart(ours) == treePart(theirs) { continue }
            failures.append("\(String(decoding: document, as: UTF8.self))\nours  \(ours)\nlibyaml \(theirs)")
        }
        print("\(accepted) of them are accepted")
        #expect(accepted > Self.count / 10)
        let shown = failures.sorted { $0.utf8.count < $1.utf8.count }.prefix(8).joined(separator: "\n\n")
        #expect(failures.isEmpty, "seed \(Self.seed): \(failures.count) differ\n\(shown)")
    }

    static let words = [
        ":", ": ", "- ", "-", "\n", "\n  ", "\n- ", "#", " #", "'", "\"", "\\", "{", "}", "[", "]", ",", "&a0", "*a0",
        "|", ">",
        "|2", "? ", "!", "%", "\t", " ", "  ", "---", "...", "\n---\n", "\r\n", "a", "<<",
    ]

    private func treePart(_ line: String) -> Substring { line.prefix { $0 != "\t" } }
}
