import PostgresTestSupport
import Testing

@Suite struct UnicodeTablesTests {
    @Test func `the tables are those that the script writes`() async throws {
        let path = "\(#filePath)"
        let repository = path[..<(try #require(path.firstRange(of: "Tests/PostgresWireTests"))).lowerBound]
        try await Python.output(["\(repository)scripts/generate-unicode-tables", "--check"])
    }
}
