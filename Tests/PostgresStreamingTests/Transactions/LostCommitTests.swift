import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// What can be known of a commit whose answer was lost: on the same server, after a crash, and after a promotion.
@Suite(.timeLimit(.minutes(2))) struct LostCommitTests {
    private static let tracked = TransactionOptions { $0.tracksCommit = true }

    @Test(arguments: LiveServer.allCases)
    func `a commit of which nothing comes back is found out on another connection`(_ live: LiveServer) async throws {
        let server = try await live.server
        let direct = try PostgresConfiguration(connectionString: server.url)
        let observer = try await PostgresConnection.connect(direct)
        let table = "lost_\(UInt32.random(in: 0 ... .max))"
        try await observer.execute("CREATE TABLE \(identifier: table) (n int)")
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            var configuration = direct
            configuration.commitTimeout = .milliseconds(300)
            var attempts = 0
            try await Detour(configuration, through: proxy).withRetryingTransaction { transaction in
                attempts += 1
                try await transaction.execute("INSERT INTO \(identifier: table) VALUES (1)")
                proxy.stall(.toClient)
            }
            #expect(attempts == 1, "the commit reached the server, and another connection found that out")
            proxy.resume()
        }
        let count = try await observer.query("SELECT count(*) FROM \(identifier: table)").only().decode(Int.self)
        #expect(count == 1)
        try await observer.execute("DROP TABLE \(identifier: table)")
        await observer.close()
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `the number of a lost commit is not that of a transaction which SQL ended before`(
        _ live: LiveServer, mode: QueryMode
    ) async throws {
        let server = try await live.server
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            var configuration = try PostgresConfiguration(connectionString: server.url)
            configuration.endpoints = [.tcp(host: "127.0.0.1", port: proxy.port)]
            configuration.tls.mode = .disable
            configuration.commitTimeout = .milliseconds(300)
            let connection = try await PostgresConnection.connect(configuration)
            try await connection.execute("CREATE TEMPORARY TABLE chained (n int)")
            let number = Locked<UInt64>(0)
            let error = await failure {
                try await connection.withTransaction(options: Self.tracked) { transaction async throws in
                    try await transaction.execute("INSERT INTO chained VALUES (1)")
                    try await transaction.execute("COMMIT AND CHAIN", mode: mode)
                    try await transaction.execute("INSERT INTO chained VALUES (2)")
                    let text = try await transaction.query("SELECT pg_current_xact_id()::text").only()
                        .decode(String.self)
                    number.withLock { $0 = UInt64(text) ?? 0 }
                    proxy.stall(.toClient)
                }
            }
            #expect(error?.code == .commitUnknown)
            #expect(error?.transactionID?.number == number.withLock { $0 })
            proxy.resume()
        }
    }

    /// Has the server give out numbers, all of them to transactions that are committed, until it is beyond one.
    private func passNumber(_ number: UInt64, on connection: PostgresConnection) async throws {
        var last: UInt64 = 0
        while last <= number {
            let text = try await connection.query("SELECT pg_current_xact_id()::text").only().decode(String.self)
            last = UInt64(text) ?? .max
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `after a crash another transaction of the same number is not taken for the one that was lost`(
        _ live: LiveServer
    ) async throws {
        // Nothing writes down what was not committed.
        let server = try await live.startAnother { $0.configuration = ["wal_writer_delay": "10s"] }
        let connection = try await PostgresConnection.connect(server.url)
        try await connection.execute("CREATE TABLE entry (n int)")
        try await connection.execute("CHECKPOINT")
        let error = await failure {
            try await connection.withTransaction(options: Self.tracked) {
                try await $0.execute("INSERT INTO entry VALUES (1)")
                await server.kill()
            }
        }
        let id = try #require(error?.transactionID)
        #expect(error?.code == .commitUnknown)
        try await server.restart()
        let other = try await PostgresConnection.connect(server.url)
        #expect(try await other.outcome(of: id) == .aborted)
        try await passNumber(id.number, on: other)
        let outcome = try await other.outcome(of: id)
        let status = try await other.query("SELECT pg_xact_status(\("\(id)")::text::xid8)").only().decode(String.self)
        print("↳ number \(id): \(status) by the server's words, \(outcome) by ours")
        #expect(outcome == (status == "committed" ? .unknown : .aborted))
        #expect(try await other.query("SELECT count(*) FROM entry").only().decode(Int.self) == 0)
        await other.close()
        await server.stop()
    }

    @Test(arguments: LiveServer.allCases)
    func `after a promotion a commit that did not reach the standby had no effect`(_ live: LiveServer) async throws {
        let primary = try await live.startAnother()
        let standby = try await primary.startStandby()
        let (first, second) = (
            try await PostgresConnection.connect(primary.url), try await PostgresConnection.connect(standby.url)
        )
        let query: PostgresQuery = "SELECT pg_current_xact_id()::text"
        let reached = try await first.query(query).only().decode(String.self)
        let reachedID = try #require(try await PostgresTransactionID.known(reached, on: first))
        let position = try await first.query("SELECT pg_current_wal_flush_lsn()::text").only().decode(String.self)
        while try await second.query("SELECT pg_last_wal_replay_lsn() >= \(position)::pg_lsn").only().decode(Bool.self)
            == false
        {}
        try await second.execute("ALTER SYSTEM SET primary_conninfo TO ''")
        try await second.execute("SELECT pg_reload_conf()")
        while try await first.query("SELECT count(*) FROM pg_stat_replication").only().decode(Int.self) > 0 {}
        let lost = try await first.query(query).only().decode(String.self)
        let lostID = try #require(try await PostgresTransactionID.known(lost, on: first))
        #expect(try await first.outcome(of: lostID) == .committed)
        try await standby.promote()
        while try await second.query("SELECT pg_is_in_recovery()").only().decode(Bool.self) {}
        #expect(try await second.outcome(of: lostID) == .aborted)
        try await passNumber(lostID.number, on: second)
        #expect(try await second.outcome(of: lostID) == .unknown)
        #expect(try await second.outcome(of: reachedID) == .unknown)
        await first.close()
        await second.close()
        await standby.stop()
        await primary.stop()
    }
}
