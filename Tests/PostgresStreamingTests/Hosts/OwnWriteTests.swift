import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Reads from standbys that see what was written before.
/// One after the other: some of them keep the standbys from replaying.
@Suite(.serialized, .timeLimit(.minutes(3))) struct OwnWriteTests {
    /// Runs `body` with a client of the primary and an empty table that both standbys have.
    ///
    /// - Parameter isHarmful: whether `body` needs servers of its own, because they are not the same afterwards.
    private func run(
        _ version: LiveServer, isHarmful: Bool = false,
        _ body: (BalancedServers, PostgresClient) async throws -> Void
    ) async throws {
        let servers = try await isHarmful ? BalancedServers.start(version) : BalancedServers.shared(version)
        let client = PostgresClient(try servers.configuration(.primary))
        try await client.execute("DROP TABLE IF EXISTS written")
        try await client.execute("CREATE TABLE written (id int)")
        let position = try await client.position()
        for standby in servers.standbys {
            try await run("SELECT pg_wal_replay_resume()", on: standby)
            try await waitForReplay(of: position, by: standby)
        }
        try await body(servers, client)
        await client.close()
        guard isHarmful else {
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_resume()", on: standby) }
            return
        }
        await servers.stop()
    }

    private func waitForReplay(of position: PostgresPosition, by standby: PostgresServer) async throws {
        let connection = try await PostgresConnection.connect(standby.url)
        try await until {
            try await connection.query("SELECT pg_last_wal_replay_lsn()").only().decode(PostgresLSN.self)
                >= position.lsn
        }
        await connection.close()
    }

    /// Waits for something to become true.
    private func until(_ condition: () async throws -> Bool) async throws {
        while !(try await condition()) { try Task.checkCancellation() }
    }

    /// Writes a row, as soon as there is a server that takes it.
    private func write(_ id: Int, _ client: PostgresClient) async throws {
        try await until {
            do {
                try await client.execute("INSERT INTO written VALUES (\(id))")
                return true
            } catch {
                return false
            }
        }
    }

    /// Runs a statement as superuser on one server.
    private func run(_ statement: PostgresQuery, on server: PostgresServer) async throws {
        let admin = try await PostgresConnection.connect(server.url)
        try await admin.execute(statement)
        await admin.close()
    }

    /// Reads the newest row, and the port of the server that had it.
    private func read(_ reader: PostgresReader) async throws -> (id: Int?, port: Int) {
        try await reader.query("SELECT max(id), current_setting('port')::int FROM written").only()
            .decode((Int?, Int).self)
    }

    @Test(arguments: LiveServer.allCases)
    func `every write is seen from a standby right after it`(version: LiveServer) async throws {
        try await run(version) { servers, client in
            var ports: Set<Int> = []
            for id in 1...30 {
                try await client.execute("INSERT INTO written VALUES (\(id))")
                let reader = client.reader(after: try await client.position(), within: .seconds(30))
                // Two connections at once, so that both standbys have a part.
                try await reader.withConnection { connection in
                    let (seen, first) = try await read(reader)
                    let query: PostgresQuery = "SELECT max(id), current_setting('port')::int FROM written"
                    let (own, second) = try await connection.query(query).only().decode((Int?, Int).self)
                    #expect(seen == id && own == id)
                    ports.formUnion([first, second])
                }
            }
            #expect(ports == Set(servers.standbys.map(\.port)))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a standby that does not replay is waited for, then the primary is asked`(version: LiveServer) async throws {
        try await run(version) { servers, client in
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_pause()", on: standby) }
            try await client.execute("INSERT INTO written VALUES (1)")
            let written = try await client.position()
            let clock = ContinuousClock()
            let start = clock.now
            let (id, port) = try await read(client.reader(after: written, within: .milliseconds(200)))
            #expect(id == 1 && port == servers.primary.port)
            #expect(clock.now - start >= .milliseconds(100))
            async let later = read(client.reader(after: written, within: .seconds(60)))
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_resume()", on: standby) }
            #expect(try await later.id == 1)
            let laterPort = try await later.port
            #expect(servers.standbys.contains { $0.port == laterPort })
        }
    }

    @Test func `what is known of a connection is not asked again`() async throws {
        try await run(.postgres15) { servers, client in
            try await client.execute("INSERT INTO written VALUES (1)")
            let written = try await client.position()
            _ = try await read(client.reader(after: written, within: .seconds(30)))
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_pause()", on: standby) }
            // Nothing is asked of the primary, though the standbys would be too late for more.
            let leases = client.statistics.leases
            let (_, port) = try await read(client.reader(after: written, within: .zero))
            #expect(port != servers.primary.port && client.statistics.leases == leases)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a standby on another timeline is not believed, however far it is`(version: LiveServer) async throws {
        try await run(version, isHarmful: true) { servers, client in
            let (successor, astray) = (servers.standbys[0], servers.standbys[1])
            // The successor misses what the other one gets.
            try await run("ALTER SYSTEM SET primary_conninfo TO ''", on: successor)
            try await run("SELECT pg_reload_conf()", on: successor)
            let admin = try await PostgresConnection.connect(servers.primary.url)
            let others: PostgresQuery = "SELECT count(*)::int FROM pg_stat_replication"
            try await until { try await admin.query(others).only().decode(Int.self) == 1 }
            try await admin.execute("INSERT INTO written SELECT -n FROM generate_series(1, 100000) AS n")
            let lost = try await client.position()
            await admin.close()
            try await waitForReplay(of: lost, by: astray)
            await servers.primary.kill()
            try await successor.promote()
            try await write(7, client)
            let written = try await client.position()
            #expect(written.timeline == 2 && written.lsn < lost.lsn, "the other standby is further, on its own way")
            let (id, port) = try await read(client.reader(after: written, within: .seconds(30)))
            #expect(id == 7 && port == successor.port)
            // That one has what the promotion did away with, and no other server does.
            let lostCount: PostgresQuery = "SELECT count(*)::int FROM written WHERE id < 0"
            let astrayReader = client.reader(after: lost, within: .seconds(30))
            #expect(try await astrayReader.query(lostCount).only().decode(Int.self) == 100_000)
        }
    }

    @Test func `a standby that follows the new primary is believed again`() async throws {
        try await run(.postgres18, isHarmful: true) { servers, client in
            let (successor, follower) = (servers.standbys[0], servers.standbys[1])
            let before = try await client.position()
            await servers.primary.kill()
            try await successor.promote()
            let place = "host=\(successor.socketDirectory) port=\(successor.port)"
            let source = "\(place) user=\(successor.user) password=\(successor.password)"
            try await run(PostgresQuery(unsafeSQL: "ALTER SYSTEM SET primary_conninfo TO '\(source)'"), on: follower)
            try await run("SELECT pg_reload_conf()", on: follower)
            try await write(7, client)
            let written = try await client.position()
            // The receiver needs a moment to say whom it follows, and the superuser sees it.
            try await until {
                try await read(client.reader(after: written, within: .seconds(30))).port == follower.port
            }
            #expect(try await read(client.reader(after: written)).id == 7)
            // What was written before the promotion is read where it certainly is.
            #expect(try await read(client.reader(after: before, within: .seconds(30))).port == successor.port)
        }
    }

    @Test func `a standby that is lost while it is waited for leaves the read to the primary`() async throws {
        try await run(.postgres15, isHarmful: true) { servers, client in
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_pause()", on: standby) }
            try await client.execute("INSERT INTO written VALUES (1)")
            let reader = client.reader(after: try await client.position(), within: .seconds(60))
            async let waiting = read(reader)
            while client.reader.statistics.leased == 0 { await Task.yield() }
            for standby in servers.standbys { await standby.kill() }
            let (id, port) = try await waiting
            #expect(id == 1 && port == servers.primary.port)
        }
    }

    @Test func `a cancelled wait ends at once and gives its connection back`() async throws {
        try await run(.postgres15) { servers, client in
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_pause()", on: standby) }
            try await client.execute("INSERT INTO written VALUES (1)")
            let reader = client.reader(after: try await client.position(), within: .seconds(3600))
            let waiting = Task { try await read(reader).id }
            while client.reader.statistics.leased == 0 { await Task.yield() }
            waiting.cancel()
            let outcome = await waiting.result
            #expect(throws: PostgresError.self) { try outcome.get() }
            while client.reader.statistics.leased > 0 { await Task.yield() }
            #expect(client.statistics.leased == 0)
        }
    }

    @Test func `a client of standbys alone says that nothing shows the position`() async throws {
        try await run(.postgres15) { servers, writer in
            let client = PostgresClient(try servers.configuration(.standby))
            #expect(await failure(of: { try await client.position() })?.code == .targetSessionMismatch)
            for standby in servers.standbys { try await run("SELECT pg_wal_replay_pause()", on: standby) }
            try await writer.execute("INSERT INTO written VALUES (1)")
            let written = try await writer.position()
            let error = await failure(of: {
                try await client.reader(after: written, within: .milliseconds(50)).execute("SELECT FROM written")
            })
            #expect(error?.code == .targetSessionMismatch && error?.isRetrySafe == true)
            await client.close()
        }
    }

    @Test func `a server without standbys reads from itself`() async throws {
        let url = try await LiveServer.postgres18.server.url
        let client = try PostgresClient(url)
        let written = try await client.position()
        #expect(try await client.reader(after: written).query("SELECT 1").only().decode(Int.self) == 1)
        let future = PostgresPosition(timeline: 9, lsn: written.lsn)
        let error = await failure(of: { try await client.reader(after: future).execute("SELECT 1") })
        #expect(error?.code == .targetSessionMismatch, "the server was set back")
        await client.close()
    }
}
