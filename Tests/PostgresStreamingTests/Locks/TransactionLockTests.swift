import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Advisory locks of transactions.
@Suite(.timeLimit(.minutes(2))) struct TransactionLockTests {
    /// Tries a lock; nil where it was granted.
    private func tryLock(
        _ connection: PostgresConnection, _ key: PostgresAdvisoryKey = 1
    ) async -> PostgresError.Code? {
        do {
            try await connection.withAdvisoryLock(key, within: .zero) { _ in }
            return nil
        } catch {
            return (error as? PostgresError)?.code
        }
    }

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

    @Test(arguments: LiveServer.allCases, [Duration.zero, .seconds(10)])
    func `a transaction holds its lock until it has ended`(version: LiveServer, limit: Duration) async throws {
        try await run(version) { first, second in
            try await first.withTransaction { transaction in
                try await transaction.execute("SET LOCAL lock_timeout TO 12345")
                try await transaction.acquireAdvisoryLock(1, within: limit)
                try await transaction.acquireAdvisoryLock(PostgresAdvisoryKey(2, 3), mode: .shared, within: limit)
                #expect(await tryLock(second) == .lockNotAvailable)
                #expect(await tryLock(second, PostgresAdvisoryKey(2, 3)) == .lockNotAvailable)
                try await second.withAdvisoryLock(PostgresAdvisoryKey(2, 3), mode: .shared, within: .zero) { _ in }
                #expect(try await transaction.query("SHOW lock_timeout").only().decode(String.self) == "12345ms")
            }
            #expect(await tryLock(second) == nil)
            _ = try? await first.withTransaction { transaction in
                try await transaction.acquireAdvisoryLock(1, within: limit)
                throw CancellationError()
            }
            #expect(await tryLock(second) == nil)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `one try that fails lets the transaction go on`(version: LiveServer) async throws {
        try await run(version) { first, second in
            try await second.withAdvisoryLock(1) { _ in
                let sum = try await first.withTransaction { transaction in
                    do throws(PostgresError) {
                        try await transaction.acquireAdvisoryLock(1, within: .zero)
                        Issue.record("it is held elsewhere")
                    } catch {
                        #expect(error.code == .lockNotAvailable && error.server == nil)
                    }
                    return try await transaction.query("SELECT 1 + 1").only().decode(Int.self)
                }
                #expect(sum == 2)
            }
        }
    }

    @Test func `a wait that ends fails the transaction, or the savepoint that it is in`() async throws {
        try await run { first, second in
            try await second.withAdvisoryLock(1) { _ in
                let error = await failure(of: {
                    try await first.withTransaction { transaction in
                        try await transaction.acquireAdvisoryLock(1, within: .milliseconds(20))
                    }
                })
                #expect(error?.code == .lockNotAvailable && error?.sqlState == .lockNotAvailable)
                let sum = try await first.withTransaction { transaction in
                    try? await transaction.withSavepoint { savepoint in
                        try await savepoint.acquireAdvisoryLock(1, within: .milliseconds(20))
                    }
                    return try await transaction.query("SELECT 1 + 1").only().decode(Int.self)
                }
                #expect(sum == 2)
            }
        }
    }

    @Test func `a savepoint that is undone gives its lock back`() async throws {
        try await run { first, second in
            try await first.withTransaction { transaction in
                _ = try? await transaction.withSavepoint { savepoint in
                    try await savepoint.acquireAdvisoryLock(1)
                    throw CancellationError()
                }
                #expect(await tryLock(second) == nil)
            }
        }
    }

    @Test func `behind a transaction pooler only transactions hold locks`() async throws {
        let server = try await LiveServer.postgres15.startAnother()
        let options = PgBouncerOptions(poolMode: .transaction, settings: ["default_pool_size": "2"])
        try await LivePooler.run(inFrontOf: server, options) { pooler in
            var configuration = try PostgresConfiguration(connectionString: pooler.url(), environment: .none)
            configuration.pooler = .transaction
            let client = PostgresClient(configuration)
            let error = await failure(of: { try await client.withAdvisoryLock(1) { _ in } })
            #expect(error?.code == .unsupported && error?.hint?.contains("acquireAdvisoryLock") == true)
            let direct = try await PostgresConnection.connect(server.url)
            try await client.withTransaction { transaction in
                try await transaction.acquireAdvisoryLock("behind PgBouncer")
                #expect(await tryLock(direct, "behind PgBouncer") == .lockNotAvailable)
            }
            #expect(await tryLock(direct, "behind PgBouncer") == nil)
            await direct.close()
            await client.close()
        }
        await server.stop()
    }
}
