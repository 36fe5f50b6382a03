import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Transactions that are prepared in one session and ended in another, on real servers.
@Suite(.timeLimit(.minutes(2))) struct PreparedTransactionTests {
    private struct Refusal: Error {}

    /// A server that prepares transactions, with an empty table `entry (n int PRIMARY KEY)`, and a connection to it.
    private func withServer(
        _ live: LiveServer,
        _ body: nonisolated(nonsending) (PostgresServer, PostgresConnection) async throws -> Void
    ) async throws {
        let server = try await live.startAnother { $0.configuration = ["max_prepared_transactions": "10"] }
        let connection = try await PostgresConnection.connect(server.url)
        try await connection.execute("CREATE TABLE entry (n int PRIMARY KEY)")
        try await body(server, connection)
        await connection.close()
        await server.stop()
    }

    private func entries(_ database: some PostgresQuerying) async throws -> [Int] {
        try await database.query("SELECT n FROM entry ORDER BY n").decode(Int.self).collect()
    }

    private func listed(_ database: some PostgresQuerying) async throws -> [String] {
        try await database.preparedTransactions().map(\.id)
    }

    @Test(arguments: LiveServer.allCases)
    func `what is prepared is seen once another session commits it`(_ live: LiveServer) async throws {
        try await withServer(live) { server, connection in
            let count = try await connection.prepareTransaction(as: "transfer-7", isolation: .serializable) {
                try await $0.execute("INSERT INTO entry VALUES (1), (2)")?.rows
            }
            #expect(count == 2)
            #expect(connection.transactionStatus == .idle)
            #expect(try await connection.remains().isClean)
            #expect(try await entries(connection) == [])
            let listed = try await connection.preparedTransactions()
            #expect(listed.map(\.id) == ["transfer-7"] && listed.map(\.database) == ["postgres"])
            #expect(listed.map(\.owner) == [server.user] && listed.allSatisfy { $0.transactionNumber > 0 })
            let age = try await connection.query("SELECT now() - \(try #require(listed.first).preparedAt)").only()
            #expect(try age.decode(PostgresInterval.self).description.hasPrefix("00:00:0"))

            let client = try PostgresClient(server.url)
            #expect(try await client.preparedTransactions() == listed)
            try await client.commitPrepared("transfer-7")
            #expect(try await entries(client) == [1, 2])
            #expect(try await client.preparedTransactions().isEmpty)
            try await client.prepareTransaction(as: "transfer-8") { try await $0.execute("DELETE FROM entry") }
            try await client.rollbackPrepared("transfer-8")
            #expect(try await client.preparedTransactions().isEmpty)
            #expect(try await entries(connection) == [1, 2])
            await client.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `an identifier may hold whatever text holds`(_ live: LiveServer) async throws {
        try await withServer(live) { _, connection in
            for conforms in ["on", "off"] {
                try await connection.execute("SET standard_conforming_strings = \(unsafeSQL: conforms)")
                let longest = String(repeating: "x", count: 199)
                for id in ["it's", #"back\slash'; DROP TABLE entry; --"#, "größer 🐘", " ", "\n", "$1", longest] {
                    try await connection.prepareTransaction(as: id) { try await $0.execute("SELECT 1") }
                    #expect(try await listed(connection) == [id])
                    try await connection.rollbackPrepared(id)
                }
            }
            #expect(try await entries(connection) == [])
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a body that did nothing leaves a transaction that can be committed`(_ live: LiveServer) async throws {
        try await withServer(live) { _, connection in
            #expect(try await connection.prepareTransaction(as: "nothing") { _ in 5 } == 5)
            #expect(try await listed(connection) == ["nothing"])
            try await connection.commitPrepared("nothing")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what throws is rolled back, and nothing is prepared`(_ live: LiveServer) async throws {
        try await withServer(live) { _, connection in
            await #expect(throws: Refusal.self) {
                try await connection.prepareTransaction(as: "refused") { transaction in
                    try await transaction.execute("INSERT INTO entry VALUES (1)")
                    throw Refusal()
                }
            }
            let caught = await failure {
                try await connection.prepareTransaction(as: "caught") { transaction in
                    try await transaction.execute("INSERT INTO entry VALUES (1)")
                    _ = try? await transaction.execute("SELECT 1/0")
                }
            }
            #expect(caught?.code == .transactionRolledBack)
            let temporary = await failure {
                try await connection.prepareTransaction(as: "temporary") {
                    try await $0.execute("CREATE TEMPORARY TABLE mine (n int)")
                }
            }
            #expect(temporary?.sqlState == .featureNotSupported && temporary?.isConnectionUsable == true)
            let ended = await failure {
                try await connection.prepareTransaction(as: "ended") { try await $0.execute("COMMIT") }
            }
            #expect(ended?.code == .transactionEnded)
            #expect(connection.transactionStatus == .idle)
            let (ids, numbers) = (try await listed(connection), try await entries(connection))
            #expect(ids == [] && numbers == [])
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `an identifier is taken until its transaction has ended`(_ live: LiveServer) async throws {
        try await withServer(live) { _, connection in
            try await connection.prepareTransaction(as: "one") { try await $0.execute("INSERT INTO entry VALUES (1)") }
            let taken = await failure {
                try await connection.prepareTransaction(as: "one") {
                    try await $0.execute("INSERT INTO entry VALUES (2)")
                }
            }
            #expect(taken?.sqlState == .duplicateObject && taken?.isConnectionUsable == true)
            try await connection.commitPrepared("one")
            for error in [
                await failure { try await connection.commitPrepared("one") },
                await failure { try await connection.rollbackPrepared("one") },
            ] {
                #expect(error?.sqlState == .undefinedObject && error?.isConnectionUsable == true)
                #expect(error?.hint?.hasPrefix("It may have been committed or rolled back already") == true)
            }
            #expect(try await entries(connection) == [1])
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a server that prepares nothing says by which setting it would`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let error = await failure {
            try await connection.prepareTransaction(as: "refused") { try await $0.execute("SELECT 1") }
        }
        #expect(error?.sqlState == .objectNotInPrerequisiteState && error?.isConnectionUsable == true)
        #expect(error?.hint?.contains("Set max_prepared_transactions") == true)
        #expect(error?.hint?.contains("restart") == true)
        try await connection.expectUsable()
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the list is that of the database unless all are asked for`(_ live: LiveServer) async throws {
        try await withServer(live) { server, connection in
            try await connection.execute("CREATE DATABASE other")
            let other = try await PostgresConnection.connect(server.url(database: "other"))
            try await other.prepareTransaction(as: "elsewhere") { _ in }
            try await connection.prepareTransaction(as: "here") { _ in }
            #expect(try await listed(connection) == ["here"])
            let all = try await connection.preparedTransactions(inAllDatabases: true)
            #expect(all.map(\.database) == ["other", "postgres"])
            let error = await failure { try await connection.commitPrepared("elsewhere") }
            #expect(error?.sqlState == .featureNotSupported)
            try await other.rollbackPrepared("elsewhere")
            try await connection.rollbackPrepared("here")
            await other.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what was prepared is not ended within a transaction block`(_ live: LiveServer) async throws {
        try await withServer(live) { _, connection in
            try await connection.prepareTransaction(as: "one") { try await $0.execute("INSERT INTO entry VALUES (1)") }
            try await connection.execute("BEGIN")
            let inBlock = await failure { try await connection.commitPrepared("one") }
            #expect(inBlock?.message == "COMMIT PREPARED cannot run inside a transaction block")
            #expect(connection.transactionStatus == .inTransaction)
            try await connection.execute("ROLLBACK")
            let inScope = await failure {
                try await connection.withTransaction { _ in try await connection.rollbackPrepared("one") }
            }
            #expect(inScope?.message == "ROLLBACK PREPARED cannot run inside a transaction block")
            #expect(inBlock?.code == .invalidState && inScope?.code == .invalidState)
            try await connection.commitPrepared("one")
            #expect(try await entries(connection) == [1])
        }
    }

    // MARK: what is lost

    @Test(arguments: LiveServer.allCases)
    func `what was prepared outlives a crash of the server`(_ live: LiveServer) async throws {
        try await withServer(live) { server, connection in
            try await connection.prepareTransaction(as: "one") { try await $0.execute("INSERT INTO entry VALUES (1)") }
            try await connection.prepareTransaction(as: "two") { try await $0.execute("INSERT INTO entry VALUES (2)") }
            await server.kill()
            let lost = await failure { try await connection.commitPrepared("one") }
            #expect(lost?.isConnectionUsable == false)
            try await server.restart()
            let client = try PostgresClient(server.url)
            #expect(try await listed(client) == ["one", "two"])
            #expect(try await entries(client) == [])
            try await client.commitPrepared("one")
            try await client.rollbackPrepared("two")
            #expect(try await entries(client) == [1])
            #expect(try await listed(client) == [])
            await client.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `where the answer is lost the outcome is unknown, and the list tells`(_ live: LiveServer) async throws {
        try await withServer(live) { server, observer in
            for isCommit in [false, true] {
                try await FaultProxy.run(to: UInt16(server.port)) { proxy in
                    var configuration = try PostgresConfiguration(connectionString: server.url)
                    configuration.endpoints = [.tcp(host: "127.0.0.1", port: proxy.port)]
                    configuration.tls.mode = .disable
                    configuration.commitTimeout = .milliseconds(300)
                    let connection = try await PostgresConnection.connect(configuration)
                    let error = await failure {
                        if isCommit {
                            proxy.stall(.toClient)
                            return try await connection.commitPrepared("lost")
                        }
                        try await connection.prepareTransaction(as: "lost") {
                            try await $0.execute("INSERT INTO entry VALUES (1)")
                            proxy.stall(.toClient)
                        }
                    }
                    #expect(error?.code == .commitUnknown && error?.isConnectionUsable == false)
                    #expect(error?.message.contains(isCommit ? "COMMIT PREPARED" : "PREPARE TRANSACTION") == true)
                    #expect(error?.hint?.contains("preparedTransactions()") == true && error?.isRetrySafe == false)
                    proxy.resume()
                }
                #expect(try await listed(observer) == (isCommit ? [] : ["lost"]))
            }
            #expect(try await entries(observer) == [1])
        }
    }

    @Test func `it works through a pooler that changes servers with every transaction`() async throws {
        let server = try await LiveServer.postgres15.startAnother {
            $0.configuration = ["max_prepared_transactions": "10"]
        }
        let options = PgBouncerOptions(poolMode: .transaction, settings: ["default_pool_size": "2"])
        try await LivePooler.run(inFrontOf: server, options) { pooler in
            var configuration = try PostgresConfiguration(connectionString: pooler.url("connect_timeout=30"))
            configuration.pooler = .transaction
            let client = PostgresClient(configuration)
            try await client.execute("CREATE TABLE entry (n int PRIMARY KEY)")
            try await client.prepareTransaction(as: "one") { try await $0.execute("INSERT INTO entry VALUES (1)") }
            #expect(try await listed(client) == ["one"])
            try await client.commitPrepared("one")
            try await client.prepareTransaction(as: "two") { try await $0.execute("INSERT INTO entry VALUES (2)") }
            try await client.rollbackPrepared("two")
            #expect(try await entries(client) == [1])
            await client.close()
        }
        await server.stop()
    }
}
