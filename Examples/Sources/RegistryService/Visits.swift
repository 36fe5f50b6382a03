import PostgresRegistry
import PostgresStreaming
import Synchronization

/// Visits in a table of their own.
final class Visits: Sendable {
    private let client: RegistryClient
    private let isOver = Atomic(false)

    init(_ client: RegistryClient) { self.client = client }

    func create() async throws {
        try await client.execute("CREATE TABLE example_visit (id int PRIMARY KEY, at timestamptz DEFAULT now())")
    }

    func drop() async throws { try await client.execute("DROP TABLE example_visit") }

    /// No other visit is written.
    func end() { isOver.store(true, ordering: .relaxed) }

    /// Writes one visit after the other, and returns how many. Each call goes to the pool of the document in force.
    func write() async throws -> Int {
        var count = 0
        while !isOver.load(ordering: .relaxed) {
            count += 1
            try await client.execute("INSERT INTO example_visit (id) VALUES (\(count))")
        }
        return count
    }
}
