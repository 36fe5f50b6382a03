import PostgresStreaming
import ProcessUsage

/// One query, from its first row to its last.
struct Streaming {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        let generic = try GenericStream(arguments.columns)
        let isNarrow = arguments.columns == "iif"
        guard isNarrow || arguments.shape == .chunks else {
            throw Refusal("rows of \(arguments.columns) are read in the shape chunks only")
        }
        let connection = try await PostgresConnection.connect(arguments.url)
        let start = ProcessUsage.now
        let query = PostgresQuery(unsafeSQL: arguments.sql)
        let total =
            isNarrow
            ? try await NarrowRow.total(connection.query(query, options: arguments.options), arguments.shape)
            : try await generic.total(connection.query(query, options: arguments.options))
        return total.line(since: start)
    }
}
