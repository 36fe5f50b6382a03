import Testing

@Suite struct FileTests {
    /// The most lines of a file below each folder.
    private static let linesMax = ["Sources/": 400, "Tests/": 400, "scripts/": 80, ".ci/": 80, "Examples/Sources/": 60]

    @Test(arguments: Self.linesMax.keys.sorted())
    func `files stay short`(folder: String) throws {
        let linesMax = try #require(Self.linesMax[folder])
        for file in Repository.here.files where file.path.hasPrefix(folder) && file.lines.count > linesMax {
            Issue.record("\(file.path):\(linesMax + 1): \(file.lines.count) lines, where \(linesMax) are allowed")
        }
    }

    @Test func `the repository is found and read`() {
        #expect(Repository.here.files.contains { $0.path == "Package.swift" })
        #expect(Repository.here.swiftFiles("Sources/PostgresWire").count > 50)
        let here = "\(#filePath)"
        #expect(Repository.here.files.contains { here.hasSuffix("/\($0.path)") })
    }

    @Test func `nothing is left to be done later`() {
        // Put together, because this file is read as well.
        let marks: Set<Substring> = ["TO" + "DO", "FIX" + "ME"]
        for file in Repository.here.files {
            expectNone(
                file.places { line in line.text.split { !$0.isLetter }.contains { marks.contains($0) } },
                "do it, or open an issue")
        }
    }

    @Test func `no file names a place of the machine it was written on`() {
        let places = ["/" + "work/", "/tmp/" + "wt"]
        for file in Repository.here.files {
            expectNone(
                file.places { line in places.contains { Self.isAbsolute($0, in: line.text) } },
                "paths are relative to the repository")
        }
    }

    /// Whether the path stands there by itself and not within a longer one.
    private static func isAbsolute(_ path: String, in text: String) -> Bool {
        text.ranges(of: path).contains { range in
            guard let before = text[..<range.lowerBound].last else { return true }
            return !(before.isLetter || before.isNumber || "._-~/}".contains(before))
        }
    }
}
