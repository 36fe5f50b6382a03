import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What a configuration says of all queries.
@Suite(.timeLimit(.minutes(1))) struct StreamDefaultsTests {
    private func configuration(
        _ server: LiveServer = .postgres15, _ change: (inout PostgresConfiguration) -> Void
    ) async throws -> PostgresConfiguration {
        var configuration = try await PostgresConfiguration(connectionString: server.server.url, environment: .none)
        change(&configuration)
        return configuration
    }

    /// The longest chunk of a result of 100 rows.
    private func longestChunk(_ connection: PostgresConnection, _ options: StreamOptions) async throws -> Int {
        var longest = 0
        for try await chunk in try await connection.query("SELECT generate_series(1, 100)", options: options).chunks {
            longest = max(longest, chunk.count)
        }
        return longest
    }

    @Test(arguments: LiveServer.allCases)
    func `a query that says nothing is read as the configuration says`(server: LiveServer) async throws {
        let configuration = try await configuration(server) {
            $0.streamOptions.chunkSize = 7
            $0.streamOptions.isAdaptive = false
        }
        let connection = try await PostgresConnection.connect(configuration)
        #expect(try await longestChunk(connection, StreamOptions()) == 7)
        #expect(try await longestChunk(connection, StreamOptions { $0.name = "named" }) == 7)
        #expect(
            try await longestChunk(
                connection,
                StreamOptions {
                    $0.chunkSize = 50; $0.isAdaptive = false
                }) == 50)
        var own = configuration.streamOptions
        own.chunkSize = 9
        #expect(try await longestChunk(connection, own) == 9)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the limit of all queries holds, and the server is told of it where asked`(server: LiveServer) async throws {
        for isSent in [false, true] {
            let configuration = try await configuration(server) {
                $0.queryTimeout = .milliseconds(200)
                $0.sendsStatementTimeout = isSent
            }
            let client = PostgresClient(configuration)
            for _ in 0..<2 {
                // A reset between two leases gives back what was set at start-up.
                let shown = try await client.query("SHOW statement_timeout").only().decode(String.self)
                #expect(shown == (isSent ? "1200ms" : "0"))
            }
            #expect(await failure { try await client.execute("SELECT pg_sleep(60)") }?.code == .queryTimedOut)
            await client.close()
        }
    }

    @Test func `a limit cannot be sent through a transaction pooler`() async throws {
        let configuration = try await configuration {
            $0.queryTimeout = .seconds(1)
            $0.sendsStatementTimeout = true
            $0.pooler = .transaction
        }
        let error = await failure(of: { try await PostgresConnection.connect(configuration) })
        #expect(error?.code == .configurationInvalid && error?.hint?.contains("ALTER ROLE") == true)
    }

    @Test func `queries of a scope have its name, unless they have one of their own`() async throws {
        let observer = RecordingObserver()
        let client = PostgresClient(
            try await configuration {
                $0.observer = observer
                $0.streamOptions.name = "default"
            })
        try await client.execute("SELECT 1")
        try await StreamOptions.withName("checkout") {
            try await client.execute("SELECT 2")
            async let child = client.execute("SELECT 3")
            _ = try await child
            try await client.withTransaction { transaction in
                try await transaction.execute("SELECT 4", options: StreamOptions { $0.name = "own" })
                try await StreamOptions.withName("inner") { try await transaction.execute("SELECT 5") }
            }
        }
        try await client.execute("SELECT 6")
        await client.close()
        let names = observer.events.filter { $0.phase == .done }.map(\.name)
        #expect(names == ["default", "checkout", "checkout", "own", "inner", "default"], "\(names)")
    }
}
