import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Transactions that are run again, on real servers. `RETRY_INCREMENTS` and `RETRY_KILLS` say how many; `scripts/soak`
/// sets them.
@Suite(.timeLimit(.minutes(10))) struct RetryTests {
    private static func count(_ variable: String, _ usual: Int) -> Int {
        unsafe getenv(variable).flatMap { unsafe Int(String(cString: $0)) } ?? usual
    }

    private static let policy = RetryPolicy {
        $0.attemptsMax = 10_000
        $0.timeout = .seconds(300)
        $0.pauseMin = .milliseconds(1)
        $0.pauseMax = .milliseconds(20)
    }

    /// Runs `body` with the name of a table of its own.
    private func withTable(
        _ columns: String, at url: String,
        _ body: nonisolated(nonsending) (String, PostgresConnection) async throws -> Void
    ) async throws {
        let connection = try await PostgresConnection.connect(url)
        let table = "retried_\(UInt32.random(in: 0 ... .max))"
        try await connection.execute("CREATE TABLE \(identifier: table) (\(unsafeSQL: columns))")
        try await body(table, connection)
        try await connection.execute("DROP TABLE \(identifier: table)")
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `serializable writers that meet in one row count every one of their increments`(_ live: LiveServer)
        async throws
    {
        let increments = Self.count("RETRY_INCREMENTS", 160)
        let url = try await live.server.url
        let configuration = try PostgresConfiguration(connectionString: url)
        try await withTable("n int8", at: url) { table, connection in
            try await connection.execute("INSERT INTO \(identifier: table) VALUES (0)")
            let attempts = try await withThrowingTaskGroup(of: Int.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        var attempts = 0
                        for _ in 0..<(increments + 15 - task) / 16 {
                            attempts += try await Self.increment(table, configuration)
                        }
                        return attempts
                    }
                }
                return try await group.reduce(0, +)
            }
            let sum = try await connection.query("SELECT n FROM \(identifier: table)").only().decode(Int.self)
            #expect(sum == increments)
            print("↳ \(increments) increments took \(attempts) attempts")
        }
    }

    /// Adds one, reading first, and returns how many attempts that took.
    private static func increment(_ table: String, _ configuration: PostgresConfiguration) async throws -> Int {
        try await configuration.withRetryingTransaction(isolation: .serializable, retry: policy) { transaction in
            let number = try await transaction.query("SELECT n FROM \(identifier: table)").only().decode(Int.self)
            try await transaction.execute("UPDATE \(identifier: table) SET n = \(number + 1)::int8")
            return transaction.attempt
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a backend that is killed around the commit never doubles an effect`(_ live: LiveServer) async throws {
        let transactions = Self.count("RETRY_KILLS", 40)
        let url = try await live.server.url
        let seed = UInt64.random(in: .min ... .max)
        print("killing backends around commits: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        try await withTable("n int8, backend int4", at: url) { table, connection in
            let configuration = try PostgresConfiguration(connectionString: url)
            let killer = Killer(try await PostgresConnection.connect(url))
            var unknown: [Int] = []
            for number in 1...transactions {
                let delay = Double.random(in: 0...0.0008, using: &generator)
                do {
                    try await configuration.withRetryingTransaction(retry: Self.policy) { transaction in
                        let backend = try await transaction.query("SELECT pg_backend_pid()").only().decode(Int.self)
                        try await transaction.execute(
                            "INSERT INTO \(identifier: table) VALUES (\(number)::int8, \(backend)::int4)")
                        if transaction.attempt < 4 { killer.kill(backend, after: delay) }
                    }
                } catch {
                    guard (error as? PostgresError)?.code == .commitUnknown else { throw error }
                    unknown.append(number)
                }
            }
            let entries = try await connection.query("SELECT n FROM \(identifier: table)").decode(Int.self).collect()
            #expect(Set(entries).count == entries.count, "an effect was doubled, seed \(seed)")
            let missing = Set(1...transactions).subtracting(entries)
            #expect(missing.isSubset(of: unknown), "an effect is missing, seed \(seed)")
            print("↳ \(transactions) transactions, \(unknown.count) of unknown outcome")
        }
    }

    /// Terminates backends over a connection that is open already, one at a time.
    private actor Killer {
        private let connection: PostgresConnection

        init(_ connection: sending PostgresConnection) { self.connection = connection }

        /// Terminates a backend some seconds from now; where the one before has not ended yet this one lives on.
        nonisolated func kill(_ backend: Int, after delay: Double) {
            Task.detached {
                try await self.execute("SELECT pg_terminate_backend(\(backend)::int4) FROM pg_sleep(\(delay))")
            }
        }

        private func execute(_ query: PostgresQuery) async throws { try await connection.execute(query) }
    }

    @Test func `a connection that is lost before the commit is replaced`() async throws {
        let begin = BackendBytes().message("1").message("2").complete("BEGIN").bytes
        let lost = script(.welcome, [.expect("PBEPBDES"), .close])
        let commit = BackendBytes().message("1").message("2").row([nil, Array("00000001".utf8), Array("1".utf8)])
            .complete("SELECT 1")
            .message("1").message("2").complete("COMMIT").ready().bytes
        let kept = script(
            .welcome, [.expect("PBEPBDES"), .send(begin + BackendBytes.answer(1...3, status: "T"))],
            [.expect("PBEHPBES"), .send(commit), .expectEnd])
        try await ScriptedServer.run(lost, lost, kept) { server in
            let configuration = try PostgresConfiguration(connectionString: server.url)
            let attempt = try await configuration.withRetryingTransaction(retry: Self.policy) { transaction in
                _ = try await transaction.query("SELECT n FROM numbers").collect()
                return transaction.attempt
            }
            #expect(attempt == 3)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a statement that was not answered in time is no end, and its connection serves again`(_ live: LiveServer)
        async throws
    {
        let configuration = try PostgresConfiguration(connectionString: try await live.server.url)
        var backends: [Int] = []
        let attempt = try await configuration.withRetryingTransaction(retry: Self.policy) { transaction in
            backends.append(try await transaction.query("SELECT pg_backend_pid()").only().decode(Int.self))
            let options = StreamOptions { $0.timeout = .milliseconds(100) }
            try await transaction.execute(
                "SELECT pg_sleep(\(transaction.attempt == 1 ? 60 : 0))", options: options)
            return transaction.attempt
        }
        #expect(attempt == 2 && Set(backends).count == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a connection that falls silent before the commit is replaced`(_ live: LiveServer) async throws {
        let server = try await live.server
        var configuration = try PostgresConfiguration(connectionString: server.url)
        (configuration.queryTimeout, configuration.cleanUpTimeout) = (.milliseconds(200), .milliseconds(200))
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            var backends: [Int] = []
            let attempt = try await Detour(configuration, through: proxy).withRetryingTransaction(retry: Self.policy) {
                backends.append(try await $0.query("SELECT pg_backend_pid()").only().decode(Int.self))
                if $0.attempt == 1 { proxy.stall(.toClient) }
                try await $0.execute("SELECT 1")
                return $0.attempt
            }
            #expect(attempt == 2 && Set(backends).count == 2)
            proxy.resume()
        }
    }

    @Test func `attempts are counted, and the last one's error is thrown`() async throws {
        let begin = BackendBytes().message("1").message("2").complete("BEGIN")
        let conflict = begin.error("ERROR", "40001", "could not serialize access").ready("E").bytes
        let attempt: [Step] = [
            .expect("PBEPBDES"), .send(conflict), .expect("PBES"),
            .send(BackendBytes().message("1").message("2").complete("ROLLBACK").ready().bytes),
        ]
        try await ScriptedServer.run(script(.welcome, attempt, attempt, attempt, [.expectEnd])) { server in
            let configuration = try PostgresConfiguration(connectionString: server.url)
            let policy = RetryPolicy {
                $0.attemptsMax = 3; $0.pauseMin = .microseconds(10)
            }
            let error = await failure {
                try await configuration.withRetryingTransaction(retry: policy) { try await $0.execute("SELECT 1") }
            }
            #expect(error?.sqlState == .serializationFailure)
        }
    }

    @Test func `an error that is no conflict is not retried, and a conflict that was renamed is`() async throws {
        struct Renamed: Error {}
        let url = try await LiveServer.postgres15.server.url
        let configuration = try PostgresConfiguration(connectionString: url)
        var attempts = 0
        let error = await failure {
            try await configuration.withRetryingTransaction(retry: Self.policy) { transaction in
                attempts += 1
                try await transaction.execute("SELECT 1/0")
            }
        }
        #expect(error?.sqlState == .divisionByZero && attempts == 1)
        let policy = RetryPolicy {
            $0.attemptsMax = 4; $0.pauseMin = .microseconds(10)
        }
        await #expect(throws: Renamed.self) {
            try await configuration.withRetryingTransaction(retry: policy) { transaction in
                attempts += 1
                do {
                    try await transaction.execute("DO 'BEGIN RAISE serialization_failure; END'")
                } catch {
                    throw Renamed()
                }
            }
        }
        #expect(attempts == 5)
    }
}
