import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// What a pool does by itself, and its beginning and end.
@Suite(.timeLimit(.minutes(2))) struct PoolUpkeepTests {
    private func client(
        _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }, observer: (any PostgresObserver)? = nil
    ) async throws -> PostgresClient {
        let url = try await LiveServer.postgres15.server.url
        var configuration = try PostgresConfiguration(connectionString: url, environment: .none)
        configuration.observer = observer
        return PostgresClient(configuration, pool: PostgresPoolConfiguration(change))
    }

    /// Waits for something that others bring about.
    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func `a pool that runs has its minimum before anybody asks`() async throws {
        let client = try await client { $0.connectionsMin = 3 }
        let running = Task { await client.run() }
        await until { client.statistics.idle == 3 }
        running.cancel()
        await running.value
        #expect(client.statistics.total == 0)
        #expect(await failure(of: { try await client.execute("SELECT 1") })?.code == .poolClosed)
    }

    @Test func `what nobody uses is closed`() async throws {
        let client = try await client { $0.idleTimeout = .milliseconds(20) }
        let running = Task { await client.run() }
        try await client.execute("SELECT 1")
        await until { client.statistics.closed == 1 }
        running.cancel()
        await running.value
    }

    @Test func `an idle connection that does not answer any more is found`() async throws {
        let closed = Locked<[PostgresPoolHooks.CloseReason]>([])
        let client = try await client {
            $0.checkIdleTime = .milliseconds(20)
            $0.hooks.onClose = { reason in closed.withLock { $0.append(reason) } }
        }
        let running = Task { await client.run() }
        let backend = try await client.query("SELECT pg_backend_pid()").only().decode(Int32.self)
        let other = try await LiveServer.postgres15.connect()
        try await other.execute("SELECT pg_terminate_backend(\(backend), 5000)")
        await other.close()
        await until { closed.withLock { $0 } == [.unhealthy] }
        running.cancel()
        await running.value
    }

    @Test func `a silent server is given up after the time of a check`() async throws {
        let script: [Step] = .welcome + .answer(1...1) + [.expect("PBES"), .expectEnd]
        try await ScriptedServer.run(script, .welcome + .answer(2...2) + [.expectEnd]) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            configuration.connectTimeout = .seconds(5)
            let client = PostgresClient(
                configuration,
                pool: PostgresPoolConfiguration {
                    $0.reset = .nothing
                    $0.checkIdleTime = .zero
                    $0.checkTimeout = .milliseconds(50)
                })
            #expect(try await client.query("SELECT 1").only().decode(Int64.self) == 1)
            await until { client.statistics.idle == 1 }
            #expect(try await client.query("SELECT 2").only().decode(Int64.self) == 2)
            #expect(client.statistics.closed == 1 && client.statistics.opened == 2)
            await client.close()
        }
    }

    @Test func `a lease that lasts long is told of, with its label`() async throws {
        let observer = RecordingObserver()
        let client = try await client({ $0.longLeaseThreshold = .milliseconds(10) }, observer: observer)
        let running = Task { await client.run() }
        try await client.withConnection(label: "import") { _ in
            await until { observer.events.contains { $0.kind == .longLease } }
        }
        let event = observer.events.first { $0.kind == .longLease }
        let opened = observer.events.first { $0.kind == .connectionOpened }
        #expect(
            event?.connection == opened?.connection && event?.name == "import"
                && event?.duration ?? .zero >= .milliseconds(10))
        running.cancel()
        await running.value
    }

    // MARK: the end

    @Test func `closing waits for leases, and several may close at once`() async throws {
        let client = try await client()
        let (entered, leaves) = (Gate(), Gate())
        let lease = Task {
            try await client.withConnection { connection in
                entered.open()
                await leaves.wait()
                return try await connection.query("SELECT 5").only().decode(Int32.self)
            }
        }
        await entered.wait()
        let closing = (1...3).map { _ in Task { await client.close() } }
        while await failure(of: { try await client.withConnection { _ in } })?.code != .poolClosed {}
        #expect(client.statistics.leased == 1)
        leaves.open()
        #expect(try await lease.value == 5)
        for close in closing { #expect(await close.value) }
        #expect(await client.close(), "once more is no error")
    }

    @Test func `a lease that does not end in time is cut off`() async throws {
        let client = try await client { $0.shutdownTimeout = .milliseconds(50) }
        let entered = Gate()
        let lease = Task {
            try await client.withConnection { connection in
                entered.open()
                try await connection.execute("SELECT pg_sleep(60)")
            }
        }
        await entered.wait()
        #expect(await !client.close())
        #expect(await failure(of: { _ = try await lease.value })?.isConnectionUsable == false)
        #expect(client.statistics.total == 0)
    }

    @Test func `calls that wait are turned away`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        try await client.withConnection { _ in
            let waiting = Task { try await client.execute("SELECT 1") }
            await until { client.statistics.waiting == 1 }
            let closing = Task { await client.close() }
            #expect(await failure(of: { _ = try await waiting.value })?.code == .poolClosed)
            _ = closing
        }
        await client.close()
    }

    @Test func `a client that goes away closes its connections`() async throws {
        let other = try await LiveServer.postgres15.connect()
        let backend = try await {
            let client = try await client()
            return try await client.query("SELECT pg_backend_pid()").only().decode(Int32.self)
        }()
        var isThere = true
        while isThere {
            isThere = try await other.query(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(backend))"
            ).only().decode(Bool.self)
        }
        await other.close()
    }

    @Test func `the scoped form looks after the pool and closes it`() async throws {
        let configuration = try await PostgresConfiguration(
            connectionString: LiveServer.postgres15.server.url, environment: .none)
        let client = try await PostgresClient.withClient(
            configuration, pool: PostgresPoolConfiguration { $0.connectionsMin = 2 }
        ) { client in
            await until { client.statistics.idle == 2 }
            return client
        }
        #expect(client.statistics.total == 0)
    }

    @Test func `a pool is made larger and smaller while it works`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        try await client.withConnection { _ in
            client.resize(0...2)
            try await client.execute("SELECT 1")
            client.resize(0...1)
        }
        await until { client.statistics.total == 1 }
        await client.close()
    }

    @Test func `a configuration that makes no sense is refused with its reason`() async throws {
        let client = try await client { $0.connectionsMax = 0 }
        let error = await failure(of: { try await client.execute("SELECT 1") })
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message == "cannot use this pool configuration: connectionsMax is less than 1")
    }

    // MARK: hooks

    @Test func `hooks see every connection on its way`() async throws {
        let seen = Locked<[String]>([])
        let client = try await client {
            $0.connectionsMax = 1
            $0.hooks.configure = { connection in
                seen.withLock { $0.append("configure") }
                try await connection.execute("SELECT 1")
            }
            $0.hooks.beforeLease = { connection in
                seen.withLock { $0.append("lease") }
                try await connection.execute("SET search_path TO pg_catalog")
                return true
            }
            $0.hooks.onRelease = { connection in
                seen.withLock { $0.append("release") }
                return try await connection.query("SHOW search_path").only().decode(String.self) == "pg_catalog"
            }
            $0.hooks.onClose = { reason in seen.withLock { $0.append("close \(reason)") } }
        }
        for _ in 1...2 {
            try await client.withConnection { connection in
                let path = try await connection.query("SHOW search_path").only().decode(String.self)
                #expect(path == "pg_catalog")
            }
        }
        await client.close()
        #expect(
            seen.withLock { $0 } == ["configure", "lease", "release", "lease", "release", "close shutDown"])
    }

    @Test func `a connection that a hook turns down is replaced`() async throws {
        let refusals = Locked(2)
        let client = try await client {
            $0.hooks.beforeLease = { _ in
                refusals.withLock { left in
                    left -= 1
                    return left < 0
                }
            }
        }
        try await client.execute("SELECT 1")
        #expect(client.statistics.opened == 3 && client.statistics.closed == 2)
        await client.close()
    }

    @Test func `one whose configuration fails is an error of connecting`() async throws {
        let client = try await client {
            $0.hooks.configure = { try await $0.execute("SELECT 1 / 0") }
        }
        #expect(await failure(of: { try await client.execute("SELECT 1") })?.sqlState == .divisionByZero)
        await client.close()
    }

    @Test func `a new connection whose hook never returns does not take the place of others for ever`() async throws {
        let url = try await LiveServer.postgres15.server.url
        var configuration = try PostgresConfiguration(connectionString: url, environment: .none)
        configuration.connectTimeout = .milliseconds(300)
        let isFirst = Locked(true)
        let client = PostgresClient(
            configuration,
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = 1
                $0.hooks.configure = { connection in
                    let hangs = isFirst.withLock { isFirst in
                        defer { isFirst = false }
                        return isFirst
                    }
                    if hangs { try await connection.execute("SELECT pg_sleep(60)") }
                }
            })
        try await client.execute("SELECT 1")
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `a hook that never returns is not waited for`() async throws {
        let client = try await client {
            $0.connectionsMax = 1
            $0.checkTimeout = .milliseconds(50)
            $0.hooks.onRelease = { connection in
                try await connection.execute("SELECT pg_sleep(60)")
                return true
            }
        }
        for _ in 1...2 { try await client.execute("SELECT 1") }
        #expect(client.statistics.opened == 2)
        await client.close()
    }
}
