import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What PgBouncer 1.18 does not know, and how often it has to be asked.
///
/// It answers `client_connection_check_interval` with 08P01 "unsupported startup parameter", and protocol 3.2 with 08P01
/// "bad packet header".
@Suite(.timeLimit(.minutes(1))) struct PoolerNegotiationTests {
    /// Runs `body` with a PgBouncer, a proxy in front that counts, and the configuration of a connection through it.
    private func withPooler(
        _ body: (FaultProxy, PostgresConfiguration) async throws -> Void
    ) async throws {
        try await LivePooler.run(inFrontOf: LiveServer.postgres15.server) { pooler in
            try await FaultProxy.run(to: UInt16(pooler.port)) { proxy in
                var configuration = try PostgresConfiguration(connectionString: pooler.url(), environment: .none)
                configuration.endpoints = [.tcp(host: "127.0.0.1", port: proxy.port)]
                try await body(proxy, configuration)
            }
        }
    }

    /// Connects, and checks that the connection works and how many attempts it took.
    private func expectAttempts(
        _ count: Int, _ proxy: FaultProxy, _ configuration: PostgresConfiguration,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = proxy.connectionCount
        let connection = try await PostgresConnection.connect(configuration)
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
        await connection.close()
        #expect(proxy.connectionCount - before == count, sourceLocation: sourceLocation)
    }

    @Test func `the check interval that it does not know is left out, and the next time at once`() async throws {
        try await withPooler { proxy, configuration in
            try await expectAttempts(2, proxy, configuration)
            try await expectAttempts(1, proxy, configuration)
        }
    }

    @Test func `the new protocol that it does not know is not asked for again`() async throws {
        try await withPooler { proxy, configuration in
            var configuration = configuration
            configuration.connectionCheckInterval = nil
            configuration.protocolVersions = .v3_0 ... .v3_2
            try await expectAttempts(2, proxy, configuration)
            try await expectAttempts(1, proxy, configuration)
        }
    }

    @Test func `the two together take an attempt each, once`() async throws {
        try await withPooler { proxy, configuration in
            var configuration = configuration
            configuration.protocolVersions = .v3_0 ... .v3_2
            try await expectAttempts(3, proxy, configuration)
            try await expectAttempts(1, proxy, configuration)
        }
    }

    @Test func `whoever insists on the new protocol is refused, also where an older one was agreed on before`()
        async throws
    {
        try await withPooler { proxy, configuration in
            var strict = configuration
            strict.protocolVersions = .v3_2 ... .v3_2
            var lenient = configuration
            lenient.protocolVersions = .v3_0 ... .v3_2
            for round in 1...2 {
                let before = proxy.connectionCount
                let error = await failure { [strict] in try await PostgresConnection.connect(strict) }
                #expect(error?.code == .protocolVersionRefused, "round \(round)")
                #expect(error?.message.contains("protocol 3.2") == true)
                #expect(error?.sqlState == .protocolViolation)
                #expect(proxy.connectionCount == before + 1)
                try await expectAttempts(round == 1 ? 3 : 1, proxy, lenient)
            }
        }
    }

    @Test func `a parameter that it does not know is named, and nothing is remembered of it`() async throws {
        try await withPooler { proxy, configuration in
            var other = configuration
            other.runtimeParameters["work_mem"] = "1MB"
            other.connectionCheckInterval = nil
            let error = await failure { [other] in try await PostgresConnection.connect(other) }
            #expect(error?.code == .connectRefusedByServer)
            #expect(error?.message.contains("unsupported startup parameter: work_mem") == true)
            #expect(proxy.connectionCount == 1)
        }
    }

    @Test func `a check interval of the user's own is refused and not dropped`() async throws {
        try await withPooler { proxy, configuration in
            var own = configuration
            own.runtimeParameters["client_connection_check_interval"] = "3s"
            let error = await failure { [own] in try await PostgresConnection.connect(own) }
            #expect(error?.message.contains("client_connection_check_interval") == true)
            #expect(proxy.connectionCount == 1)
        }
    }
}
