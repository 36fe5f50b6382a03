import ConfigText
import Foundation
import Testing

/// Documents with the trees that libyaml made of them, which are there on every machine. `scripts/generate-config-trees`
/// writes the trees.
@Suite struct CommittedDocumentTests {
    private static let path =
        "\(#filePath)".split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/Documents/documents.jsonl"

    @Test func `documents read as libyaml read them`() throws {
        let lines = try String(contentsOfFile: Self.path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count >= 200)
        for line in lines {
            let entry = try #require(try ConfigDocument.read(String(line), format: .json).root.mapping)
            let document = try #require(entry["document"]?.scalar?.text)
            let (tree, places) = (entry["tree"]?.scalar?.text, entry["places"]?.scalar?.text)
            let ours = reading(Array(document.utf8))
            // The place of a value with an anchor is that of the value here, and that of the anchor there.
            if document.contains("&") {
                #expect(ours.prefix { $0 != "\t" } == tree ?? "", "\(document)")
            } else {
                #expect(ours == "\(tree ?? "")\t\(places ?? "")", "\(document)")
            }
        }
    }
}
