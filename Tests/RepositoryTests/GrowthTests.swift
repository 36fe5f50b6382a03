import Testing

/// Whatever can grow has a bound, and SECURITY.md says which.
@Suite struct GrowthTests {
    private static let page = "SECURITY.md"

    /// The rows of the page's table of collections.
    private static var listed: [String] {
        Repository.here.text(page).split(separator: "\n").compactMap { row in
            row.wholeMatch(of: /\| `([A-Z]\w*(?:\.\w+)+)` \| \S.* \| \S.* \|/).map { String($0.output.1) }
        }
    }

    private static var found: [StoredProperty] {
        Repository.here.swiftFiles(
            "Sources/PostgresStreaming", "Sources/PostgresValues", "Sources/PostgresTransport",
            "Sources/PostgresCryptography", "Sources/PostgresLocking", "Sources/PostgresWire"
        ).flatMap(StoredProperty.all(of:)).filter(\.canGrow)
    }

    @Test func `every collection that can grow is listed with its bound`() {
        let (listed, found) = (Self.listed, Self.found)
        #expect(found.count > 80)
        for property in found where !listed.contains(property.name) {
            Issue.record(
                """
                \(property.path): \(property.name) is not in \(Self.page)
                say there what bounds it, in bytes or in elements of a known size, and where that bound is set
                """)
        }
        let names = Set(found.map(\.name))
        for name in listed where !names.contains(name) {
            Issue.record("\(Self.page) lists \(name), which is gone or is no collection any more")
        }
        #expect(Set(listed).count == listed.count, "a row is there twice")
    }

    @Test func `the properties of a file are found with the types around them`() {
        let lines = """
            final class Outer {
                private struct State {
                    var names: [String] = []
                    var count: Int { names.count }
                }
                let shared = Locked<[Int: State]>([:])
                private static let words: Set<String> = ["{"]
                func work() {
                    var local: [Int] = []
                }
                var label = ""
                var text: String { "{" }
            }
            extension Outer.Inner {
                struct Deep { let fixed: [Int] }
            }
            """
        let file = Repository.File(
            path: "", lines: lines.split(separator: "\n").map { SourceLine(number: 0, text: String($0)) })
        #expect(
            StoredProperty.all(of: file).filter(\.canGrow).map(\.name) == [
                "Outer.State.names", "Outer.shared", "Outer.label",
            ])
    }
}
