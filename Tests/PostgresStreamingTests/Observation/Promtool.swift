import PostgresTestSupport
import PostgresTesting

/// Prometheus's own check of what it is to read.
enum Promtool {
    /// Returns what `promtool check metrics` says about a text: nothing, and 0, where it likes it.
    static func check(_ text: String) async throws -> (status: PostgresTesting.ExitStatus, output: String) {
        try await TemporaryDirectory.with { directory in
            try TemporaryDirectory.write(text, to: "\(directory)/metrics")
            return try await ChildProcess.capture(
                ["sh", "-c", "exec promtool check metrics < \"$0\"", "\(directory)/metrics"], secondsMax: 60)
        }
    }
}
