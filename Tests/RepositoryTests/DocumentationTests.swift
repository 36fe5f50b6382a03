import Testing

/// What the documents show is there and compiles.
@Suite struct DocumentationTests {
    private static var pages: [Repository.File] {
        Repository.here.files.filter { $0.path.hasSuffix(".md") && !$0.path.hasPrefix("Benchmarks/Results") }
    }

    @Test func `every link leads to something`() {
        let files = Set(Repository.here.paths)
        for page in Self.pages {
            let folder = page.path.split(separator: "/").dropLast().map(String.init)
            for target in Self.links(page.text) where !target.contains("://") && !target.hasPrefix("mailto:") {
                let parts = target.split(separator: "#", omittingEmptySubsequences: false)
                guard let path = Self.resolve(String(parts[0]), in: folder) else {
                    Issue.record("\(page.path): \(target) leads out of the repository")
                    continue
                }
                let place = parts[0].isEmpty ? page.path : path
                #expect(files.contains { $0 == place || $0.hasPrefix("\(place)/") }, "\(page.path): \(target)")
                guard parts.count > 1 else { continue }
                #expect(Self.anchors(Repository.here.text(place)).contains(String(parts[1])), "\(page.path): \(target)")
            }
        }
    }

    /// Where the links of a text lead, those within code left out.
    private static func links(_ text: String) -> [String] {
        let prose = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset % 2 == 0 ? $0.element : "" }.joined()
        return prose.components(between: "](", and: ")")
    }

    private static func resolve(_ path: String, in folder: [String]) -> String? {
        var steps = folder
        for step in path.split(separator: "/") where step != "." {
            if step != ".." {
                steps.append(String(step))
            } else if steps.popLast() == nil {
                return nil
            }
        }
        return steps.joined(separator: "/")
    }

    /// The anchors of the headings, as they are made by those who show the pages.
    private static func anchors(_ text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                String(
                    line.drop { $0 == "#" || $0 == " " }.lowercased().compactMap { character in
                        character == " "
                            ? "-" : character.isLetter || character.isNumber || character == "-" ? character : nil
                    })
            })
    }

    @Test func `every piece of Swift is compiled and run by a script, or the script's rules say why not`() throws {
        let (isFine, output) = try Command.run("scripts/snippets --check && scripts/snippets --list")
        #expect(isFine, "\(output)")
        #expect(output.split(separator: "\n").count > 50, "\(output)")
        #expect(Repository.here.text(".ci/run").contains("\nstep scripts/snippets\n"))
    }

    @Test func `pages say of the code that is not compiled that it is not`() {
        for page in Self.pages {
            for line in page.lines where line.text == "```swift" {
                let isMarked = page.lines.prefix(line.number - 1).last?.text == "<!-- not compiled -->"
                #expect(
                    isMarked == (page.path == "docs/ADAPTERS.md"),
                    "only the adapters are not compiled: \(page.place(line))")
            }
        }
    }

    @Test func `every figure of the README comes from a result that is kept`() throws {
        let readme = Repository.here.text("README.md")
        let results = Repository.here.files.filter { $0.path.hasPrefix("Benchmarks/Results/") }
        let kept = Set(results.flatMap(\.lines).map(\.text))
        let costs = try #require(readme.components(between: "\n## What it costs\n", and: "\n## ").first)
        let demo = try #require(readme.components(between: "```console\n$ scripts/demo\n", and: "\n```").first)
        let rows = costs.split(separator: "\n").filter { $0.hasPrefix("|") } + demo.split(separator: "\n")
        #expect(rows.count > 15)
        for row in rows { #expect(kept.contains(String(row)), "\(row)") }
    }

    @Test func `every test that a document calls a proof is there`() {
        let sources = Repository.here.swiftFiles("Tests").map(\.text).joined(separator: "\n")
        let named = Repository.here.text("SECURITY.md").split(separator: "`").filter { $0.hasSuffix("Tests") }
        #expect(named.count > 15)
        for name in named { #expect(sources.contains("struct \(name) "), "\(name)") }
    }

    @Test func `every example is on the page of examples and has a test`() {
        let page = Repository.here.text("Examples/README.md")
        let tests = Repository.here.swiftFiles("Tests/ExamplesTests").map(\.text).joined()
        let programs = Set(
            Repository.here.files.filter { file in
                file.path.hasPrefix("Examples/Sources/")
                    && (file.path.hasSuffix("/main.swift") || file.text.contains("\n@main"))
            }.map(\.path).compactMap { $0.split(separator: "/").dropFirst(2).first.map(String.init) })
        #expect(programs.count >= 20)
        for program in programs {
            #expect(page.contains("[\(program)](Sources/\(program))"), "\(program)")
            #expect(tests.contains("\"\(program)\""), "\(program)")
        }
    }
}

extension String {
    /// What stands between each `start` and the `end` that follows it.
    fileprivate func components(between start: String, and end: String) -> [String] {
        ranges(of: start).map { range in
            let rest = self[range.upperBound...]
            return String(rest[..<(rest.firstRange(of: end)?.lowerBound ?? rest.endIndex)])
        }
    }
}
