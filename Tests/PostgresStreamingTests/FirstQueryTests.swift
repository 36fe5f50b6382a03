import PostgresStreaming
import PostgresTesting
import Testing

@Suite struct FirstQueryTests {
    @Test func `a query binds its parameters and streams typed rows`() async throws {
        try await PostgresServer.withServer { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query("SELECT n, 'row ' || n FROM generate_series(1, \(3)) AS n")
            var seen: [String] = []
            for try await (number, text) in rows.decode((Int, String).self) { seen.append("\(number): \(text)") }
            #expect(seen == ["1: row 1", "2: row 2", "3: row 3"])
            await connection.close()
        }
    }
}
