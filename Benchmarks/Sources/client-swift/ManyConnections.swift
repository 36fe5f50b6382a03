import PostgresStreaming
import ProcessUsage

/// Many connections at once, each doing round trips: `--operations` in all, shared out evenly.
struct ManyConnections {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    /// Measures from the moment when every task has a connection. What the connections take of memory is the growth
    /// until all are open and idle in a pool; what the tasks take is not theirs.
    @concurrent
    func run() async throws -> String {
        // One connection first, so that what the library needs once is not counted as a connection's own.
        try await PostgresConnection.withConnection(arguments.url) { _ = try await RoundTrip.ask($0, 0) }
        let count = arguments.connections
        let settings = PostgresPoolConfiguration {
            $0.connectionsMin = count
            $0.connectionsMax = count
        }
        let configuration = try PostgresConfiguration(connectionString: arguments.url)
        let emptyKiB = ProcessUsage.residentKiB
        return try await PostgresClient.withClient(configuration, pool: settings) { client in
            while client.statistics.idle < count { try await Task.sleep(for: .milliseconds(5)) }
            let grownKiB = ProcessUsage.residentKiB - emptyKiB
            return try await measure(client) + " connections=\(count) connections_kib=\(grownKiB)"
        }
    }

    @concurrent
    private func measure(_ client: PostgresClient) async throws -> String {
        let (start, end) = (Gate(expected: arguments.connections), Gate(expected: arguments.connections))
        let share = max(1, arguments.operations / arguments.connections)
        var total = Total()
        var latencies = Latencies(capacity: share * arguments.connections)
        try await withThrowingTaskGroup(of: (Int64, Latencies).self) { group in
            for _ in 0..<arguments.connections {
                group.addTask { try await Self.work(client, share, start, end) }
            }
            for try await (sum, part) in group {
                total.rows += share
                total.sum &+= sum
                latencies.append(contentsOf: part)
            }
        }
        guard let started = await start.opened, let ended = await end.opened else {
            throw Refusal("the connections did not come together")
        }
        total.bytes = total.rows * 4
        return "\(total.line(since: started, until: ended)) \(latencies.fields)"
    }

    @concurrent
    private static func work(
        _ client: PostgresClient, _ operations: Int, _ start: Gate, _ end: Gate
    ) async throws -> (Int64, Latencies) {
        do {
            return try await client.withConnection { connection in
                var latencies = Latencies(capacity: operations)
                var sum: Int64 = 0
                _ = try await RoundTrip.ask(connection, 0)
                await start.arrive()
                for number in 0..<operations {
                    let sent = ProcessUsage.clockNanoseconds
                    sum &+= Int64(try await RoundTrip.ask(connection, Int32(truncatingIfNeeded: number)))
                    latencies.append(ProcessUsage.clockNanoseconds - sent)
                }
                // Servers that end would take their time from those that still work.
                await end.arrive()
                return (sum, latencies)
            }
        } catch {
            await start.abandon()
            await end.abandon()
            throw error
        }
    }
}

/// Holds everybody back until all have arrived, and notes what had been used then.
private actor Gate {
    private let expected: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false
    /// When the last one arrived; nil where somebody never did.
    private(set) var opened: ProcessUsage?

    init(expected: Int) { self.expected = expected }

    func arrive() async {
        guard !isOpen else { return }
        guard waiting.count + 1 < expected else {
            opened = .now
            open()
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Somebody will never arrive: lets the others go.
    func abandon() { open() }

    private func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
