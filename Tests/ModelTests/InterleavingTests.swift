import PostgresTesting
import Testing

/// The real pool and the real connections over servers in memory, in random orders of tasks, bytes and time. The program
/// replays each: it prints how.
@Suite(.timeLimit(.minutes(2))) struct InterleavingTests {
    @Test func `no order of tasks, bytes and time loses a connection, a call or a row`() async throws {
        let seed = UInt64.random(in: 0...(.max >> 1))
        let (status, output) = try await ChildProcess.capture(
            [Self.program, "--count", "500", "--seed", "\(seed)"], secondsMax: 100)
        #expect(status == .code(0), "\(status), seed \(seed): \(output)")
    }

    @Test func `a seed is a schedule`() async throws {
        let first = try await ChildProcess.capture([Self.program, "--replay", "7"])
        let second = try await ChildProcess.capture([Self.program, "--replay", "7"])
        #expect(first.status == .code(0) && first.output == second.output && first.output.contains("fingerprint"))
    }

    /// The programs of a test run lie beside the one that runs the tests.
    private static var program: String {
        let path = linkTarget("/proc/self/exe") ?? ""
        return path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex) + "interleavings"
    }
}
