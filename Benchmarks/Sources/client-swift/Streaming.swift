import PostgresStreaming
import ProcessUsage

/// One query, from its first row to its last.
struct Streaming {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let start = ProcessUsage.now
        let query = PostgresQuery(unsafeSQL: arguments.sql)
        let rows = try await connection.query(query, options: arguments.options)
        let total: Total
        switch (arguments.workload, arguments.shape) {
        case ("narrow", let shape): total = try await NarrowRow.total(rows, shape)
        case ("fixed", _): total = try await FixedRow.total(rows)
        case (_, .chunks): total = try await GenericStream(arguments.columns).total(rows)
        case ("wide", let shape): total = try await WideRow.total(rows, shape)
        default: throw Refusal("rows of \(arguments.workload) are read in the shape chunks only")
        }
        return total.line(since: start)
    }
}
