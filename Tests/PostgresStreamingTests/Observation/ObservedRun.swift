import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport

/// One run through what connections and streams really do, with one registry and one observer. The tests look at what it
/// left behind, so it takes place once for all of them.
///
/// Whoever declares a metric adds what emits it to one of the scenarios, or a scenario of his own to `perform`.
struct ObservedRun: Sendable {
    /// Stands for what nobody may see: SQL, parameters, values of rows, words of servers.
    static let canary = "kanari-9d41c7"

    let metrics = PostgresMetrics()
    let observer = RecordingObserver()
    private let seen = Locked<Set<String>>([])
    private let consumed = Locked(0)

    /// The run, which happens when somebody first asks for it.
    static let shared = Task {
        let run = ObservedRun()
        try await run.connect()
        try await run.failToConnect()
        try await run.endConnections()
        try await run.query()
        try await run.steer()
        try await run.fillMemory()
        try await run.passDeadlines()
        try await run.passTransactionLimits()
        try await run.holdSnapshot()
        try await run.leave()
        try await run.gather()
        try await run.readDocuments()
        try await run.pool()
        try await run.listen()
        try await run.settle()
        run.probe()
        return run
    }

    /// The metrics that were not zero at some time.
    var emitted: Set<String> { seen.withLock { $0 } }

    /// The rows that consumers have got.
    var rowsConsumed: Int { consumed.withLock { $0 } }

    /// Takes note of what is not zero now.
    func probe() {
        let names = metrics.snapshot().metrics.filter { metric in
            metric.series.contains { $0.value != 0 || $0.count != 0 }
        }.map(\.name)
        seen.withLock { $0.formUnion(names) }
    }

    /// The consumer has got so many rows.
    func consume(_ rows: Int) { consumed.withLock { $0 += rows } }

    /// A configuration that reports here; every wait counts as a stall.
    func observed(_ configuration: PostgresConfiguration) -> PostgresConfiguration {
        var configuration = configuration
        configuration.metrics = metrics
        configuration.observer = observer
        configuration.stallThreshold = .zero
        return configuration
    }

    /// A configuration made from a connection string, which reports here.
    func observed(
        _ string: String, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) throws(PostgresError) -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: string, environment: .none)
        change(&configuration)
        return observed(configuration)
    }

    /// A connection to the shared server that reports here.
    func open() async throws -> sending PostgresConnection {
        try await PostgresConnection.connect(observed(LiveServer.postgres15.server.url))
    }

    /// Reads a stream to its end or for so many rows.
    func read(_ rows: RowStream, atMost limit: Int = .max) async throws(PostgresError) {
        var count = 0
        for try await chunk in rows.chunks {
            consume(chunk.count)
            count += chunk.count
            if count >= limit { break }
        }
    }

    /// What fails is part of the run.
    func attempt(_ body: () async throws(PostgresError) -> Void) async {
        do throws(PostgresError) { try await body() } catch { probe() }
    }

    /// Waits until what goes on behind the callers' backs is over: the clean-up of dropped connections.
    private func settle() async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let snapshot = metrics.snapshot()
            if snapshot["connections_open"]?.total() == 0, snapshot["held_bytes"]?.total() == 0 { return }
            await Task.yield()
        }
    }
}
