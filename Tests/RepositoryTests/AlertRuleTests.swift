import Testing

/// The alert rules are valid, and about metrics that exist.
@Suite struct AlertRuleTests {
    private static let rules = "docs/alerts.yml"

    @Test func `Prometheus accepts the rules`() throws {
        let (isFine, output) = try Command.run("promtool check rules \(Self.rules)")
        #expect(isFine && output.contains("SUCCESS"), "\(output)")
    }

    @Test func `every metric of the rules is one that is observed`() {
        let observed = Repository.here.text("docs/OBSERVATION.md")
        let text = Repository.here.text(Self.rules)
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.filter { $0.hasPrefix("postgres_") }
        #expect(words.count >= 10)
        for word in words {
            var name = word.dropFirst("postgres_".count)
            for suffix in ["_bucket", "_count", "_sum"] where name.hasSuffix(suffix) {
                name = name.dropLast(suffix.count)
            }
            #expect(observed.contains("| `\(name)` |"), "\(name)")
        }
    }

    @Test func `every rule is explained in the deployment guide`() {
        let guide = Repository.here.text("PRODUCTION_DEPLOYMENT.md")
        let names = Repository.here.text(Self.rules).split(separator: "\n").compactMap { line in
            line.split(separator: "- alert: ").dropFirst().first
        }
        #expect(names.count >= 8)
        for name in names { #expect(guide.contains("`\(name)`"), "\(name)") }
    }
}
