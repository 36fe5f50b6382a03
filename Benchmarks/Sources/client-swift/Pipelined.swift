import PostgresStreaming
import ProcessUsage

/// Many small statements, sent without waiting for the answers in between.
struct Pipelined {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    /// `SELECT $1::int4` with every number; its rows are read past.
    @concurrent
    func run() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let count = arguments.operations
        let numbers = Array(0..<count)
        try await connection.executeMany("SELECT $1::int4", over: numbers.prefix(10))
        var total = Total()
        let start = ProcessUsage.now
        let result = try await connection.executeMany("SELECT $1::int4", over: numbers)
        total.noteFirst()
        (total.rows, total.sum) = (result.rowCount, Int64(result.affectedRows))
        let line = total.line(since: start)
        await connection.close()
        return line
    }

    /// The same statement with every number, each queued by itself and with a result of its own, which is not looked at.
    @concurrent
    func statements() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        let count = arguments.operations
        for _ in 1...3 { try await connection.withPipeline { try await Self.queue(10, in: $0) } }
        var total = Total()
        let start = ProcessUsage.now
        try await connection.withPipeline { try await Self.queue(count, in: $0) }
        total.noteFirst()
        (total.rows, total.sum) = (count, Int64(count))
        let line = total.line(since: start)
        await connection.close()
        return line
    }

    private static func queue(_ count: Int, in pipeline: PostgresPipeline) async throws {
        for number in 0..<count { try await pipeline.execute("SELECT \(Int32(number), as: .int4)") }
    }

    /// Rows of five columns, inserted into a table of this session.
    @concurrent
    func load() async throws -> String {
        let connection = try await PostgresConnection.connect(arguments.url)
        try await connection.execute(
            "CREATE TEMPORARY TABLE loaded (id int8, name text, score float8, flag bool, made timestamptz)")
        let rows = (0..<arguments.operations).lazy.map { n in
            (n, "name of \(n)", Double(n) / 2, n % 2 == 0, PostgresTimestampTZ.infinity)
        }
        var total = Total()
        let start = ProcessUsage.now
        let result = try await connection.executeMany("INSERT INTO loaded VALUES ($1, $2, $3, $4, $5)", over: rows)
        total.noteFirst()
        (total.rows, total.sum) = (result.rowCount, Int64(result.affectedRows))
        let line = total.line(since: start)
        await connection.close()
        return line
    }
}
