import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// A thousand tasks over ten connections, with whatever goes wrong in services.
@Suite(.timeLimit(.minutes(60))) struct PoolSoakTests {
    /// What a task does with its lease.
    private enum Deed: CaseIterable {
        case query, transaction, stream, leftStream, droppedStream, error, thrown, leak, settings, ended, cancelled
        case openTransaction
    }

    private static let taskCount = 1_000
    private static let connectionsMax = 10

    private struct Thrown: Error {}

    @Test(arguments: LiveServer.allCases)
    func `no connection is lost, whatever tasks do to their leases`(server: LiveServer) async throws {
        var configuration = try await PostgresConfiguration(connectionString: server.server.url, environment: .none)
        configuration.applicationName = "pool_soak"
        let client = PostgresClient(
            configuration,
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = Self.connectionsMax
                $0.waitersMax = Self.taskCount
                $0.lifetimeMax = .milliseconds(700)
                $0.idleTimeout = .milliseconds(300)
                $0.leaseTimeout = .seconds(120)
            })
        let running = Task { await client.run() }
        let end = ContinuousClock.now + .seconds(seconds)
        let done = await withTaskGroup(of: Int.self) { group in
            for number in 0..<Self.taskCount {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(number))
                    return await work(client, until: end, &generator)
                }
            }
            return await group.reduce(0, +)
        }
        #expect(done >= Self.taskCount)
        try await reconcile(client, server)
        running.cancel()
        await running.value
        #expect(client.statistics.total == 0)
    }

    /// The seconds that each server is worked on.
    private var seconds: Int {
        let text = unsafe getenv("POOL_SECONDS").map { unsafe String(cString: $0) }
        return text.flatMap { Int($0) } ?? 3
    }

    /// Does one thing after the other, one at least; returns how many.
    private func work(
        _ client: PostgresClient, until end: ContinuousClock.Instant, _ generator: inout SeededGenerator
    ) async -> Int {
        var count = 0
        repeat {
            guard let deed = Deed.allCases.randomElement(using: &generator) else { return count }
            let rows = Int.random(in: 1...2_000, using: &generator)
            do {
                if deed == .cancelled {
                    let task = Task { try await perform(.stream, client, 1_000_000) }
                    for _ in 0..<Int.random(in: 0...20, using: &generator) { await Task.yield() }
                    task.cancel()
                    try await task.value
                } else {
                    try await perform(deed, client, rows)
                }
            } catch let error as PostgresError {
                if !Self.expected(error, deed) { Issue.record("\(deed): \(error.debugDescription)") }
            } catch is Thrown {
            } catch {
                Issue.record(error)
            }
            count += 1
        } while ContinuousClock.now < end
        return count
    }

    private static func expected(_ error: PostgresError, _ deed: Deed) -> Bool {
        switch deed {
        case .error: error.sqlState == .divisionByZero
        case .cancelled: error.code == .cancelled
        case .ended: error.code == .sessionEndedByServer || error.code == .connectionLost
        default: false
        }
    }

    private func perform(_ deed: Deed, _ client: PostgresClient, _ rows: Int) async throws {
        switch deed {
        case .query:
            let number = try await client.query("SELECT \(rows)").only().decode(Int.self)
            #expect(number == rows)
        case .transaction:
            let number = try await client.withTransaction { transaction in
                try await transaction.query("SELECT \(rows)").only().decode(Int.self)
            }
            #expect(number == rows)
        case .stream, .cancelled:
            var count = 0
            for try await _ in try await client.query("SELECT generate_series(1, \(rows))") { count += 1 }
            #expect(count == rows)
        case .leftStream:
            for try await _ in try await client.query("SELECT generate_series(1, 1000000)") { break }
        case .droppedStream: _ = try await client.query("SELECT generate_series(1, 1000000)")
        case .error: try await client.execute("SELECT 1 / 0")
        case .thrown: try await client.withConnection { _ in throw Thrown() }
        case .ended: try await client.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        case .leak, .settings, .openTransaction: try await leaveBehind(deed, client)
        }
    }

    private func leaveBehind(_ deed: Deed, _ client: PostgresClient) async throws {
        try await client.withConnection { connection in
            let clean = try await connection.remains()
            #expect(clean.isClean, "\(clean)")
            switch deed {
            case .leak: _ = try await connection.query("SELECT generate_series(1, 100000)")
            case .settings:
                try await connection.execute("SET statement_timeout TO '70s'")
                try await connection.execute("SELECT pg_advisory_lock(hashtext(pg_backend_pid()::text))")
                try await connection.execute("CREATE TEMPORARY TABLE soaked (id int)")
            default: try await connection.execute("BEGIN; SELECT 1", mode: .simple)
            }
        }
    }

    /// Nothing is lent, nobody waits, and the server counts the sessions that the pool counts.
    private func reconcile(_ client: PostgresClient, _ server: LiveServer) async throws {
        let other = try await server.connect()
        let deadline = ContinuousClock.now + .seconds(20)
        var statistics = client.statistics
        var sessions = -1
        repeat {
            statistics = client.statistics
            sessions = try await other.query(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pool_soak'"
            ).only().decode(Int.self)
        } while (sessions != statistics.open || statistics.idle != statistics.total) && ContinuousClock.now < deadline
        #expect(statistics.leased == 0 && statistics.waiting == 0 && statistics.idle == statistics.total)
        #expect(sessions == statistics.open && sessions <= Self.connectionsMax)
        #expect(statistics.opened - statistics.closed == statistics.open)
        await other.close()
    }
}
