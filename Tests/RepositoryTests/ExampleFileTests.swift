import Testing

@Suite struct ExampleFileTests {
    private static let linesMax = 60

    @Test func `no file of the examples is longer than 60 lines`() throws {
        let files = try Repository.files(below: "Examples", suffix: ".swift")
        #expect(!files.isEmpty)
        for file in files {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= Self.linesMax, "\(file)")
        }
    }

    @Test func `the first example in the README is a part of one that is built and run`() throws {
        let example = try Repository.text("Examples/Sources/FirstQuery/Customers.swift")
        let block = try #require(try Repository.blocks(of: "swift", in: "README.md").first)
        #expect(block.split(separator: "\n").count >= 15)
        #expect(example.contains(block))
    }
}
