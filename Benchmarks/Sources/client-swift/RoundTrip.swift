import PostgresStreaming
import ProcessUsage

/// `SELECT $1::int4`, one after the other.
struct RoundTrip {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        // The second time the statement is prepared; what is measured is a statement that is kept.
        for _ in 0..<2 { _ = try await Self.ask(connection, 0) }
        var total = Total()
        var latencies = Latencies(capacity: arguments.operations)
        let start = ProcessUsage.now
        for number in 0..<arguments.operations {
            let sent = ProcessUsage.clockNanoseconds
            total.sum &+= Int64(try await Self.ask(connection, Int32(truncatingIfNeeded: number)))
            if total.rows == 0 { total.noteFirst() }
            total.rows += 1
            latencies.append(ProcessUsage.clockNanoseconds - sent)
        }
        total.bytes = total.rows * 4
        let line = total.line(since: start)
        await connection.close()
        return "\(line) \(latencies.fields)"
    }

    /// Sends a number to the server and returns what comes back.
    static func ask(_ connection: PostgresConnection, _ number: Int32) async throws -> Int32 {
        var answer: Int32?
        let rows = try await connection.query("SELECT \(number)::int4")
        for try await value in rows.decode(Int32.self) { answer = value }
        guard let answer else { throw Refusal("the server answered without a row") }
        return answer
    }
}
