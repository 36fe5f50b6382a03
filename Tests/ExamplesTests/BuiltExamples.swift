import Glibc
import PostgresTesting

/// The example programs, built once for all tests of a run.
enum BuiltExamples {
    private static let buildSecondsMax = 900
    private static let runSecondsMax = 120

    /// What a program did.
    struct Run {
        let status: ExitStatus
        let output: String
    }

    /// The build failed; the output says why.
    struct BuildFailure: Error { let output: String }

    /// Runs a program to its end, with nothing but the environment given.
    static func run(_ program: String, _ arguments: String..., environment: [String] = []) async throws -> Run {
        let command = ["env"] + environment + [try await path(of: program)] + arguments
        let (status, output) = try await ChildProcess.capture(command, secondsMax: runSecondsMax)
        return Run(status: status, output: output)
    }

    /// The path of a program.
    static func path(of program: String) async throws -> String {
        "\(try await directory.value)/\(program)"
    }

    private static let directory = Task {
        _ = try await swift("build", "-c", "release", "--package-path", package)
        let path = try await swift("build", "-c", "release", "--package-path", package, "--show-bin-path")
        return String(path.dropLast())
    }

    private static func swift(_ arguments: String...) async throws -> String {
        // The package manager keeps its caches in the home directory.
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? "/tmp"
        let (status, output) = try await ChildProcess.capture(
            ["env", "HOME=\(home)", "swift"] + arguments, secondsMax: buildSecondsMax)
        guard status == .code(0) else { throw BuildFailure(output: output) }
        return output
    }

    private static var package: String {
        let root = #filePath.split(separator: "/").dropLast(3)
        return "/" + root.joined(separator: "/") + "/Examples"
    }
}
