import Foundation
import Testing

/// Whatever is public and async is in the list of verbs, or here with a reason.
@Suite struct VerbListTests {
    private static let exceptions: [String: String] = [:]

    /// The async functions in the listing of a module.
    private static func listed(_ module: String) throws -> Set<String> {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/api/\(module).txt").standardized
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        return Set(
            lines.compactMap { line in
                guard !line.hasPrefix("removed: "), line.contains(" func "), "\(line) ".contains(" async ") else {
                    return nil
                }
                // Names have colons too, but no spaces.
                return line.firstRange(of: ": ").map { String(line[..<$0.lowerBound]) }
            })
    }

    @Test func `every public async function is a verb or an exception with a reason`() throws {
        let listed = try ["PostgresStreaming", "FraiseWire", "PostgresFoundation", "JSONTape"]
            .reduce(into: Set<String>()) { $0.formUnion(try Self.listed($1)) }
        #expect(listed.count > 60)
        let covered = Verb.all.reduce(into: Set<String>()) { $0.formUnion($1.covers) }
        for name in listed.subtracting(covered).subtracting(Self.exceptions.keys).sorted() {
            Issue.record("\(name): write a verb that calls it, or say here why there is none")
        }
        for name in covered.union(Self.exceptions.keys).subtracting(listed).sorted() {
            Issue.record("\(name): the listing of the API does not have it")
        }
        for name in covered.intersection(Self.exceptions.keys) { Issue.record("\(name): no exception any more") }
    }

    @Test func `verbs have names of their own`() {
        #expect(Set(Verb.all.map(\.name)).count == Verb.all.count)
    }
}
