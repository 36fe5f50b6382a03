import Foundation
import PostgresTestSupport
import Testing

/// Documents that were generated, and as many that were damaged, by ruamel.yaml and by us.
@Suite struct RuamelTests {
    /// More where the environment says so; ruamel.yaml takes milliseconds for each.
    private static let count = ProcessInfo.processInfo.environment["CONFIG_DOCUMENTS_RUAMEL"].flatMap { Int($0) } ?? 150

    @Test func `what we accept ruamel reads as we do`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("comparing \(Self.count) documents with ruamel.yaml: seed \(seed)")
        var source = RandomConfig(seed: seed)
        var damage = ByteMutations(seed: seed, words: LibyamlTests.words)
        var documents: [[UInt8]] = []
        for index in 0..<Self.count {
            let document = source.next().document
            documents.append(index % 2 == 0 ? document : damage.next(of: document))
        }
        let lines = try await Ruamel.lines(documents)
        var failures: [String] = []
        for (document, theirs) in zip(documents, lines) {
            let ours = reading(document).prefix { $0 != "\t" }
            // It takes an empty line of spaces for the first line of a block of text.
            let isExplained = theirs.hasPrefix("!more indented follow up line than first in a block scalar")
            if ours.hasPrefix("!") || ours == theirs || isExplained { continue }
            failures.append("\(String(decoding: document, as: UTF8.self))\nours   \(ours)\nruamel \(theirs)")
        }
        let shown = failures.sorted { $0.utf8.count < $1.utf8.count }.prefix(8).joined(separator: "\n\n")
        #expect(failures.isEmpty, "seed \(seed): \(failures.count) differ\n\(shown)")
    }
}
