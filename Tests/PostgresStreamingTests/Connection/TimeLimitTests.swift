import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// The limits for cleaning up behind a stream, and limits of any length.
@Suite(.timeLimit(.minutes(1))) struct TimeLimitTests {
    /// A server that begins an answer and then says and does nothing more, whoever asks it to cancel.
    private static let silent = script(
        .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...2).bytes), .never])
    private static let deafToCancels: [Step] = [
        .expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey), .never,
    ]

    private func leave(
        _ url: String, _ change: (inout PostgresConfiguration) -> Void
    ) async throws -> PostgresConnection {
        var configuration = try PostgresConfiguration(connectionString: url, environment: .none)
        change(&configuration)
        let connection = try await PostgresConnection.connect(configuration)
        for try await _ in try await connection.query("SELECT n FROM numbers") { break }
        return connection
    }

    @Test func `closing waits for a clean-up no longer than it may`() async throws {
        try await ScriptedServer.run(Self.silent, Self.deafToCancels) { server in
            let connection = try await leave(server.url) {
                $0.cancelTimeout = .seconds(50)
                $0.closeTimeout = .milliseconds(100)
            }
            let start = ContinuousClock.now
            await connection.close()
            #expect(start.duration(to: .now) < .seconds(3))
        }
    }

    @Test func `a cancel request that nobody answers is given up in time, and the connection with it`() async throws {
        try await ScriptedServer.run(Self.silent, Self.deafToCancels) { server in
            let connection = try await leave(server.url) { $0.cancelTimeout = .milliseconds(100) }
            let start = ContinuousClock.now
            let error = await failure { try await connection.execute("SELECT 1") }
            #expect(error?.code == .connectionLost && error?.isConnectionUsable == false)
            #expect(start.duration(to: .now) < .milliseconds(1500))
        }
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.max / 4), .seconds(1 << 40)])
    func `a limit longer than any clock is none`(limit: Duration) async throws {
        var configuration = try PostgresConfiguration(
            connectionString: try await LiveServer.postgres15.server.url, environment: .none)
        (configuration.connectTimeout, configuration.addressTimeout) = (limit, limit)
        (configuration.cancelTimeout, configuration.closeTimeout) = (limit, limit)
        let connection = try await PostgresConnection.connect(configuration)
        let options = StreamOptions {
            ($0.timeout, $0.idleTimeout) = (limit, limit)
            ($0.memoryWait, $0.memoryMax) = (limit, 1 << 20)
        }
        let rows = try await connection.query("SELECT generate_series(1, 1000000)", options: options)
        for try await _ in rows { break }
        #expect(try await connection.query("SELECT 1", options: options).collect().count == 1)
        for try await _ in try await connection.query("SELECT generate_series(1, 1000000)", options: options) { break }
        await connection.close()
    }
}
