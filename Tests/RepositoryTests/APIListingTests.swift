import Testing

/// The public API is what `docs/api` lists, and what is gone from it is in the changelog.
@Suite struct APIListingTests {
    @Test func `the listing of the public API is up to date`() throws {
        let (isFine, output) = try Command.run("scripts/api --check")
        #expect(isFine && output.isEmpty, "\(output)")
    }

    /// The types that the listings declare.
    private var types: Set<String> {
        let lines = Repository.here.files.filter { $0.path.hasPrefix("docs/api/") }.flatMap(\.lines).map(\.text)
        return Set(
            lines.compactMap { line in
                let name = line.prefix { $0.isLetter || $0.isNumber }
                let isType = ["struct", "class", "enum", "protocol", "actor"].contains {
                    line.contains("\($0) \(name)")
                }
                return isType && line.hasPrefix("\(name): ") ? String(name) : nil
            })
    }

    @Test func `every public type is in one group of the audit`() {
        let rows = Repository.here.text("docs/API_AUDIT.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        let named = rows.flatMap { row in
            row.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
        let types = types
        let counts = Dictionary(named.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(types.count > 100)
        for type in types { #expect(counts[type] == 1, "\(type)") }
        for name in named { #expect(types.contains(name), "\(name)") }
    }

    @Test func `the version is the one that the changelog begins with and the release notes are about`() {
        let source = Repository.here.text("Sources/PostgresStreaming/Version.swift")
        let version = source.split(separator: "\"").dropFirst().first ?? ""
        #expect(version.split(separator: ".").count == 3)
        let newest = Repository.here.text("CHANGELOG.md").split(separator: "\n").first { $0.hasPrefix("## ") }
        #expect(newest?.hasPrefix("## \(version)") == true)
        #expect(Repository.here.text("RELEASE_NOTES.md").hasPrefix("# Release notes\n\n## \(version)"))
    }
}
