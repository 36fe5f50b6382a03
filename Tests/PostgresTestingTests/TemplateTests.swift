import PostgresTesting
import Testing

/// Servers whose data directory is a copy of what `initdb` made for another one.
@Suite struct TemplateTests {
    @Test func `every server is a system of its own, copied or not`() async throws {
        var (servers, identifiers): ([PostgresServer], Set<String>) = ([], [])
        for _ in 0..<4 {
            let server = try await PostgresServer.start()
            servers.append(server)
            let statement = "SELECT system_identifier FROM pg_control_system()"
            identifiers.insert(try await Client.answer(to: statement, from: server))
        }
        #expect(identifiers.count == servers.count)
        #expect(identifiers.allSatisfy { Int($0) != nil })
        // What initdb says is in the log of a server that it was run for.
        #expect(!servers[3].log.contains("The files belonging to this database system"))
        for server in servers { await server.stop() }
    }

    @Test func `a copy recovers from a crash and can be followed`() async throws {
        var servers: [PostgresServer] = []
        for _ in 0..<2 { servers.append(try await PostgresServer.start()) }
        let server = servers[1]
        _ = try await Client.answer(to: "CREATE TABLE kept (a int)", from: server)
        _ = try await Client.answer(to: "SELECT pg_switch_wal()", from: server)
        await server.kill()
        try await server.restart()
        let standby = try await server.startStandby()
        for server in [server, standby] {
            #expect(try await Client.answer(to: "SELECT count(*) FROM kept", from: server) == "0")
        }
        await standby.stop()
        for server in servers { await server.stop() }
    }

    @Test func `options that change the data have their effect on every server`() async throws {
        let options = PostgresServerOptions(authentication: .md5, superuser: "owner")
        for _ in 0..<2 {
            try await PostgresServer.withServer(options) { server in
                let statement = "SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = 'owner'"
                let stored = try await Client.answer(to: statement, from: server)
                #expect(stored == "md5")
            }
            try await PostgresServer.withServer(PostgresServerOptions(superuser: "owner")) { server in
                let statement = "SELECT left(rolpassword, 5) FROM pg_authid WHERE rolname = 'owner'"
                let stored = try await Client.answer(to: statement, from: server)
                #expect(stored == "SCRAM")
            }
        }
    }

    @Test func `what servers are copied from goes with their owner`() async throws {
        let owner = try await Owner.start(servers: 2)
        let leftovers = Leftovers(dataDirectory: await owner.dataDirectory())
        #expect(leftovers.processes.ids.count > 1)
        #expect(owner.dataDirectories.count == 3)
        await owner.kill()
        #expect(await eventually { !leftovers.isAnything && owner.dataDirectories.isEmpty })
    }
}
