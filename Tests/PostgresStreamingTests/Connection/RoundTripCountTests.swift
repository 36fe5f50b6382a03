import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// How many round trips calls take: how often the client speaks after the server has.
@Suite(.timeLimit(.minutes(2))) struct RoundTripCountTests {
    private final class Counter: Sendable {
        private let state = Locked((count: 0, isClientSpeaking: false))

        func note(_ line: String) {
            let isClient = line.contains(" F ")
            state.withLock { state in
                if isClient, !state.isClientSpeaking { state.count += 1 }
                state.isClientSpeaking = isClient
            }
        }

        /// Those since the last call.
        func taken() -> Int {
            state.withLock { state in
                defer { state.count = 0 }
                return state.count
            }
        }
    }

    private static func counted(
        _ server: LiveServer
    ) async throws -> (configuration: PostgresConfiguration, counter: Counter) {
        var configuration = try PostgresConfiguration(connectionString: try await server.server.url)
        let counter = Counter()
        configuration.wireTrace = PostgresWireTrace { counter.note($0) }
        return (configuration, counter)
    }

    @Test(arguments: LiveServer.allCases)
    func `a call on a connection takes one round trip, and a transaction one more for its end`(
        server: LiveServer
    ) async throws {
        let (configuration, counter) = try await Self.counted(server)
        let connection = try await PostgresConnection.connect(configuration)
        try await connection.execute("CREATE TEMPORARY TABLE trips (n int, name text)")
        _ = counter.taken()
        let number = 7 as Int32
        // Run, prepared and run, run: the text that becomes a statement costs no round trip of its own.
        for _ in 1...3 {
            #expect(try await connection.query("SELECT \(number)::int4").only().decode(Int32.self) == 7)
            #expect(counter.taken() == 1)
        }
        try await connection.withTransaction { transaction async throws in
            try await transaction.execute("INSERT INTO trips VALUES (1, 'a')")
            #expect(counter.taken() == 1)
            try await transaction.withSavepoint { inner in
                try await inner.execute("INSERT INTO trips VALUES (2, 'b')")
                #expect(counter.taken() == 1)
            }
            #expect(counter.taken() <= 1)
        }
        #expect(counter.taken() == 1)
        try await connection.withTransaction { transaction async throws in
            try await transaction.copyIn("COPY trips FROM STDIN") { try await $0.write(Array("3\tc\n".utf8)) }
            #expect(counter.taken() == 2)
        }
        #expect(counter.taken() == 1)
        try await connection.withPipeline { pipeline in
            for n in 0..<100 { try await pipeline.execute("INSERT INTO trips VALUES (\(n as Int), 'd')") }
        }
        #expect(counter.taken() <= 2)
        try await connection.executeMany("INSERT INTO trips VALUES ($1, $2)", over: (0..<100).map { ($0, "e") })
        #expect(counter.taken() <= 2)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `closing statements and giving a connection back go with what is said anyway`(
        server: LiveServer
    ) async throws {
        let (configuration, counter) = try await Self.counted(server)
        let connection = try await PostgresConnection.connect(configuration)
        for _ in 1...2 { try await connection.execute("SELECT 1") }
        try await Self.prepareAndForget(on: connection)
        _ = counter.taken()
        try await connection.execute("SELECT 1")
        #expect(counter.taken() == 1)
        await connection.close()

        var pool = PostgresPoolConfiguration()
        pool.connectionsMax = 1
        let client = PostgresClient(configuration, pool: pool)
        for _ in 1...2 { try await client.execute("SELECT 1") }
        _ = counter.taken()
        for _ in 1...10 { try await client.execute("SELECT 1") }
        // Each is followed by the reset, which is on its way while the caller goes on.
        #expect(counter.taken() <= 20)
        await client.close()
    }

    /// A statement that is closed when nothing refers to it any more.
    private static func prepareAndForget(on connection: PostgresConnection) async throws {
        let statement = try await connection.prepare("SELECT 2", parameters: Void.self)
        try await statement.execute()
    }
}
