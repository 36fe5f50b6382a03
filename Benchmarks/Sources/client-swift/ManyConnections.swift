import PostgresStreaming
import ProcessUsage

/// Many connections at once, each doing round trips: `--operations` in all, shared out evenly.
struct ManyConnections {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    /// Measures from the moment when the last connection is open. What the connections take of memory is the growth
    /// until then.
    @concurrent
    func run() async throws -> String {
        // One connection first, so that what the library needs once is not counted as a connection's own.
        try await PostgresConnection.withConnection(arguments.url) { _ = try await RoundTrip.ask($0, 0) }
        let gate = StartingGate(expected: arguments.connections)
        let (url, share) = (arguments.url, max(1, arguments.operations / arguments.connections))
        let emptyKiB = ProcessUsage.residentKiB
        var total = Total()
        var latencies = Latencies(capacity: share * arguments.connections)
        try await withThrowingTaskGroup(of: (Int64, Latencies).self) { group in
            for _ in 0..<arguments.connections {
                group.addTask { try await Self.work(url, share, gate) }
            }
            for try await (sum, part) in group {
                total.rows += share
                total.sum &+= sum
                latencies.append(contentsOf: part)
            }
        }
        guard let start = await gate.start else { throw Refusal("the connections did not start") }
        total.bytes = total.rows * 4
        let grownKiB = await gate.residentKiB - emptyKiB
        return "\(total.line(since: start)) \(latencies.fields) connections=\(arguments.connections) "
            + "connections_kib=\(grownKiB)"
    }

    @concurrent
    private static func work(_ url: String, _ operations: Int, _ gate: StartingGate) async throws -> (Int64, Latencies)
    {
        var latencies = Latencies(capacity: operations)
        var sum: Int64 = 0
        let connection: PostgresConnection
        do {
            connection = try await PostgresConnection.connect(url)
            _ = try await RoundTrip.ask(connection, 0)
        } catch {
            await gate.abandon()
            throw error
        }
        await gate.arrive()
        for number in 0..<operations {
            let sent = ProcessUsage.clockNanoseconds
            sum &+= Int64(try await RoundTrip.ask(connection, Int32(truncatingIfNeeded: number)))
            latencies.append(ProcessUsage.clockNanoseconds - sent)
        }
        await connection.close()
        return (sum, latencies)
    }
}

/// Holds everybody back until all have arrived.
private actor StartingGate {
    private let expected: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false
    /// When the last one arrived.
    private(set) var start: ProcessUsage?
    /// What was resident then.
    private(set) var residentKiB = 0

    init(expected: Int) { self.expected = expected }

    func arrive() async {
        guard !isOpen else { return }
        guard waiting.count + 1 < expected else {
            residentKiB = ProcessUsage.residentKiB
            start = .now
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
