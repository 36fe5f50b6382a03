import Glibc
import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Databases in every state, each told by its name, in the time of the slowest.
@Suite(.timeLimit(.minutes(2))) struct HealthTests {
    /// How many there are of each state that is cheap to make.
    private static let each = max(1, (Int(environmentText("REGISTRY_DATABASES") ?? "") ?? 40) / 5)
    private static let limit = Duration.seconds(1)

    private struct Entries {
        var text = "connections:\n"
        var expected: [String: ConnectionHealth.State] = [:]

        mutating func add(_ name: String, _ state: ConnectionHealth.State, _ lines: String) {
            expected[name] = state
            text += "  \(name):\n\(lines)"
        }
    }

    /// A port of this machine at which nothing listens.
    private func closedPort() throws -> UInt16 {
        let listener = try #require(TestListener(.ipv4))
        listener.close()
        return listener.port
    }

    @Test func `forty databases take the slowest one's time, and each is named right`() async throws {
        let server = try await LiveServer.postgres15.server
        let primary = try await LiveServer.postgres15.startAnother { $0.configuration["max_connections"] = "60" }
        let standby = try await primary.startStandby()
        let owner = try await LiveServer.postgres15.connect()
        try await owner.execute("DROP ROLE IF EXISTS registry_full")
        try await owner.execute("CREATE ROLE registry_full LOGIN PASSWORD 'full' CONNECTION LIMIT 0")
        let silent = try #require(BlackHole())
        let closed = try closedPort()
        try await LivePooler.run(inFrontOf: server) { pooler in
            var entries = Entries()
            for index in 0..<Self.each {
                entries.add(
                    "silent\(index)", .silent,
                    "    {host: 127.0.0.1, port: \(silent.port), user: u, sslmode: disable}\n")
                entries.add(
                    "refused\(index)", .refused, "    {host: 127.0.0.1, port: \(closed), user: u, sslmode: disable}\n")
                entries.add("password\(index)", .wrongPassword, server.entry(password: "wrong"))
                entries.add("recovery\(index)", .inRecovery, standby.entry())
            }
            for index in 0..<(Self.each - 6) { entries.add("ready\(index)", .ready, server.entry()) }
            entries.add("missing", .missingDatabase, server.entry(database: "registry_missing"))
            entries.add(
                "full", .tooManyClients,
                "    {host: \(server.host), port: \(server.port), user: registry_full, password: full, dbname: postgres, sslmode: disable}\n"
            )
            entries.add("tls", .tlsFailed, server.entry().replacing("sslmode: disable", with: "sslmode: require"))
            entries.add("unknown", .hostUnknown, "    {host: registry.invalid, user: u, sslmode: disable}\n")
            entries.add("pooler", .ready, "    url: \"\(pooler.url())\"\n")
            entries.add("standby", .ready, standby.entry() + "    target_session_attrs: standby\n")
            let registry = try await Registry.open(.text(entries.text))
            let clock = ContinuousClock()
            let start = clock.now
            let report = try await registry.health(within: Self.limit)
            let time = start.duration(to: clock.now)
            print("↳ \(report.connections.count) databases in \(time), the limit of each being \(Self.limit)")
            for health in report.connections {
                #expect(health.state == entries.expected[health.name], "\(health)")
                #expect(health.error?.message.contains("wrong") != true)
            }
            #expect(report.connections.count == entries.expected.count)
            #expect(time <= Self.limit * 1.1)
            let ready = try #require(report["ready0"]?.server)
            #expect(ready.isPooled == false && !ready.isInRecovery && ready.version.hasPrefix("15"))
            #expect(ready.roundTrip > .zero && ready.roundTrip < ready.connectTime && ready.replayLag == nil)
            let behindPooler = try #require(report["pooler"]?.server)
            #expect(behindPooler.isPooled == true)
            let follower = try #require(report["standby"]?.server)
            #expect(follower.isInRecovery && follower.replayLagBytes != nil && follower.replayLag != nil)
            // Pools are left alone.
            #expect(registry.poolCount == 0)
            await registry.close()
        }
        try await owner.execute("DROP ROLE registry_full")
        await standby.stop()
        await primary.stop()
    }

    @Test func `monitoring gives changes of state and nothing else`() async throws {
        let server = try await LiveServer.postgres15.startAnother { $0.configuration["max_connections"] = "20" }
        let closed = try closedPort()
        let registry = try await Registry.open(
            .text(
                "connections:\n  orders:\n" + server.entry() + "  gone: {host: 127.0.0.1, port: \(closed), user: u}\n"))
        var changes = registry.monitor(every: .milliseconds(10), within: .milliseconds(500)).makeAsyncIterator()
        let first = [await changes.next(), await changes.next()].compactMap(\.self)
        #expect(first.map(\.name) == ["gone", "orders"])
        #expect(first.map { $0.after?.state } == [.refused, .ready] && first.allSatisfy { $0.before == nil })
        await server.suspend()
        let stopped = await changes.next()
        #expect(stopped?.name == "orders" && stopped?.before?.state == .ready && stopped?.after?.state == .silent)
        await server.resume()
        let resumed = await changes.next()
        #expect(resumed?.name == "orders" && resumed?.before?.state == .silent && resumed?.after?.state == .ready)
        await registry.close()
        #expect(await changes.next() == nil)
        await server.stop()
    }
}
