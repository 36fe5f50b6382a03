import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Advisory locks of sessions.
@Suite(.timeLimit(.minutes(2))) struct AdvisoryLockTests {
    private static let keys: [PostgresAdvisoryKey] = [
        7_001, "a lock of this test", PostgresAdvisoryKey(-7, 7_001), PostgresAdvisoryKey(.min),
        PostgresAdvisoryKey(.max, .min),
    ]

    /// How many advisory locks there are in the connection's database, waits included.
    private func lockCount(_ connection: PostgresConnection) async throws -> Int {
        try await connection.query(
            """
            SELECT count(*)::int FROM pg_locks JOIN pg_database ON database = pg_database.oid
            WHERE locktype = 'advisory' AND datname = current_database()
            """
        ).only().decode(Int.self)
    }

    /// Two connections to a database of their own.
    private func run(
        _ version: LiveServer = .postgres15,
        _ body: (_ first: PostgresConnection, _ second: PostgresConnection) async throws -> Void
    ) async throws {
        try await version.withDatabase { url in
            let (first, second) = (try await PostgresConnection.connect(url), try await PostgresConnection.connect(url))
            try await body(first, second)
            await first.close()
            await second.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `one session holds a lock at a time, and gives it back`(version: LiveServer) async throws {
        try await run(version) { first, second in
            for key in Self.keys {
                try await first.withAdvisoryLock(key) { _ in
                    let error = await failure(of: { try await second.withAdvisoryLock(key, within: .zero) { _ in } })
                    #expect(error?.code == .lockNotAvailable && error?.isRetrySafe == true)
                    #expect(error?.message.contains("\(key)") == true)
                }
                #expect(try await lockCount(first) == 0)
                try await second.withAdvisoryLock(key, within: .zero) { _ in }
            }
            #expect(first.takeNotices().isEmpty && second.takeNotices().isEmpty, "nothing was unlocked in vain")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a lock that is shared keeps out only those who do not share`(version: LiveServer) async throws {
        try await run(version) { first, second in
            try await first.withAdvisoryLock(1, mode: .shared) { _ in
                try await second.withAdvisoryLock(1, mode: .shared, within: .zero) { _ in }
                let code = await failure(of: { try await second.withAdvisoryLock(1, within: .zero) { _ in } })?.code
                #expect(code == .lockNotAvailable)
                // The session that shares it alone may have it to itself.
                try await first.withAdvisoryLock(1, within: .zero) { connection in
                    let count = try await lockCount(connection)
                    #expect(count == 2)
                }
                let count = try await lockCount(first)
                #expect(count == 1)
            }
            #expect(try await lockCount(first) == 0)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `waiting ends in time and leaves nothing behind`(version: LiveServer) async throws {
        try await run(version) { first, second in
            try await second.execute("SET lock_timeout TO 12345")
            try await first.withAdvisoryLock("report") { _ in
                let clock = ContinuousClock()
                let start = clock.now
                let error = await failure(of: {
                    try await second.withAdvisoryLock("report", within: .milliseconds(100)) { _ in }
                })
                #expect(error?.code == .lockNotAvailable && error?.sqlState == .lockNotAvailable)
                #expect(clock.now - start >= .milliseconds(100))
                let count = try await lockCount(second)
                #expect(count == 1)
            }
            #expect(try await second.query("SHOW lock_timeout").only().decode(String.self) == "12345ms")
            try await second.withAdvisoryLock("report") { connection in
                let setting = try await connection.query("SHOW lock_timeout").only().decode(String.self)
                #expect(setting == "12345ms")
            }
            #expect(second.takeNotices().isEmpty && second.transactionStatus == .idle)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `who waits gets the lock when it is given back`(version: LiveServer) async throws {
        try await version.withDatabase { url in
            let client = try PostgresClient(url)
            let running = Locked((now: 0, most: 0, done: 0))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<5 {
                            try await client.withAdvisoryLock("in turns", within: .seconds(60)) { connection in
                                running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.done + 1) }
                                try await connection.execute("SELECT 1")
                                running.withLock { $0.now -= 1 }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(running.withLock { $0.most == 1 && $0.done == 40 })
            await client.close()
        }
    }

    @Test func `locks of one session stack`() async throws {
        try await run { first, second in
            try await first.withAdvisoryLock(5) { connection in
                try await connection.withAdvisoryLock(5, within: .zero) { inner in
                    try await inner.withAdvisoryLock(5) { _ in }
                }
                let code = await failure(of: { try await second.withAdvisoryLock(5, within: .zero) { _ in } })?.code
                #expect(code == .lockNotAvailable, "the outermost scope holds it still")
            }
            try await second.withAdvisoryLock(5, within: .zero) { _ in }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `however its scope ends, the lock is given back`(version: LiveServer) async throws {
        struct Failure: Error {}
        try await run(version) { first, second in
            await #expect(throws: Failure.self) { try await first.withAdvisoryLock(1) { _ in throw Failure() } }
            #expect(try await lockCount(second) == 0, "behind an error")
            _ = await failure(of: {
                try await first.withAdvisoryLock(1) { connection in
                    try await connection.execute("BEGIN")
                    try await connection.execute("SELECT 1 / 0")
                }
            })
            #expect(try await lockCount(second) == 0, "in a failed transaction block")
            #expect(first.transactionStatus == .idle)
            let stream = try await first.withAdvisoryLock(1) { connection in
                try await connection.query("SELECT n FROM generate_series(1, 10000000) AS n")
            }
            #expect(try await lockCount(second) == 0, "with a stream that is open")
            #expect(await failure(of: { for try await _ in stream {} })?.code == .invalidState)
            try await first.execute("SELECT 1")
            #expect(first.takeNotices().isEmpty)
        }
    }

    @Test func `a task that is cancelled gives its lock back`() async throws {
        try await LiveServer.postgres15.withDatabase { url in
            let client = try PostgresClient(url)
            let gate = Gate()
            let holder = Task {
                try await client.withAdvisoryLock("held") { connection in
                    gate.open()
                    try await connection.execute("SELECT pg_sleep(3600)")
                }
            }
            await gate.wait()
            let waiter = Task { try await client.withAdvisoryLock("held", within: .seconds(3600)) { _ in } }
            let observer = try await PostgresConnection.connect(url)
            while try await lockCount(observer) < 2 { await Task.yield() }
            waiter.cancel()
            let waited = await failure(of: { try await waiter.value })
            #expect(waited?.code == .cancelled)
            #expect(try await lockCount(observer) == 1, "who waited waits no more")
            holder.cancel()
            let held = await failure(of: { try await holder.value })
            #expect(held?.code == .cancelled)
            #expect(try await lockCount(observer) == 0)
            await observer.close()
            await client.close()
        }
    }

    @Test func `a lock that was lost with its connection is reported`() async throws {
        let terminating: PostgresQuery =
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_locks JOIN pg_database ON database = pg_database.oid
            WHERE locktype = 'advisory' AND datname = current_database()
            """
        try await run(.postgres18) { first, second in
            let error = await failure(of: {
                try await first.withAdvisoryLock(1) { _ in _ = try await second.execute(terminating) }
            })
            #expect(error?.code == .connectionLost && error?.message.contains("lock 1 may have been lost") == true)
            let count = try await lockCount(second)
            #expect(count == 0)
        }
        try await run { first, second in
            let error = await failure(of: {
                try await first.withAdvisoryLock(1) { connection in
                    try await second.execute(terminating)
                    try await connection.execute("SELECT 1")
                }
            })
            #expect(error?.code == .sessionEndedByServer, "the statement says so first")
        }
    }

    @Test func `a lock that a statement gave back is reported`() async throws {
        try await run { first, _ in
            let error = await failure(of: {
                try await first.withAdvisoryLock(1) { try await $0.execute("SELECT pg_advisory_unlock_all()") }
            })
            #expect(error?.code == .invalidState)
            try await first.withAdvisoryLock(1) { _ in }
        }
    }

    @Test func `no lock of a session is taken in a transaction`() async throws {
        try await run { first, second in
            try await first.execute("BEGIN")
            let error = await failure(of: { try await first.withAdvisoryLock(1) { _ in } })
            #expect(error?.code == .invalidState && error?.hint?.contains("acquireAdvisoryLock") == true)
            try await first.execute("ROLLBACK")
            #expect(try await lockCount(second) == 0)
        }
    }

    @Test func `a pool that resets nothing keeps no lock`() async throws {
        try await LiveServer.postgres15.withDatabase { url in
            let settings = PostgresPoolConfiguration {
                $0.connectionsMax = 2
                $0.reset = .nothing
            }
            let client = try PostgresClient(url, pool: settings)
            try await client.withAdvisoryLock(1, label: "report") { _ in
                let count = try await client.withConnection { try await lockCount($0) }
                #expect(count == 1)
            }
            #expect(try await client.withConnection { try await lockCount($0) } == 0)
            await client.close()
        }
    }

    @Test func `where the server does not answer the connection is closed, and the lock with it`() async throws {
        let server = try await LiveServer.postgres15.startAnother()
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.cleanUpTimeout = .seconds(1)
        let connection = try await PostgresConnection.connect(configuration)
        let clock = ContinuousClock()
        var start = clock.now
        let error = await failure(of: {
            try await connection.withAdvisoryLock(1) { _ in
                await server.suspend()
                start = clock.now
            }
        })
        #expect(error?.code == .connectionLost)
        #expect(clock.now - start < .seconds(30))
        await server.resume()
        let other = try await PostgresConnection.connect(server.url)
        try await other.withAdvisoryLock(1, within: .seconds(60)) { _ in }
        #expect(await failure(of: { try await connection.execute("SELECT 1") })?.isConnectionUsable == false)
        await other.close()
        await server.stop()
    }
}
