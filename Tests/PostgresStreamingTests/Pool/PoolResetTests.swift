import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// What is left of a lease when it is over, and how that is done away with.
@Suite(.timeLimit(.minutes(2))) struct PoolResetTests {
    private func client(
        _ server: LiveServer = .postgres15, _ change: (inout PostgresConfiguration) -> Void = { _ in },
        pool: (inout PostgresPoolConfiguration) -> Void = { $0.connectionsMax = 1 }
    ) async throws -> PostgresClient {
        var configuration = try await PostgresConfiguration(connectionString: server.server.url, environment: .none)
        change(&configuration)
        return PostgresClient(configuration, pool: PostgresPoolConfiguration(pool))
    }

    @Test(arguments: LiveServer.allCases, [true, false])
    func `nothing of a lease shows in the next, with and without named statements`(
        server: LiveServer, hasStatements: Bool
    ) async throws {
        let client = try await client(server) { if !hasStatements { $0.statementCache.countMax = 0 } }
        for _ in 0..<3 {
            try await client.withConnection { connection in
                #expect(try await connection.remains().isClean)
                try await connection.execute("SET search_path TO pg_catalog")
                try await connection.execute("SET statement_timeout TO '1h'")
                try await connection.execute("SET ROLE pg_monitor")
                try await connection.execute("SET SESSION AUTHORIZATION pg_monitor")
                try await connection.execute("RESET SESSION AUTHORIZATION")
                try await connection.execute("SELECT pg_advisory_lock(4711)")
                try await connection.execute("CREATE TEMPORARY TABLE remains (id int)")
                try await connection.execute("DECLARE remains CURSOR WITH HOLD FOR SELECT 1")
                try await connection.execute("LISTEN remains")
            }
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `locks are free before the connection is lent again`() async throws {
        let client = try await client()
        try await client.withConnection { try await $0.execute("SELECT pg_advisory_lock(815)") }
        let other = try await LiveServer.postgres15.connect()
        // Waits until the lock is free, without the help of the pool.
        try await other.execute("SELECT pg_advisory_lock(815)")
        await other.close()
        await client.close()
    }

    @Test func `a session whose statements were taken away unseen is reset all the same`() async throws {
        let client = try await client()
        try await client.execute("SELECT 1")
        try await client.withConnection { connection in
            try await connection.execute("SET search_path TO pg_catalog")
            try await connection.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")
        }
        #expect(try await client.query("SHOW search_path").only().decode(String.self) != "pg_catalog")
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test(arguments: ["DEALLOCATE ALL", "DISCARD ALL", "PREPARE mine AS SELECT 1"])
    func `whatever SQL does to statements the next lease begins clean`(command: String) async throws {
        let client = try await client()
        for _ in 0..<3 {
            try await client.withConnection { connection in
                #expect(try await connection.query("SHOW search_path").only().decode(String.self) != "pg_catalog")
                try await connection.execute("SET search_path TO pg_catalog")
                try await connection.execute(PostgresQuery(unsafeSQL: command))
            }
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `a reset that cannot be done closes the connection, and the call gets another one`() async throws {
        // The server never answers the reset.
        let script: [Step] = .welcome + [.expectEnd]
        try await ScriptedServer.run(script, script) { server in
            let client = PostgresClient(
                try PostgresConfiguration(connectionString: server.url, environment: .none),
                pool: PostgresPoolConfiguration {
                    $0.connectionsMax = 1
                    $0.checkTimeout = .milliseconds(50)
                })
            try await client.withConnection { _ in }
            try await client.withConnection { _ in }
            #expect(client.statistics.opened == 2)
            await client.close()
        }
    }

    @Test func `a call that is cancelled while a reset is read leaves the connection to the next`() async throws {
        let (arrives, goesOn) = (Gate(), Gate())
        // Where statements get no names each of the seven commands is parsed, bound and run.
        let part = BackendBytes().message("1").message("2").message("C", BackendBytes.string("RESET")).bytes
        let script: [Step] =
            .welcome + [
                .expect(String(repeating: "PBE", count: 7) + "S"), .reach(arrives), .hold(until: goesOn),
                .send((0..<7).flatMap { _ in part } + BackendBytes().ready().bytes), .expectEnd,
            ]
        try await ScriptedServer.run(script) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            configuration.statementCache.countMax = 0
            let client = PostgresClient(configuration, pool: PostgresPoolConfiguration { $0.connectionsMax = 1 })
            try await client.withConnection { _ in }
            await arrives.wait()
            let call = Task { try await client.withConnection { _ in } }
            while client.statistics.leased == 0 { await Task.yield() }
            call.cancel()
            #expect(await failure(of: { try await call.value })?.code == .cancelled)
            #expect(client.statistics.leased == 0 && client.statistics.idle == 1)
            goesOn.open()
            try await client.withConnection { _ in }
            #expect(client.statistics.opened == 1)
            await client.close()
        }
    }

    @Test func `only resets are counted as resets`() async throws {
        for (reset, pooler, count) in [
            (PostgresPoolConfiguration.SessionReset.keepStatements, nil, 2), (.discardAll, nil, 3), (.nothing, nil, 0),
            (.keepStatements, PostgresConfiguration.Pooler.transaction, 0),
        ] {
            let metrics = PostgresMetrics()
            let client = try await client {
                $0.metrics = metrics
                $0.pooler = pooler
            } pool: {
                $0.connectionsMax = 1
                $0.reset = reset
            }
            for _ in 1...3 { try await client.execute("SELECT 1") }
            // What is sent when the last lease ends is counted when its answer is read.
            if reset == .discardAll { while client.statistics.idle == 0 { await Task.yield() } }
            let line = metrics.prometheusText().split(separator: "\n").first {
                $0.contains("pool_resets_total{outcome=\"succeeded\"}")
            }
            #expect(line.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0 == count, "\(reset) \(line ?? "")")
            await client.close()
        }
    }

    // MARK: what is not lent again

    @Test func `a session that only reads is not lent again after a write was refused`() async throws {
        let client = try await client { $0.runtimeParameters["default_transaction_read_only"] = "on" }
        let first = try await client.query("SELECT pg_backend_pid()").only().decode(Int32.self)
        let second = try await client.query("SELECT pg_backend_pid()").only().decode(Int32.self)
        #expect(first == second, "reading is no reason")
        let error = await failure(of: { try await client.execute("CREATE TABLE refused (id int)") })
        #expect(error?.sqlState == "25006")
        let third = try await client.query("SELECT pg_backend_pid()").only().decode(Int32.self)
        #expect(third != first && client.statistics.opened == 2)
        await client.close()
    }

    @Test func `a transaction that was to read only keeps its session`() async throws {
        let client = try await client()
        let options = TransactionOptions { $0.access = .readOnly }
        let error = await failure(of: {
            try await client.withTransaction(options: options) { transaction in
                _ = try await transaction.execute("CREATE TABLE refused (id int)")
            }
        })
        #expect(error?.sqlState == "25006")
        try await client.execute("SELECT 1")
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    // MARK: what is under way does not hold others up

    @Test func `a query whose backend is stopped holds up no other call`() async throws {
        let client = try await client(pool: { $0.connectionsMax = 2 })
        let options = StreamOptions { $0.timeout = .milliseconds(50) }
        let stopped = Locked<Int32>(0)
        let error = await failure(of: {
            try await client.withConnection { connection in
                let backend = try await connection.query("SELECT pg_backend_pid()").only().decode(Int32.self)
                stopped.withLock { $0 = backend }
                kill(backend, SIGSTOP)
                _ = try await connection.query("SELECT 1", options: options)
            }
        })
        let backend = stopped.withLock { $0 }
        defer { kill(backend, SIGCONT) }
        #expect(error?.code == .queryTimedOut)
        let clock = ContinuousClock()
        let time = try await clock.measure { try await client.execute("SELECT 1") }
        #expect(time < .seconds(4) && client.statistics.opened == 2, "\(time)")
        kill(backend, SIGCONT)
        await client.close()
    }

    @Test func `a stream that is left while its backend is stopped holds up no other call`() async throws {
        let client = try await client(pool: { $0.connectionsMax = 2 })
        let backend = try await client.withConnection { connection in
            let backend = try await connection.query("SELECT pg_backend_pid()").only().decode(Int32.self)
            for try await _ in try await connection.query("SELECT generate_series(1, 100000000)") {
                kill(backend, SIGSTOP)
                break
            }
            return backend
        }
        defer { kill(backend, SIGCONT) }
        let clock = ContinuousClock()
        let time = try await clock.measure { try await client.execute("SELECT 1") }
        #expect(time < .seconds(4) && client.statistics.opened == 2, "\(time)")
        #expect(client.statistics.returning == 1, "the first is being cleaned up all the while")
        kill(backend, SIGCONT)
        await client.close()
    }

    @Test func `a lease that is cut off is told that the pool was closed`() async throws {
        let client = try await client { _ in
        } pool: {
            $0.shutdownTimeout = .milliseconds(50)
        }
        let entered = Gate()
        let lease = Task {
            try await client.withConnection { connection in
                entered.open()
                try await connection.execute("SELECT pg_sleep(60)")
            }
        }
        await entered.wait()
        #expect(await !client.close())
        let error = await failure(of: { try await lease.value })
        #expect(error?.code == .poolClosed && error?.isConnectionUsable == false)
        #expect(error?.message.contains("pool was closed") == true && error?.hint == nil, "\(error?.description ?? "")")
    }
}
