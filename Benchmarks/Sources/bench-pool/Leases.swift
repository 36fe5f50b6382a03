import PostgresStreaming
import ProcessUsage

/// Many short leases, by tasks that share few connections.
struct Leases {
    let url: String
    let queries: Int
    let turns: Int

    private static let taskCount = 16
    private static let connectionCount = 4

    /// One way to run the queries.
    private enum Way: String, CaseIterable {
        case bare = "bare connections"
        case none = "leases, no reset"
        case kept = "leases, reset keeps statements"
        case discarded = "leases, DISCARD ALL"
    }

    func run() async throws {
        var figures: [Way: [(seconds: Double, cpu: Double)]] = [:]
        for _ in 0..<turns {
            for way in Way.allCases { figures[way, default: []].append(try await turn(way)) }
        }
        let base = BenchPool.median(figures[.none]?.map(\.seconds) ?? [])
        print("| way | seconds | of no reset | client CPU µs per query |\n|---|--:|--:|--:|")
        for way in Way.allCases {
            let seconds = BenchPool.median(figures[way]?.map(\.seconds) ?? [])
            let cpu = BenchPool.median(figures[way]?.map(\.cpu) ?? [])
            print(
                "| \(way.rawValue) | \(BenchPool.text(seconds)) | \(BenchPool.text(seconds / base)) | \(BenchPool.text(cpu)) |"
            )
        }
    }

    private func turn(_ way: Way) async throws -> (seconds: Double, cpu: Double) {
        switch way {
        case .bare:
            return try await measure(tasks: Self.connectionCount) {
                let connection = try await PostgresConnection.connect(url)
                for number in 0..<queries / Self.connectionCount { try await Self.ask(connection, number) }
                await connection.close()
            }
        case .none, .kept, .discarded:
            let client = try PostgresClient(
                url,
                pool: PostgresPoolConfiguration {
                    $0.connectionsMax = Self.connectionCount
                    $0.reset = way == .none ? .nothing : way == .kept ? .keepStatements : .discardAll
                })
            let figures = try await measure(tasks: Self.taskCount) {
                for number in 0..<queries / Self.taskCount {
                    try await client.withConnection { try await Self.ask($0, number) }
                }
            }
            await client.close()
            return figures
        }
    }

    private static func ask(_ connection: PostgresConnection, _ number: Int) async throws {
        let rows = try await connection.query("SELECT \(Int32(truncatingIfNeeded: number))::int4")
        for try await _ in rows.decode(Int32.self) {}
    }

    private func measure(
        tasks: Int, _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> (seconds: Double, cpu: Double) {
        let start = ProcessUsage.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks { group.addTask { try await body() } }
            try await group.waitForAll()
        }
        let end = ProcessUsage.now
        return (
            Double(end.wallNanoseconds - start.wallNanoseconds) / 1e9,
            Double(end.cpuNanoseconds - start.cpuNanoseconds) / 1e3 / Double(queries)
        )
    }
}
