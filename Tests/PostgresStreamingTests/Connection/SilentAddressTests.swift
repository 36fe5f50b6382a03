import PostgresStreaming
import PostgresTestSupport
import PostgresTransport
import Testing

/// Servers that accept a connection and then say nothing must not keep a client from those that would.
@Suite(.timeLimit(.minutes(1))) struct SilentAddressTests {
    private static let limit = Duration.milliseconds(300)
    /// What a busy machine may add to a limit.
    private static let slack = Duration.seconds(1)

    private static let welcome: [Step] = .welcome + [.expectEnd]

    /// Tells that it is a primary, to a client that asks.
    private static let primary: [Step] =
        .welcome + [
            .expect("PBES"),
            .send(
                BackendBytes().message("1").message("2").row([Array("f".utf8), Array("off".utf8)])
                    .complete("SELECT 1").ready().bytes), .expectEnd,
        ]

    private func configuration(_ servers: [ScriptedServer]) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: servers[0].url, environment: .none)
        configuration.endpoints = servers.map { .tcp(host: "127.0.0.1", port: $0.port) }
        configuration.addressTimeout = nil
        return configuration
    }

    /// One name that has an address for each of the servers.
    private func named(_ ports: [UInt16]) throws -> PostgresConfiguration {
        let addresses = try ports.map { try Resolver.address(numeric: "127.0.0.1", port: $0) }
        var configuration = PostgresConfiguration(
            endpoint: .tcp(host: "db.example"), user: "tester", password: TestListener.password, database: "shop")
        configuration.tls.mode = .disable
        configuration.lookUpNames { _, _ in addresses }
        return configuration
    }

    private func elapsed(_ body: () async throws -> Void) async rethrows -> Duration {
        let start = ContinuousClock.now
        try await body()
        return ContinuousClock.now - start
    }

    private func connect(_ configuration: PostgresConfiguration) async throws {
        await (try await PostgresConnection.connect(configuration)).close()
    }

    // MARK: several hosts

    @Test func `a silent standby does not keep those who prefer one from the primary`() async throws {
        try await ScriptedServer.run([.never]) { silent in
            try await ScriptedServer.run(Self.primary, Self.welcome) { primary in
                let string =
                    "host=127.0.0.1,127.0.0.1 port=\(silent.port),\(primary.port) user=tester "
                    + "password=\(TestListener.password) sslmode=disable target_session_attrs=prefer-standby "
                    + "connect_timeout=1"
                let configuration = try PostgresConfiguration(connectionString: string, environment: .none)
                let duration = try await elapsed { try await connect(configuration) }
                #expect(duration >= .seconds(1) && duration < .seconds(1) + Self.slack)
            }
        }
    }

    @Test func `nor where the time for everything is all that was said`() async throws {
        try await ScriptedServer.run([.never]) { silent in
            try await ScriptedServer.run(Self.primary, Self.welcome) { primary in
                var configuration = try configuration([silent, primary])
                configuration.targetSession = .preferStandby
                configuration.connectTimeout = .seconds(4)
                let duration = try await elapsed { try await connect(configuration) }
                #expect(duration >= .seconds(1) && duration < .seconds(1) + Self.slack)
            }
        }
    }

    @Test func `where no server was reached, asking for less of it is no second attempt`() async throws {
        try await ScriptedServer.run([.never]) { silent in
            var configuration = try configuration([silent])
            configuration.targetSession = .preferStandby
            configuration.addressTimeout = Self.limit
            let duration = await elapsed {
                #expect(await failure(of: { try await connect(configuration) })?.code == .connectTimedOut)
            }
            #expect(duration >= Self.limit && duration < Self.limit + Self.slack)
        }
    }

    // MARK: several addresses

    @Test(arguments: Stall.allCases)
    func `the next address of a name has its turn when the time of one is over`(stall: Stall) async throws {
        try await ScriptedServer.run(scripts: [stall.script() + [.never]]) { silent in
            try await ScriptedServer.run(Self.welcome) { server in
                var configuration = try stall.configuration(silent.url)
                let named = try named([silent.port, server.port])
                configuration.endpoints = named.endpoints
                configuration.route = named.route
                // What the second server does is allowed, other than what the first one demands.
                if configuration.tls.mode == .require { configuration.tls.mode = .prefer }
                configuration.allowedAuthentication?.insert(.none)
                configuration.addressTimeout = Self.limit
                let duration = try await elapsed { try await connect(configuration) }
                #expect(duration >= Self.limit && duration < Self.limit + Self.slack)
            }
        }
    }

    @Test func `the addresses of a name share the time for everything where that is all that was said`() async throws {
        try await ScriptedServer.run([.never]) { silent in
            try await ScriptedServer.run([.never]) { other in
                try await ScriptedServer.run(Self.welcome) { server in
                    var configuration = try named([silent.port, other.port, server.port])
                    configuration.connectTimeout = .seconds(3)
                    let duration = try await elapsed { try await connect(configuration) }
                    #expect(duration >= .seconds(2) && duration < .seconds(2) + Self.slack)
                }
            }
        }
    }

    @Test func `connect_timeout counts for each address`() async throws {
        try await ScriptedServer.run([.never]) { silent in
            try await ScriptedServer.run(Self.welcome) { server in
                let string = "host=db.example user=tester password=x sslmode=disable connect_timeout=1"
                var configuration = try PostgresConfiguration(connectionString: string, environment: .none)
                configuration.route = try named([silent.port, server.port]).route
                let duration = try await elapsed { try await connect(configuration) }
                #expect(duration >= .seconds(1) && duration < .seconds(1) + Self.slack)
            }
        }
    }

    @Test func `all silent addresses together take no longer than the time for everything`() async throws {
        try await ScriptedServer.run([.never]) { first in
            try await ScriptedServer.run([.never]) { second in
                var configuration = try named([first.port, second.port])
                configuration.addressTimeout = Self.limit
                configuration.connectTimeout = Self.limit * 3 / 2
                let duration = await elapsed {
                    #expect(await failure(of: { try await connect(configuration) })?.code == .connectTimedOut)
                }
                #expect(duration >= Self.limit * 3 / 2 && duration < Self.limit * 3 / 2 + Self.slack)
            }
        }
    }

    @Test func `an address that closes without a word gives the next its turn at once`() async throws {
        try await ScriptedServer.run([.close]) { closing in
            try await ScriptedServer.run(Self.welcome) { server in
                let configuration = try named([closing.port, server.port])
                let duration = try await elapsed { try await connect(configuration) }
                #expect(duration < Self.slack)
            }
        }
    }

    @Test func `an address that refuses the user is the right one, and the next is not asked`() async throws {
        let refusal = BackendBytes().error("FATAL", "28P01", "no").bytes
        try await ScriptedServer.run([.expectStartup, .send(refusal), .expectEnd]) { refusing in
            try await ScriptedServer.run { other in
                let configuration = try named([refusing.port, other.port])
                let error = await failure { try await connect(configuration) }
                #expect(error?.code == .authenticationFailed)
            }
        }
    }

    @Test func `each address that was tried is named with what became of it`() async throws {
        let listener = try #require(TestListener(.ipv4))
        listener.close()
        try await ScriptedServer.run([.never]) { silent in
            var configuration = try named([listener.port, silent.port])
            configuration.addressTimeout = Self.limit
            let error = await failure { try await connect(configuration) }
            #expect(
                error?.message
                    == "could not connect to db.example:5432: 127.0.0.1:\(listener.port): connection refused; "
                    + "could not connect to db.example:5432 (127.0.0.1:\(silent.port)): "
                    + "time ran out while waiting for an authentication request")
        }
    }

    @Test func `cancelling ends the wait for the second address too`() async throws {
        let reached = Gate()
        try await ScriptedServer.run([.never]) { first in
            try await ScriptedServer.run([.expectStartup, .reach(reached), .never]) { second in
                var configuration = try named([first.port, second.port])
                configuration.addressTimeout = .seconds(1)
                let attempt = Task { [configuration] in await failure { try await connect(configuration) } }
                await reached.wait()
                let start = ContinuousClock.now
                attempt.cancel()
                #expect(await attempt.value?.code == .cancelled)
                #expect(ContinuousClock.now - start < .milliseconds(500))
            }
        }
    }
}
