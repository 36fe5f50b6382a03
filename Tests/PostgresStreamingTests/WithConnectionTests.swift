import PostgresStreaming
import PostgresTesting
import Testing

@Suite struct WithConnectionTests {
    @Test func `a query that was left is cancelled when the scope has ended`() async throws {
        try await PostgresServer.withServer { server in
            let observer = try await PostgresConnection.connect(server.url)
            let url = server.url
            // The second row pushes the first one out of the server's buffer; then comes nothing for a long time.
            try await PostgresConnection.withConnection(url) { connection in
                let rows = try await connection.query(
                    "SELECT repeat('x', 9000), CASE WHEN n > 2 THEN pg_sleep(30) END FROM generate_series(1, 3) AS n")
                for try await _ in rows { break }
            }
            let activity = try await observer.query(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
                """)
            for try await count in activity.decode(Int.self) { #expect(count == 0) }
            await observer.close()
        }
    }
}
