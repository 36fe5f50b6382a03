import PostgresStreaming
import PostgresTesting
import ProcessUsage

/// How long calls that wait for a connection go on waiting once the server is back.
struct Recovery {
    let server: PostgresServer
    let turns: Int

    func run() async throws {
        print("| connections | calls | median ms | last call, median ms |\n|--:|--:|--:|--:|")
        for count in [1, 8, 50] {
            var all: [Double] = []
            var last: [Double] = []
            for _ in 0..<turns {
                let times = try await turn(count)
                all += times
                last.append(times.max() ?? .nan)
            }
            print(
                "| \(count) | \(all.count) | \(BenchPool.text(BenchPool.median(all))) | \(BenchPool.text(BenchPool.median(last))) |"
            )
        }
    }

    /// Restarts the server under a pool of so many connections, and under as many calls.
    private func turn(_ count: Int) async throws -> [Double] {
        let client = try PostgresClient(
            server.url, pool: PostgresPoolConfiguration { $0.connectionsMax = count })
        // Every connection is open and idle when the server goes.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask { _ = try await client.execute("SELECT pg_sleep(0.05)") }
            }
            try await group.waitForAll()
        }
        await server.kill()
        let calls = (0..<count).map { _ in
            Task {
                _ = try await client.execute("SELECT 1")
                return ProcessUsage.clockNanoseconds
            }
        }
        let ready = Task { try await readiness() }
        try await Task.sleep(for: .milliseconds(Int.random(in: 500...1_500)))
        try await server.restart()
        let begin = try await ready.value
        var times: [Double] = []
        for call in calls { times.append(max(0, Double(try await call.value - begin) / 1e6)) }
        await client.close()
        return times
    }

    /// The first moment in which the server lets a session in.
    private func readiness() async throws -> Int64 {
        while true {
            do {
                let connection = try await PostgresConnection.connect(server.url)
                let now = ProcessUsage.clockNanoseconds
                await connection.close()
                return now
            } catch {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }
}
