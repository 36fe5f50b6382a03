import Testing

@Suite struct ReadmeTests {
    @Test func `the first example in the README is a part of one that is built and run`() throws {
        let example = Repository.here.text("Examples/Sources/FirstQuery/Customers.swift")
        let blocks = Repository.here.text("README.md").split(separator: "```swift\n", omittingEmptySubsequences: false)
        let block = try #require(blocks.dropFirst().first?.split(separator: "\n```").first)
        #expect(block.split(separator: "\n").count >= 15)
        #expect(example.contains(block))
    }
}
