import PostgresTesting
import Testing

/// Asks Python, whose own library knows Unicode too. The tests that need it are cancelled, aloud, where there is none.
package enum Python {
    private static let secondsMax = 60

    /// Runs the text of a program and returns the lines that it printed.
    package static func lines(of program: String, _ arguments: [String] = []) async throws -> [Substring] {
        try await output(["-c", program] + arguments).split(separator: "\n")
    }

    /// Runs `python3` with these arguments and returns what it printed; it must succeed.
    @discardableResult
    package static func output(_ arguments: [String]) async throws -> String {
        let result: (status: PostgresTesting.ExitStatus, output: String)
        do throws(PostgresServerError) {
            result = try await ChildProcess.capture(["python3"] + arguments, secondsMax: secondsMax)
        } catch {
            print("↳ not run: \(error.message)")
            try Test.cancel("\(error.message)")
        }
        try #require(result.status == .code(0), "\(result.output.suffix(1000))")
        return result.output
    }
}
