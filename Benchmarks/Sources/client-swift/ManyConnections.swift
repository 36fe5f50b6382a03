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
        let (start, end) = (Gate(expected: arguments.connections), Gate(expected: arguments.connections))
        let (url, share) = (arguments.url, max(1, arguments.operations / arguments.connections))
        let emptyKiB = ProcessUsage.residentKiB
        var total = Total()
        var latencies = Latencies(capacity: share * arguments.connections)
        try await withThrowingTaskGroup(of: (Int64, Latencies).self) { group in
            for _ in 0..<arguments.connections {
                group.addTask { try await Self.work(url, share, start, end) }
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
        let line = total.line(since: started.usage, until: ended.usage)
        return "\(line) \(latencies.fields) connections=\(arguments.connections) "
            + "connections_kib=\(started.residentKiB - emptyKiB)"
    }

    @concurrent
    private static func work(
        _ url: String, _ operations: Int, _ start: Gate, _ end: Gate
    ) async throws -> (Int64, Latencies) {
        do {
            var latencies = Latencies(capacity: operations)
            var sum: Int64 = 0
            let connection = try await PostgresConnection.connect(url)
            _ = try await RoundTrip.ask(connection, 0)
            await start.arrive()
            for number in 0..<operations {
                let sent = ProcessUsage.clockNanoseconds
                sum &+= Int64(try await RoundTrip.ask(connection, Int32(truncatingIfNeeded: number)))
                latencies.append(ProcessUsage.clockNanoseconds - sent)
            }
            // Servers that end would take their time from those that still work.
            await end.arrive()
            await connection.close()
            return (sum, latencies)
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
    private(set) var opened: (usage: ProcessUsage, residentKiB: Int)?

    init(expected: Int) { self.expected = expected }

    func arrive() async {
        guard !isOpen else { return }
        guard waiting.count + 1 < expected else {
            let residentKiB = ProcessUsage.residentKiB
            opened = (.now, residentKiB)
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
