import PostgresStreaming
import PostgresTestSupport

/// The query that a service runs most often: it is known, and one row answers it.
enum RoundTrips {
    /// How many are counted.
    static let count = 10_000
    /// How many come before, until the statement is known.
    private static let first = 2

    /// What the server says to all of them.
    static var segments: [[UInt8]] {
        let known = BackendBytes().message("2").rows(1...1).complete("SELECT 1").ready().bytes
        let unknown = BackendBytes.beginning.rows(1...1).complete("SELECT 1").ready().bytes
        return [BackendBytes.welcome] + Array(repeating: unknown, count: first) + Array(repeating: known, count: count)
    }

    /// Has the statement become known.
    static func prepare(_ connection: PostgresConnection) async throws {
        for number in 0..<first { _ = try await ask(connection, number) }
    }

    /// Asks again and again.
    @concurrent
    static func ask(_ connection: PostgresConnection) async throws -> Total {
        var total = Total()
        for number in 0..<count { total.add(Int(try await ask(connection, number)), rows: 1) }
        return total
    }

    private static func ask(_ connection: PostgresConnection, _ number: Int) async throws -> Int64 {
        try await connection.query("SELECT n FROM numbers WHERE n = \(Int64(number))").only().decode(Int64.self)
    }
}
