import Testing

/// `scripts/test` runs three processes side by side; what judges time has one of them for itself.
@Suite struct TestGroupTests {
    private static let list = "Tests/judge-time.txt"
    private static let clocks = ["ContinuousClock", "duration(to:", ".elapsed", ".measure {"]

    private static var listed: [String] {
        Repository.here.text(list).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    private static var suites: [Repository.File] {
        Repository.here.swiftFiles("Tests").filter {
            $0.path.hasSuffix("Tests.swift") && $0.target != "RepositoryTests"
        }
    }

    private static func name(_ suite: Repository.File) -> String {
        String(suite.path.split(separator: "/").last?.dropLast(".swift".count) ?? "")
    }

    @Test func `every suite that reads a clock is among those that judge time`() {
        let listed = Self.listed
        for suite in Self.suites {
            let readsClock = suite.lines.contains { line in Self.clocks.contains(where: line.code.contains) }
            guard readsClock else { continue }
            #expect(listed.contains(Self.name(suite)), "add it to \(Self.list)")
        }
        #expect(listed == Set(listed).sorted())
    }

    @Test func `every suite that is said to judge time is there`() {
        let names = Set(Self.suites.map(Self.name))
        #expect(Self.listed.count > 20)
        for name in Self.listed { #expect(names.contains(name), "\(Self.list) lists what is gone") }
    }
}
