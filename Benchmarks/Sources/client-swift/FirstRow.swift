import PostgresStreaming
import ProcessUsage

/// The time from sending a query to its first row, on a connection that has been used; the other rows are read too.
struct FirstRow {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let generic = try GenericStream(arguments.columns)
        var total = Total()
        var latencies = Latencies(capacity: arguments.operations)
        let start = ProcessUsage.now
        for _ in 0..<arguments.operations {
            let sent = ProcessUsage.clockNanoseconds
            let rows = try await connection.query(PostgresQuery(unsafeSQL: arguments.sql))
            let part = try await generic.total(rows)
            latencies.append((part.firstClock ?? ProcessUsage.clockNanoseconds) - sent)
            total.firstClock = total.firstClock ?? part.firstClock
            total.rows += 1
            total.bytes += part.bytes
            total.sum &+= part.sum
        }
        let line = total.line(since: start)
        await connection.close()
        return "\(line) \(latencies.fields)"
    }
}
