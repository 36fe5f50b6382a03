import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// A wait for a lock that ends in the instant in which the lock is granted.
@Suite(.timeLimit(.minutes(2))) struct AdvisoryLockRaceTests {
    private static let rounds = 150

    @Test(arguments: LiveServer.allCases)
    func `whoever gives up at the moment of the grant keeps no lock`(version: LiveServer) async throws {
        try await version.withDatabase { url in
            let holder = try await PostgresConnection.connect(url)
            let client = try PostgresClient(url)
            let seed = UInt64.random(in: .min ... .max)
            print("↳ seed \(seed)")
            var random = SeededGenerator(seed: seed)
            var outcomes = (granted: 0, cancelled: 0, timedOut: 0)
            for round in 0..<Self.rounds {
                let waiter = try await hold(7, by: holder) { () -> Task<Void, any Error> in
                    // Sometimes time runs out, sometimes the task is cancelled, both around the moment of the grant.
                    let limit: Duration = round % 3 == 0 ? .milliseconds(3) : .seconds(60)
                    let waiter = Task { try await client.withAdvisoryLock(7, within: limit) { _ in } }
                    try await holder.execute("SELECT pg_sleep(\(Double.random(in: 0...0.004, using: &random)))")
                    return waiter
                }
                if round % 3 != 0, Bool.random(using: &random) { waiter.cancel() }
                do {
                    try await waiter.value
                    outcomes.granted += 1
                } catch {
                    switch (error as? PostgresError)?.code {
                    case .cancelled: outcomes.cancelled += 1
                    case .lockNotAvailable: outcomes.timedOut += 1
                    default: Issue.record(error)
                    }
                }
                // At once, by another session: the lock is not left to the pool's reset.
                try await holder.withAdvisoryLock(7, within: .zero) { _ in }
            }
            print("↳ \(outcomes)")
            #expect(client.statistics.opened == 1, "no connection had to be given up")
            await client.close()
            await holder.close()
        }
    }

    /// Holds a lock while `body` runs, and lets go of it by one statement, so that nothing is awaited afterwards.
    private func hold<Result>(
        _ key: Int64, by connection: PostgresConnection, _ body: () async throws -> Result
    ) async throws -> Result {
        try await connection.execute("SELECT pg_advisory_lock(\(key))")
        let result = try await body()
        try await connection.execute("SELECT pg_advisory_unlock(\(key))")
        return result
    }
}
