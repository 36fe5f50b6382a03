import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// A pool on a primary and its synchronous standby, of which the one goes down and the other takes its place.
@Suite(.timeLimit(.minutes(3))) struct FailoverTests {
    private static let taskCount = 50
    /// From the promotion to the first row that every task writes again.
    private static let outageMax = Duration.seconds(5)

    /// What the tasks know.
    private struct Progress {
        var acknowledged: Set<Int> = []
        var promoted: ContinuousClock.Instant?
        /// When each task wrote its first row behind the promotion.
        var back: [Int: ContinuousClock.Instant] = [:]
        var isOver = false
    }

    @Test(arguments: LiveServer.allCases)
    func `a promotion costs no acknowledged row, doubles none, and service is back soon`(
        version: LiveServer
    ) async throws {
        let servers = try await ReplicatedServers.start(version)
        let client = PostgresClient(
            try servers.configuration(.readWrite), pool: PostgresPoolConfiguration { $0.connectionsMax = 20 })
        try await client.execute("CREATE TABLE written (key int NOT NULL)")
        let progress = Locked(Progress())
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { progress.withLock { $0.isOver = true } }
            for task in 0..<Self.taskCount {
                group.addTask {
                    do {
                        try await write(task, client, progress)
                    } catch {
                        Issue.record(error, "task \(task)")
                    }
                }
            }
            try await until(progress) { $0.acknowledged.count >= 5 * Self.taskCount }
            await servers.primary.kill()
            try await servers.standby.promote()
            progress.withLock { $0.promoted = .now }
            // There is no standby any more to wait for.
            let admin = try await PostgresConnection.connect(servers.standby.url)
            try await admin.execute("SET synchronous_commit TO local")
            try await admin.execute("ALTER SYSTEM SET synchronous_standby_names TO ''")
            try await admin.execute("SELECT pg_reload_conf()")
            await admin.close()
            try await until(progress) { $0.back.count == Self.taskCount }
            progress.withLock { $0.isOver = true }
            try await group.waitForAll()
        }
        try await check(progress.withLock { $0 }, client)
        await client.close()
        #expect(client.statistics.total == 0)
        await servers.stop()
    }

    /// Writes rows with keys of its own; a row whose outcome is not known is looked for before it is written again.
    private func write(_ task: Int, _ client: PostgresClient, _ progress: Locked<Progress>) async throws {
        var number = 0
        while !progress.withLock({ $0.isOver }) {
            let key = task * 1_000_000 + number
            do {
                try await client.withRetryingTransaction(retry: RetryPolicy { $0.attemptsMax = 1_000 }) { transaction in
                    try await transaction.execute(
                        "INSERT INTO written SELECT \(key) WHERE NOT EXISTS (SELECT FROM written WHERE key = \(key))")
                }
            } catch {
                guard (error as? PostgresError)?.code == .commitUnknown else { throw error }
                // Another server cannot tell what became of a commit of this one; the row itself can.
                continue
            }
            progress.withLock { progress in
                progress.acknowledged.insert(key)
                if progress.promoted != nil, progress.back[task] == nil { progress.back[task] = .now }
            }
            number += 1
        }
    }

    private func until(_ progress: Locked<Progress>, _ condition: (Progress) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !progress.withLock({ condition($0) }) {
            try #require(ContinuousClock.now < deadline, "the tasks did not come to it in time")
            await Task.yield()
        }
    }

    private func check(_ progress: Progress, _ client: PostgresClient) async throws {
        let keys = try await client.query("SELECT key FROM written").decode(Int.self).collect()
        #expect(keys.count == Set(keys).count, "a row was doubled")
        let lost = progress.acknowledged.subtracting(keys)
        #expect(lost.isEmpty, "acknowledged rows were lost")
        // The rows that no task was told of can be no more than one of each.
        #expect(Set(keys).subtracting(progress.acknowledged).isEmpty)
        let outage = progress.back.values.max().map { ($0 - (progress.promoted ?? $0)) } ?? .seconds(60)
        print("↳ every task wrote again \(outage) behind the promotion")
        #expect(outage < Self.outageMax)
        let statistics = client.statistics
        #expect(statistics.waiting == 0 && statistics.total <= 20)
    }

    @Test func `readers go to the standby, and to the primary where there is none`() async throws {
        let servers = try await ReplicatedServers.start(.postgres15)
        let client = PostgresClient(try servers.configuration(.primary))
        func port(_ client: PostgresClient) async throws -> Int {
            try await client.query("SELECT current_setting('port')::int").only().decode(Int.self)
        }
        #expect(try await port(client) == servers.primary.port)
        #expect(try await port(client.reader) == servers.standby.port)
        #expect(client.reader === client.reader && client.reader.reader === client.reader)
        await servers.standby.stop()
        #expect(try await port(client.reader) == servers.primary.port)
        await client.close()
        #expect(await failure(of: { try await client.reader.execute("SELECT 1") })?.code == .poolClosed)
        await servers.primary.stop()
    }

    @Test func `a reader that is asked for when its client is closed lends nothing`() async throws {
        let url = try await LiveServer.postgres15.server.url
        let client = PostgresClient(try PostgresConfiguration(connectionString: url, environment: .none))
        await client.close()
        #expect(await failure(of: { try await client.reader.execute("SELECT 1") })?.code == .poolClosed)
    }

    @Test func `connections to a server that only reads now are not lent any more`() async throws {
        let server = try await LiveServer.postgres15.startAnother()
        var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
        configuration.targetSession = .readWrite
        let client = PostgresClient(
            configuration, pool: PostgresPoolConfiguration { $0.leaseTimeout = .milliseconds(300) })
        try await client.execute("CREATE TABLE place (id int)")
        let admin = try await PostgresConnection.connect(server.url)
        try await admin.execute("ALTER SYSTEM SET default_transaction_read_only TO on")
        try await admin.execute("SELECT pg_reload_conf()")
        while try await admin.query("SHOW default_transaction_read_only").only().decode(String.self) == "off" {}
        // The session hears of it with its next command at the latest.
        while client.statistics.closed == 0 { _ = try? await client.execute("SELECT 1") }
        let error = await failure(of: { try await client.execute("INSERT INTO place VALUES (1)") })
        #expect(error?.code == .targetSessionMismatch)
        #expect(client.statistics.idle == 0 && client.statistics.closed >= 1)
        await admin.close()
        await client.close()
        await server.stop()
    }
}
