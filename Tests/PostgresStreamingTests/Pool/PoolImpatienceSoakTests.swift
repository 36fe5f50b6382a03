import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Calls that give up at about the instant in which they are granted a connection.
@Suite(.timeLimit(.minutes(60))) struct PoolImpatienceSoakTests {
    private static let connectionsMax = 4

    /// How many tasks call, how long the most patient waits, and how long the longest query takes, in seconds.
    struct Load {
        let taskCount: Int
        let limitMax: Double
        let queryMax: Double
    }

    @Test(arguments: [
        Load(taskCount: 8, limitMax: 0.003, queryMax: 0.000_2), Load(taskCount: 60, limitMax: 0.1, queryMax: 0.02),
    ])
    func `no connection is lost to calls that give up`(load: Load) async throws {
        var configuration = try await PostgresConfiguration(
            connectionString: LiveServer.postgres15.server.url, environment: .none)
        configuration.applicationName = "pool_impatience"
        let client = PostgresClient(
            configuration,
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = Self.connectionsMax
                $0.waitersMax = load.taskCount
                $0.shutdownTimeout = .seconds(5)
            })
        let seed = UInt64.random(in: 0 ... .max)
        let end = ContinuousClock.now + .seconds(Self.seconds)
        let counts = await withTaskGroup(of: Counts.self) { group in
            for number in 0..<load.taskCount {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &+ UInt64(number))
                    return await work(load, client, until: end, &generator)
                }
            }
            return await group.reduce(into: Counts()) { $0.add($1) }
        }
        #expect(counts.served > 0 && counts.gaveUp > 0 && counts.cancelled > 0, "seed \(seed)")
        #expect(counts.unexpected == [:], "seed \(seed)")
        #expect(client.statistics.leased == 0 && client.statistics.waiting == 0, "seed \(seed)")
        #expect(await client.close(), "every lease ended; seed \(seed)")
        #expect(client.statistics.total == 0)
    }

    /// The seconds that a pool is worked on.
    private static var seconds: Int {
        let text = unsafe getenv("POOL_IMPATIENCE_SECONDS").map { unsafe String(cString: $0) }
        return text.flatMap { Int($0) } ?? 3
    }

    private struct Counts {
        var served = 0
        var gaveUp = 0
        var cancelled = 0
        var unexpected: [String: Int] = [:]

        mutating func add(_ other: Counts) {
            served += other.served
            gaveUp += other.gaveUp
            cancelled += other.cancelled
            unexpected.merge(other.unexpected, uniquingKeysWith: +)
        }
    }

    private func work(
        _ load: Load, _ client: PostgresClient, until end: ContinuousClock.Instant, _ generator: inout SeededGenerator
    ) async -> Counts {
        var counts = Counts()
        while ContinuousClock.now < end {
            // As many short limits as long ones.
            let exponent = Double.random(in: log(0.000_05)...log(load.limitMax), using: &generator)
            let limit = Duration.seconds(exp(exponent))
            let seconds = Double.random(in: 0...load.queryMax, using: &generator)
            let isToBeCancelled = Int.random(in: 0..<4, using: &generator) == 0
            do {
                let call = Task {
                    try await client.withConnection(label: nil, timeout: limit) { connection in
                        _ = try await connection.execute("SELECT pg_sleep(\(seconds))")
                    }
                }
                if isToBeCancelled {
                    for _ in 0..<Int.random(in: 0...50, using: &generator) { await Task.yield() }
                    call.cancel()
                }
                try await call.value
                counts.served += 1
            } catch let error as PostgresError {
                switch error.code {
                case .poolTimedOut: counts.gaveUp += 1
                case .cancelled where isToBeCancelled: counts.cancelled += 1
                default: counts.unexpected[error.debugDescription, default: 0] += 1
                }
            } catch {
                counts.unexpected["\(error)", default: 0] += 1
            }
        }
        return counts
    }
}
