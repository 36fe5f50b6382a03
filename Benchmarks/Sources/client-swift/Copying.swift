import PostgresStreaming
import ProcessUsage

/// COPY in both directions.
struct Copying {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    private var source: PostgresCopySource { .query(PostgresQuery(unsafeSQL: arguments.sql)) }

    /// The binary data of a query's rows, as it comes.
    @concurrent
    func out() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let start = ProcessUsage.now
        var total = Total()
        let data = try await connection.copyOut(from: source, as: .binary, options: arguments.options)
        for try await chunk in data {
            if total.rows == 0 { total.noteFirst() }
            total.rows += chunk.count
            total.bytes += chunk.byteCount
        }
        // The trailer is a message as well.
        total.rows -= 1
        return total.line(since: start)
    }

    /// The same rows, decoded.
    @concurrent
    func rows() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let start = ProcessUsage.now
        let rows = try await connection.copyRows(from: source, options: arguments.options)
        return try await NarrowRow.total(rows, arguments.shape).line(since: start)
    }

    /// A query's rows, copied into a table of another session of the same server.
    @concurrent
    func across() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let other = try await PostgresConnection.connect(arguments.url)
        try await other.execute("CREATE TEMPORARY TABLE copied AS \(unsafeSQL: arguments.sql) LIMIT 0")
        let start = ProcessUsage.now
        var total = Total()
        let result = try await connection.copy(from: source, into: .table("copied"), on: other)
        (total.rows, total.bytes) = (result.rowCount, result.sentBytes)
        return total.line(since: start)
    }

    /// Rows of five columns, copied into a table of this session from structs.
    @concurrent
    func into() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        try await connection.execute(
            "CREATE TEMPORARY TABLE loaded (id int8, name text, score float8, flag bool, made timestamptz)")
        let made = PostgresTimestampTZ.infinity
        let rows = (0..<arguments.operations).lazy.map { LoadedRow(id: $0, made: made) }
        var total = Total()
        let start = ProcessUsage.now
        let result = try await connection.copyIn(into: .table("loaded"), from: rows)
        total.noteFirst()
        (total.rows, total.bytes) = (result.rowCount, result.sentBytes)
        return total.line(since: start)
    }
}

/// A row of the table that is loaded.
private struct LoadedRow: RowEncodable {
    let id: Int
    let made: PostgresTimestampTZ

    func encode(into row: inout CopyRow) throws(PostgresError) {
        try row.write(id)
        try row.write("a name of some length")
        try row.write(Double(id) / 2)
        try row.write(id % 2 == 0)
        try row.write(made)
    }
}
