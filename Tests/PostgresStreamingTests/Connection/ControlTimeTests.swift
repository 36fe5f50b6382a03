import PostgresStreaming
import PostgresTestSupport
import Testing

/// The limits of calls that send no query of the caller's, and of those between results.
@Suite(.timeLimit(.minutes(1))) struct ControlTimeTests {
    private static let short = Duration.milliseconds(200)
    private static let timeMax = Duration.seconds(4)

    enum Call: CaseIterable {
        case prepare, describe, reset, remains, outcome, exportSnapshot

        /// What the server is asked, and does not answer.
        var messages: String {
            switch self {
            case .prepare, .describe, .remains: "PDS"
            case .reset: "PBES"
            case .outcome: "PBDES"
            case .exportSnapshot: "PBEPBDES"
            }
        }

        nonisolated(nonsending) func make(on connection: PostgresConnection) async throws {
            switch self {
            case .prepare: _ = try await connection.prepare("SELECT $1::int4", parameters: Int.self)
            case .describe: _ = try await connection.describe("SELECT 1")
            case .reset: try await connection.reset()
            case .remains: _ = try await connection.remains()
            case .outcome:
                _ = try await connection.outcome(
                    of: PostgresTransactionID(number: 742, timeline: "00000001", recoveryMark: "1"))
            case .exportSnapshot: try await connection.withTransaction { _ = try await $0.exportSnapshot() }
            }
        }
    }

    private static let deafToCancels: [Step] = [
        .expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey), .never,
    ]

    @Test(arguments: Call.allCases) func `a call that nobody answers fails when its time is over`(_ call: Call)
        async throws
    {
        try await ScriptedServer.run(script(.welcome, [.expect(call.messages), .never]), Self.deafToCancels) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            (configuration.controlTimeout, configuration.cleanUpTimeout) = (Self.short, Self.short)
            let connection = try await PostgresConnection.connect(configuration)
            let start = ContinuousClock.now
            let error = await failure { try await call.make(on: connection) }
            #expect(error?.code == .queryTimedOut)
            let next = await failure { try await connection.execute("SELECT 1") }
            #expect(next?.code == .connectionLost && next?.isConnectionUsable == false)
            #expect(start.duration(to: .now) < Self.timeMax)
            await connection.close()
        }
    }

    enum Limit: CaseIterable { case query, idle, configuration }

    @Test(arguments: Limit.allCases) func `the next result is waited for within the limits of the whole`(
        _ limit: Limit
    ) async throws {
        let first = BackendBytes.beginning.rows(1...2).complete("SELECT 2").bytes.dropFirst(10)
        let silent = script(.welcome, [.expect("Q"), .send(Array(first)), .never])
        try await ScriptedServer.run(silent, Self.deafToCancels) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            configuration.cleanUpTimeout = Self.short
            if limit == .configuration { configuration.queryTimeout = Self.short }
            let connection = try await PostgresConnection.connect(configuration)
            let options = StreamOptions {
                if limit == .query { $0.timeout = Self.short }
                if limit == .idle { $0.idleTimeout = Self.short }
            }
            let start = ContinuousClock.now
            let error = await failure {
                for try await rows in try await connection.results(of: "SELECT 1; SELECT 2", options: options) {
                    #expect(try await rows.collect().count == 2)
                }
            }
            #expect(error?.code == .queryTimedOut)
            #expect(start.duration(to: .now) < Self.timeMax)
            await connection.close()
        }
    }

    @Test(arguments: Limit.allCases) func `a server that dies within a result ends all of them, and the connection`(
        _ limit: Limit
    ) async throws {
        let beginning = BackendBytes.beginning.rows(1...2).bytes.dropFirst(10)
        let silent = script(.welcome, [.expect("Q"), .send(Array(beginning)), .never])
        try await ScriptedServer.run(silent, Self.deafToCancels) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            configuration.cleanUpTimeout = Self.short
            if limit == .configuration { configuration.queryTimeout = Self.short }
            let connection = try await PostgresConnection.connect(configuration)
            let options = StreamOptions {
                if limit == .query { $0.timeout = Self.short }
                if limit == .idle { $0.idleTimeout = Self.short }
            }
            var iterator = try await connection.results(of: "SELECT 1; SELECT 2", options: options).makeAsyncIterator()
            let rows = try await iterator.next()
            let error = await failure { try await rows?.collect() }
            #expect(error?.code == .queryTimedOut && error?.isConnectionUsable == false)
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionLost)
            // An end would look as if there were no second result.
            #expect(await failure { try await iterator.next() }?.code == .queryTimedOut)
            #expect(try await iterator.next()?.columns == nil)
        }
    }

    @Test func `a query without a limit of its own has that of the configuration`() async throws {
        let silent = script(.welcome, [.expect("PBDES"), .never])
        try await ScriptedServer.run(silent, Self.deafToCancels) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            (configuration.queryTimeout, configuration.cleanUpTimeout) = (Self.short, Self.short)
            let connection = try await PostgresConnection.connect(configuration)
            let error = await failure { try await connection.execute("SELECT 1") }
            #expect(error?.code == .queryTimedOut)
            await connection.close()
        }
    }
}
