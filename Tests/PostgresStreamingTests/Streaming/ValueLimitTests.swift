import PostgresStreaming
import PostgresTestSupport
import Testing

/// Values longer than a stream accepts.
@Suite(.timeLimit(.minutes(1))) struct ValueLimitTests {
    private static let options = StreamOptions { $0.valueBytesMax = 1000 }

    /// Returns the rows that came, and why no more did.
    private func read(_ query: PostgresQuery, _ live: LiveServer) async throws -> (rows: Int, error: PostgresError?) {
        let connection = try await live.connect()
        var rows = 0
        do throws(PostgresError) {
            for try await _ in try await connection.query(query, options: Self.options) { rows += 1 }
        } catch {
            #expect(error.isConnectionUsable)
            try await connection.expectUsable()
            return (rows, error)
        }
        return (rows, nil)
    }

    @Test(arguments: LiveServer.allCases)
    func `values up to the limit pass, many in a row and beside nulls`(_ live: LiveServer) async throws {
        let (rows, error) = try await read(
            "SELECT repeat('x', 1000), NULL, 1, repeat('y', 1000) FROM generate_series(1, 5000)", live)
        #expect(rows == 5000 && error == nil)
    }

    @Test(arguments: LiveServer.allCases)
    func `a longer one fails the query with its length`(_ live: LiveServer) async throws {
        let (rows, error) = try await read("SELECT 1, repeat('x', 1001), 2", live)
        #expect(rows == 0 && error?.code == .memoryLimitExceeded)
        #expect(error?.message.contains("1001") == true && error?.message.contains("1000") == true)
    }

    @Test(arguments: LiveServer.allCases)
    func `a value of ten megabytes is refused before it is taken`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query(
            "SELECT repeat('x', CASE n WHEN 3 THEN 10000000 ELSE 1 END) FROM generate_series(1, 3) n",
            options: Self.options)
        let control = rows.control
        let error = await failure { for try await _ in rows {} }
        #expect(error?.code == .memoryLimitExceeded)
        #expect(control.statistics.peakBytes < 1 << 20)
        try await connection.expectUsable()
    }
}
