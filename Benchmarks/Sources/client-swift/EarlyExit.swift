import PostgresStreaming
import ProcessUsage

/// A long stream left after a few rows: the time until the next query on the connection has its answer.
struct EarlyExit {
    private static let rowsTaken = 5

    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        var total = Total()
        var latencies = Latencies(capacity: arguments.operations)
        let start = ProcessUsage.now
        for number in 0..<arguments.operations {
            var taken = 0
            for try await _ in try await connection.query(PostgresQuery(unsafeSQL: arguments.sql)) {
                if total.rows == 0 { total.noteFirst() }
                taken += 1
                if taken == Self.rowsTaken { break }
            }
            let left = ProcessUsage.clockNanoseconds
            total.sum &+= Int64(try await RoundTrip.ask(connection, Int32(truncatingIfNeeded: number)))
            latencies.append(ProcessUsage.clockNanoseconds - left)
            total.rows += 1
        }
        let line = total.line(since: start)
        await connection.close()
        return "\(line) \(latencies.fields)"
    }
}
