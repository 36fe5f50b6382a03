import PostgresStreaming
import PostgresTesting

/// What a pool costs, and how soon it serves again: a table for a person.
///
/// Everything runs in this process against a server that it starts; ratios are to another way in the same run.
@main
struct BenchPool {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.allSatisfy({ $0 == "--quick" }) else {
            print("usage: bench-pool [--quick]    leases with and without reset, and calls after a restart")
            return
        }
        let isQuick = !arguments.isEmpty
        let server = try await PostgresServer.start()
        print("Leases: 16 tasks, 4 connections, SELECT $1::int4; medians of \(isQuick ? 3 : 7) alternating turns\n")
        try await Leases(url: server.url, queries: isQuick ? 8_000 : 40_000, turns: isQuick ? 3 : 7).run()
        print("\nCalls that wait while the server restarts, after the first moment in which it lets a session in\n")
        try await Recovery(server: server, turns: isQuick ? 2 : 9).run()
        await server.stop()
    }

    /// The middle of some figures.
    static func median(_ figures: [Double]) -> Double {
        let sorted = figures.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }

    /// A number with two digits after the point.
    static func text(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
