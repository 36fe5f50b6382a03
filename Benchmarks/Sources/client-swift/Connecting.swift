import PostgresStreaming
import ProcessUsage

/// Connections opened and closed, one after the other.
struct Connecting {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        var total = Total()
        var latencies = Latencies(capacity: arguments.operations)
        let start = ProcessUsage.now
        for _ in 0..<arguments.operations {
            let begun = ProcessUsage.clockNanoseconds
            let connection = try await PostgresConnection.connect(arguments.url)
            await connection.close()
            latencies.append(ProcessUsage.clockNanoseconds - begun)
            if total.rows == 0 { total.noteFirst() }
            total.rows += 1
        }
        return "\(total.line(since: start)) \(latencies.fields)"
    }
}
