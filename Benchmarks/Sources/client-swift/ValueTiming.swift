import PostgresStreaming
import ProcessUsage

/// One value, decoded or encoded again and again: what its codec costs, without a server or a stream.
struct ValueTiming {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    @concurrent
    func run() async throws -> String {
        guard let value = ValueCase.all.first(where: { $0.name == arguments.value }) else {
            throw Refusal("there is no value \(arguments.value); there are \(ValueCase.all.map(\.name))")
        }
        let connection = try await PostgresConnection.connect(arguments.url)
        let columns = Array(repeating: value.sql, count: ValueCase.columnCount).joined(separator: ", ")
        let mode: QueryMode = arguments.way == .text ? .simple : .extended
        let rows = try await connection.query(PostgresQuery(unsafeSQL: "SELECT \(columns)"), mode: mode)
        guard let row = try await rows.first()?.detached() else { throw Refusal("the server sent no row") }
        await connection.close()
        // Once before, so that what the first time alone costs does not count.
        try value.decode(row, ValueCase.columnCount)
        let start = ProcessUsage.now
        var total = Total()
        total.noteFirst()
        switch arguments.way {
        case .binary, .text: try value.decode(row, arguments.operations)
        case .encode: total.bytes = try value.encode(row, arguments.operations) * arguments.operations
        }
        total.rows = arguments.operations
        return total.line(since: start)
    }
}
