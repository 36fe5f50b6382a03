import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Transactions on a server that stops in the middle: its kernel takes the bytes, and no process answers.
@Suite(.timeLimit(.minutes(2))) struct StoppedServerTests {
    /// Where the server stops.
    enum Place: CaseIterable { case beginning, statement, savepoint, commit }

    private static let policy = RetryPolicy { $0.timeout = .milliseconds(400) }
    private static let cleanUpTimeout = Duration.milliseconds(400)
    /// The policy's time, the clean-up's, and what a busy machine may add.
    private static let timeMax = Duration.seconds(6)

    @Test(arguments: LiveServer.allCases, Place.allCases)
    func `a retrying transaction comes back in time and says what may have happened`(
        live: LiveServer, place: Place
    ) async throws {
        let server = try await live.startAnother()
        let observer = try await PostgresConnection.connect(server.url)
        try await observer.execute("CREATE TABLE entry (n int)")
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.cleanUpTimeout = Self.cleanUpTimeout
        var (backend, begun) = (0, ContinuousClock.now)
        let error = await failure {
            try await configuration.withRetryingTransaction(retry: Self.policy) { transaction in
                begun = .now
                if place == .beginning { await server.suspend() }
                try await transaction.execute("INSERT INTO entry VALUES (1)")
                backend = try await transaction.query("SELECT pg_backend_pid()").only().decode(Int.self)
                if place == .statement { await server.suspend() }
                try await transaction.execute("INSERT INTO entry VALUES (2)")
                try await transaction.withSavepoint { _ = try await $0.execute("INSERT INTO entry VALUES (3)") }
                if place == .savepoint {
                    try await transaction.withSavepoint { savepoint in
                        try await savepoint.execute("INSERT INTO entry VALUES (4)")
                        await server.suspend()
                        throw PostgresError(.invalidState, "it is to be undone")
                    }
                }
                if place == .commit { await server.suspend() }
            }
        }
        #expect(begun.duration(to: .now) < Self.timeMax)
        await server.resume()
        try await observer.expectBackend(backend) { $0.state == nil }
        let count = try await observer.query("SELECT count(*) FROM entry").only().decode(Int.self)
        switch place {
        case .beginning, .statement:
            #expect(error?.code == .queryTimedOut && error?.isRetrySafe == true && count == 0)
        case .savepoint:
            // What the body threw is thrown; the connection was closed.
            #expect(error?.code == .invalidState && count == 0)
        case .commit:
            #expect(error?.code == .commitUnknown && error?.isRetrySafe == false && [0, 3].contains(count))
        }
        await observer.close()
        await server.stop()
    }

    @Test(arguments: LiveServer.allCases)
    func `a pool's retrying transaction waits for a connection no longer than its policy allows`(
        live: LiveServer
    ) async throws {
        let server = try await live.startAnother()
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.cleanUpTimeout = Self.cleanUpTimeout
        let client = PostgresClient(configuration)
        await server.suspend()
        let start = ContinuousClock.now
        let error = await failure {
            try await client.withRetryingTransaction(retry: Self.policy) { try await $0.execute("SELECT 1") }
        }
        #expect(start.duration(to: .now) < Self.timeMax)
        #expect(error?.isRetrySafe == true, "\(String(describing: error))")
        await server.resume()
        await client.close()
        await server.stop()
    }

    @Test(arguments: LiveServer.allCases)
    func `a commit that waits for a standby is never reported as done without it`(_ live: LiveServer) async throws {
        let server = try await live.startAnother { $0.configuration = ["synchronous_standby_names": "nowhere"] }
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.runtimeParameters["synchronous_commit"] = "local"
        let observer = try await PostgresConnection.connect(configuration)
        try await observer.execute("CREATE TABLE entry (n int)")
        configuration.runtimeParameters["synchronous_commit"] = "on"
        configuration.cleanUpTimeout = Self.cleanUpTimeout
        let backend = Locked(0)
        let task = Task { [configuration] in
            let connection = try await PostgresConnection.connect(configuration)
            let number = try await connection.processID()
            backend.withLock { $0 = number }
            let options = TransactionOptions { $0.tracksCommit = true }
            return await failure {
                try await connection.withTransaction(options: options) {
                    try await $0.execute("INSERT INTO entry VALUES (1)")
                }
            }
        }
        while backend.withLock({ $0 }) == 0 { await Task.yield() }
        try await observer.expectBackend(backend.withLock { $0 }) { $0.waitEvent == "SyncRep" }
        task.cancel()
        let error = try await task.value
        #expect(error?.code == .commitUnknown && error?.transactionID != nil)
        await observer.close()
        await server.stop(.immediate)
    }
}
