import PostgresStreaming
import Synchronization

/// Jobs in a table, each done by one worker.
final class Jobs: Sendable {
    private let client: PostgresClient
    private let isOver = Atomic(false)

    init(_ client: PostgresClient) { self.client = client }

    func create() async throws {
        try await client.execute("CREATE TABLE example_job (id int PRIMARY KEY, worker int)")
        try await client.execute("INSERT INTO example_job SELECT generate_series(1, 1000000)")
    }

    func drop() async throws { try await client.execute("DROP TABLE example_job") }

    /// No worker begins another job.
    func end() { isOver.store(true, ordering: .relaxed) }

    /// Does one job after the other, and returns how many.
    func work() async throws -> Int {
        var done = 0
        while !isOver.load(ordering: .relaxed), try await workOnce() { done += 1 }
        return done
    }

    /// Two workers never get the same job: a row that one has locked is skipped by the others.
    private func workOnce() async throws -> Bool {
        try await client.withTransaction { transaction in
            let job = try await transaction.query(
                "SELECT id FROM example_job WHERE worker IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED"
            ).onlyOrNone()?.decode(Int.self)
            guard let job else { return false }
            try await transaction.execute("UPDATE example_job SET worker = pg_backend_pid() WHERE id = \(job)")
            return true
        }
    }
}
