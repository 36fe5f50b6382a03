import PostgresStreaming
import PostgresTestSupport
import Testing

/// The limits of a transaction's steps, each with a server that answers everything before it and then nothing.
@Suite(.timeLimit(.minutes(1))) struct TransactionTimeTests {
    private static let short = Duration.milliseconds(200)
    /// A limit that no test waits for.
    private static let long = Duration.seconds(100)
    /// What a busy machine may add to short limits; the scripts would go on for 20 seconds.
    private static let timeMax = Duration.seconds(4)

    private static let begun = BackendBytes().message("1").message("2").complete("BEGIN")
    private static let beginning: [Step] = [
        .expect("PBEPBDES"), .send(begun.bytes + BackendBytes.answer(1...3, status: "T")),
    ]
    private static let saved: [Step] = [
        .expect("PBEPBDES"),
        .send(
            BackendBytes().message("1").message("2").complete("SAVEPOINT").bytes
                + BackendBytes.answer(1...3, status: "T")),
    ]
    private static let deafToCancels: [Step] = [
        .expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey), .never,
    ]

    /// Runs `body` on a connection to a server that plays `steps` and then says nothing more, and expects it to end in
    /// time and without its connection.
    private func play(
        _ steps: [Step]..., cancel: [Step]? = nil, limits: (inout PostgresConfiguration) -> Void,
        as body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws {
        let scripts = [script(.welcome, steps.flatMap(\.self), [.never])] + (cancel.map { [$0] } ?? [])
        try await ScriptedServer.run(scripts: scripts) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            (configuration.commitTimeout, configuration.cleanUpTimeout) = (Self.long, Self.long)
            (configuration.controlTimeout, configuration.closeTimeout) = (Self.long, Self.long)
            (configuration.cancelTimeout, configuration.queryTimeout) = (Self.long, Self.long)
            limits(&configuration)
            let connection = try await PostgresConnection.connect(configuration)
            let start = ContinuousClock.now
            try await body(connection)
            let next = await failure { try await connection.execute("SELECT 1") }
            #expect(next?.isConnectionUsable == false)
            #expect(start.duration(to: .now) < Self.timeMax)
            await connection.close()
        }
    }

    private func ask(_ database: some PostgresQuerying) async throws -> [Int] {
        try await database.query("SELECT n FROM numbers").decode(Int.self).collect()
    }

    private struct Refusal: Error {}

    // MARK: the commit

    @Test(arguments: [false, true])
    func `a commit that nobody answers is of unknown outcome when its time is over`(isOption: Bool) async throws {
        try await play(Self.beginning, [.expect("PBES")]) {
            if !isOption { $0.commitTimeout = Self.short }
        } as: { connection in
            let options = TransactionOptions { if isOption { $0.commitTimeout = Self.short } }
            let error = await failure { try await connection.withTransaction(options: options) { try await ask($0) } }
            #expect(error?.code == .commitUnknown && error?.isConnectionUsable == false)
            #expect(error?.isRetrySafe == false)
        }
    }

    @Test func `a commit whose task is cancelled is waited for no longer than a clean-up may take`() async throws {
        let sent = Gate()
        let steps = script(.welcome, Self.beginning, [.expect("PBES"), .reach(sent), .never])
        try await ScriptedServer.run(steps) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            (configuration.commitTimeout, configuration.cleanUpTimeout) = (Self.long, Self.short)
            let task = Task { [configuration] in
                let connection = try await PostgresConnection.connect(configuration)
                return await failure { try await connection.withTransaction { try await ask($0) } }
            }
            await sent.wait()
            let start = ContinuousClock.now
            task.cancel()
            let error = try await task.value
            #expect(error?.code == .commitUnknown)
            #expect(start.duration(to: .now) < Self.timeMax)
        }
    }

    @Test func `a commit has the time for cleaning up where that of its transaction is over`() async throws {
        let committed = BackendBytes().message("1").message("2").complete("COMMIT").ready().bytes
        let steps = script(.welcome, Self.beginning, [.expect("PBES"), .send(committed), .expectEnd])
        try await ScriptedServer.run(steps) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let numbers = try await connection.withTransaction(options: TransactionOptions { $0.timeout = Self.short })
            {
                let numbers = try await ask($0)
                try await LiveServer.postgres15.connect().execute("SELECT pg_sleep(0.3)")
                return numbers
            }
            #expect(numbers == [1, 2, 3])
            await connection.close()
        }
    }

    // MARK: cleaning up

    @Test func `a rollback that nobody answers ends when the time for cleaning up is over`() async throws {
        try await play(Self.beginning, [.expect("PBES")]) {
            $0.cleanUpTimeout = Self.short
        } as: { connection in
            await #expect(throws: Refusal.self) {
                try await connection.withTransaction { transaction in
                    _ = try await ask(transaction)
                    throw Refusal()
                }
            }
        }
    }

    @Test func `a savepoint that nobody undoes ends when the time for cleaning up is over`() async throws {
        try await play(Self.beginning, Self.saved, [.expect("PBEPBES")]) {
            $0.cleanUpTimeout = Self.short
        } as: { connection in
            await #expect(throws: Refusal.self) {
                try await connection.withTransaction { transaction in
                    _ = try await ask(transaction)
                    try await transaction.withSavepoint { savepoint in
                        _ = try await ask(savepoint)
                        throw Refusal()
                    }
                }
            }
        }
    }

    @Test func `a rollback has no more time than its transaction had, but a second at least`() async throws {
        try await play(Self.beginning, [.expect("PBES")]) { _ in
        } as: { connection in
            let start = ContinuousClock.now
            await #expect(throws: Refusal.self) {
                try await connection.withTransaction(options: TransactionOptions { $0.timeout = Self.short }) {
                    _ = try await ask($0)
                    throw Refusal()
                }
            }
            #expect(start.duration(to: .now) > .milliseconds(900))
        }
    }

    @Test(arguments: [false, true])
    func `a stream with a limit is cleaned up within that limit, or a second`(isIdleLimit: Bool) async throws {
        let silence: [Step] = [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...2).bytes)]
        try await play(silence, cancel: Self.deafToCancels) { _ in
        } as: { connection in
            let options = StreamOptions {
                if isIdleLimit { $0.idleTimeout = Self.short } else { $0.timeout = Self.short }
            }
            let error = await failure { try await connection.query("SELECT n", options: options).collect() }
            #expect(error?.code == .queryTimedOut)
        }
    }

    // MARK: statements

    @Test func `a statement that runs into the time of its transaction fails, and running it again is safe`()
        async throws
    {
        try await play(Self.beginning, [.expect("PBDES")], cancel: Self.deafToCancels) { _ in
        } as: { connection in
            let error = await failure {
                try await connection.withTransaction(options: TransactionOptions { $0.timeout = Self.short }) {
                    for _ in 1...2 { _ = try await ask($0) }
                }
            }
            #expect(error?.code == .queryTimedOut && error?.isRetrySafe == true)
            #expect(error?.isConnectionUsable == false && error?.hint?.contains("timeout") == true)
        }
    }

    @Test func `a statement after the time of its transaction is not sent`() async throws {
        let rolledBack = BackendBytes().message("1").message("2").complete("ROLLBACK").ready().bytes
        let steps = script(.welcome, Self.beginning, [.expect("PBES"), .send(rolledBack), .expectEnd])
        try await ScriptedServer.run(steps) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let error = await failure {
                try await connection.withTransaction(options: TransactionOptions { $0.timeout = Self.short }) {
                    _ = try await ask($0)
                    try await LiveServer.postgres15.connect().execute("SELECT pg_sleep(0.3)")
                    _ = try await ask($0)
                }
            }
            #expect(error?.code == .queryTimedOut && error?.isConnectionUsable == true && error?.isRetrySafe == true)
            await connection.close()
        }
    }

    @Test func `a BEGIN of its own before a simple query is under the query's limit`() async throws {
        try await play([.expect("PBES")], cancel: Self.deafToCancels) { _ in
        } as: { connection in
            let error = await failure {
                try await connection.withTransaction { transaction in
                    let options = StreamOptions { $0.timeout = Self.short }
                    try await transaction.execute("SELECT 1", mode: .simple, options: options)
                }
            }
            #expect(error?.code == .queryTimedOut)
        }
    }

    @Test func `a connection that is lost before the commit leaves nothing open`() async throws {
        try await play(Self.beginning, [.expect("PBDES"), .close]) { _ in
        } as: { connection in
            let error = await failure {
                try await connection.withTransaction { for _ in 1...2 { _ = try await ask($0) } }
            }
            #expect(error?.code == .connectionLost && error?.isRetrySafe == true)
        }
    }
}
