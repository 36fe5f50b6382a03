import Foundation
import PostgresTestSupport
import PostgresTesting
import Testing

/// What libyaml makes of documents: a small program in C is compiled and run. Tests that need it are cancelled, aloud, where
/// there is no C compiler or no `libyaml-dev`.
enum Libyaml {
    /// The line for each document: what it is refused for after `!`, and otherwise its tree and the places of its scalars.
    static func lines(_ documents: [[UInt8]]) async throws -> [String] {
        try await TemporaryDirectory.with { folder in
            let program = "\(#filePath)".split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/libyaml.c"
            let built = try await ChildProcess.capture(["clang", "-O1", "-o", "\(folder)/oracle", program, "-lyaml"])
            guard built.status == .code(0) else {
                print("↳ not run: the comparison with libyaml; scripts/bootstrap installs libyaml-dev")
                try Test.cancel("libyaml-dev or a C compiler is missing")
            }
            let input = documents.flatMap { Array("\($0.count)\n".utf8) + $0 }
            try Data(input).write(to: URL(fileURLWithPath: "\(folder)/in"))
            let run = try await ChildProcess.capture(["\(folder)/oracle", "\(folder)/in", "\(folder)/out"])
            try #require(run.status == .code(0), "\(run.output)")
            let output = try String(contentsOfFile: "\(folder)/out", encoding: .utf8)
            let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            try #require(lines.count == documents.count)
            return lines
        }
    }
}
