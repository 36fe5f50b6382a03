import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct LostServerTests {
    private static let endless: PostgresQuery = "SELECT generate_series(1, 100000000000)"

    /// Reads until the stream ends, does `harm` after some rows, and returns how the stream ended.
    private func end(
        of connection: PostgresConnection, harm: () async throws -> Void
    ) async throws -> (rows: Int, error: PostgresError?) {
        var count = 0
        do {
            for try await number in try await connection.query(Self.endless).decode(Int.self) {
                count += 1
                // What was delivered is a prefix of the true result.
                #expect(number == count)
                if count == 1000 { try await harm() }
            }
            return (count, nil)
        } catch let error as PostgresError {
            return (count, error)
        }
    }

    private func terminate(_ connection: PostgresConnection, on live: LiveServer) async throws -> () async throws ->
        Void
    {
        let process = try await connection.query("SELECT pg_backend_pid()").first()?.decode(Int32.self) ?? 0
        return {
            let other = try await live.connect()
            try await other.execute("SELECT pg_terminate_backend(\(process), 10000)")
            await other.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a terminated backend ends the stream with the server's own words`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let harm = try await terminate(connection, on: live)
        // Each row is sent at once, because it is longer than what the server gathers, and then the backend sleeps.
        let rows = try await connection.query(
            "SELECT repeat('x', 9000), pg_sleep(1) FROM generate_series(1, 1000)")
        let error = await #expect(throws: PostgresError.self) {
            var isFirst = true
            for try await _ in rows where isFirst {
                isFirst = false
                try await harm()
            }
        }
        #expect(error?.code == .sessionEndedByServer)
        #expect(error?.sqlState == .adminShutdown)
        #expect(error?.isConnectionUsable == false)
        let next = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
        #expect(next?.code == .sessionEndedByServer)
    }

    @Test(arguments: LiveServer.allCases)
    func `a backend that is terminated while it waits for us ends the stream too`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let harm = try await terminate(connection, on: live)
        let (rows, error) = try await end(of: connection, harm: harm)
        #expect(rows >= 1000)
        // A backend that is stuck in its write to a full socket gives up without a word (manual: pg_terminate_backend
        // says nothing of it, libpq sees the same).
        let codes: [PostgresError.Code?] = [.connectionLost, .sessionEndedByServer]
        #expect(codes.contains(error?.code))
        #expect(error?.isConnectionUsable == false)
    }

    @Test(arguments: LiveServer.allCases)
    func `a killed server ends the stream with an error`(_ live: LiveServer) async throws {
        let server = try await live.startAnother()
        for url in [server.url, server.tcpURL] {
            let connection = try await PostgresConnection.connect(url)
            let (rows, error) = try await end(of: connection) { await server.kill() }
            #expect(rows >= 1000)
            #expect(error?.code == .connectionLost)
            #expect(error?.isConnectionUsable == false)
            #expect(error?.isRetrySafe == false)
            try await server.restart()
        }
        await server.stop()
    }

    @Test(arguments: LiveServer.allCases)
    func `a backend that was terminated while idle is reported by the next query`(_ live: LiveServer) async throws {
        let server = try await live.server
        for url in [server.url, server.tcpURL] {
            let connection = try await PostgresConnection.connect(url)
            let process = try await connection.query("SELECT pg_backend_pid()").first()?.decode(Int.self) ?? 0
            let other = try await live.connect()
            try await other.execute("SELECT pg_terminate_backend(\(Int32(process)), 10000)")
            let error = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
            #expect(error?.code == .sessionEndedByServer)
            #expect(error?.sqlState == .adminShutdown)
        }
    }
}
