import Foundation
import PostgresTestSupport
import Testing

/// What ruamel.yaml makes of documents, a reader of YAML 1.2 in Python. Tests that need it are cancelled, aloud, where it is
/// missing.
enum Ruamel {
    private static let version = "0.18.17"

    /// Where scripts/bootstrap puts the library.
    private static var folder: String? {
        let environment = ProcessInfo.processInfo.environment
        let caches = [
            environment["POSTGRES_STREAMING_CACHE"], "/var/cache/postgres-streaming",
            environment["HOME"].map { "\($0)/.cache/postgres-streaming" },
        ]
        return caches.compactMap { $0.map { "\($0)/ruamel.yaml-\(version)" } }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The line for each document: what it is refused for after `!`, and otherwise its tree.
    static func lines(_ documents: [[UInt8]]) async throws -> [String] {
        guard let library = folder else {
            print("↳ not run: the comparison with ruamel.yaml; scripts/bootstrap fetches it")
            try Test.cancel("ruamel.yaml is missing")
        }
        return try await TemporaryDirectory.with { folder in
            let program = "\(#filePath)".split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/ruamel-trees.py"
            let input = documents.flatMap { Array("\($0.count)\n".utf8) + $0 }
            try Data(input).write(to: URL(fileURLWithPath: "\(folder)/in"))
            try await Python.output([program, library, "\(folder)/in", "\(folder)/out"])
            let output = try String(contentsOfFile: "\(folder)/out", encoding: .utf8)
            let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            try #require(lines.count == documents.count)
            return lines
        }
    }
}
