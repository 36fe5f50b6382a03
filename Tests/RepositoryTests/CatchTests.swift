import Testing

/// Swift 6.3.1 crashes over an async function that throws untyped where a `do` throws `PostgresError` alone and none of
/// its catches takes every error; ERROR_HANDLING_GUIDE.md says more.
@Suite struct CatchTests {
    /// What somebody may copy, or may have to build with another compiler: documents, and Swift with its comments.
    private static var copied: [Repository.File] {
        Repository.here.files.filter { $0.path.hasSuffix(".md") }
            + Repository.here.swiftFiles("Sources", "Examples/Sources")
    }

    @Test func `no catch has a condition`() {
        for file in Self.copied where !Self.explaining.contains(file.path) {
            expectNone(
                file.places { Self.pattern($0)?.contains(" where ") == true },
                "decide inside of a plain catch: some forms with a condition crash the compiler")
        }
    }

    @Test func `a list of catches in what is copied ends with one that takes every error`() {
        for file in Self.copied where !Self.explaining.contains(file.path) {
            let isSource = file.path.hasPrefix("Sources/") && file.path.hasSuffix(".swift")
            for (index, line) in file.lines.enumerated() where Self.pattern(line).map({ $0 != "" }) == true {
                // What the library itself does is compiled; its comments are copied.
                if isSource, !line.text.contains("///") { continue }
                let indentation = line.text.prefix { $0 != "}" }
                let rest = line.text.hasSuffix("}") ? [] : file.lines[(index + 1)...]
                let end = rest.first { $0.text.hasPrefix("\(indentation)}") }
                #expect(end.flatMap(Self.pattern) != nil, "\(file.place(line)): no plain catch follows")
            }
        }
    }

    @Test func `the page that explains it shows what crashes once`() {
        for path in Self.explaining {
            let lines = Repository.here.text(path).split(separator: "\n")
            #expect(lines.filter { $0.hasPrefix("} catch ") && $0.contains(" where ") }.count == 1)
        }
    }

    private static let explaining: Set<String> = ["ERROR_HANDLING_GUIDE.md"]

    /// What a catch takes; empty for every error, nil where the line has no catch.
    private static func pattern(_ line: SourceLine) -> String? {
        guard let start = line.text.firstRange(of: "} catch ") else { return nil }
        let rest = line.text[start.upperBound...]
        return rest.lastIndex(of: "{").map { String(rest[..<$0].drop { $0 == " " }) }
    }
}
