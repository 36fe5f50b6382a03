import PostgresStreaming
import PostgresTestSupport
import Testing

/// Cancel requests of encrypted sessions.
@Suite(.timeLimit(.minutes(1))) struct EncryptedCancelTests {
    private static let endless: PostgresQuery = "SELECT generate_series(1, 1000000000000)::int8"

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `an early exit cancels on the server at once, and the request is encrypted too`(
        version: String
    ) async throws {
        let server = try await TLSServer.shared
        try await FaultProxy.run(to: server.port) { proxy in
            let words = "\(server.verifyFull) ssl_max_protocol_version=\(version)"
            let string = server.string(words, user: "tls_only", port: proxy.port)
            let connection = try await server.connect(string)
            let start = ContinuousClock.now
            for count in 1...5 {
                for try await _ in try await connection.query(Self.endless) { break }
                #expect(await Outcome.of("SELECT 4711::int8", on: connection).numbers == [4711])
                let sent = proxy.bytesFromClients
                // A server that takes its time is asked more than once.
                #expect(sent.count >= 1 + count)
                #expect(sent.allSatisfy { $0.starts(with: EncryptedWire.request) })
                #expect(sent.allSatisfy { EncryptedWire.holdsNothingInTheClear($0) })
            }
            // The whole query would take days, and five of them a busy machine a few seconds when they are cancelled.
            #expect(ContinuousClock.now - start < .seconds(30))
            await connection.close()
        }
    }

    @Test func `a task that is cancelled ends its query on the server`() async throws {
        let server = try await TLSServer.shared
        let connection = try await server.connect(server.string(server.verifyFull, user: "tls_only"))
        let query = Task { [string = server.string(server.verifyFull, user: "tls_only")] in
            let connection = try await server.connect(string)
            return await failure { try await connection.execute("SELECT pg_sleep(600), 'sleeper'") }
        }
        let sleepers: PostgresQuery = """
            SELECT count(*)::int8 FROM pg_stat_activity
            WHERE query LIKE '%''sleeper''%' AND state = 'active' AND pid <> pg_backend_pid()
            """
        while await Outcome.of(sleepers, on: connection).numbers != [1] {}
        query.cancel()
        let error = try await query.value
        #expect(error?.code == .cancelled)
        #expect(error?.isConnectionUsable == true)
        while await Outcome.of(sleepers, on: connection).numbers != [0] {}
    }
}

extension ChangingTLSTests {
    @Suite struct CancelVerificationTests {
        @Test func `the server of a cancel request has to prove who it is once more`() async throws {
            let server = try await ChangingTLSTests.server()
            let connection = try await server.connect(server.string(server.verifyFull))
            try await server.show(.otherName)
            for try await _ in try await connection.query("SELECT generate_series(1, 100000000)::int8") { break }
            let error = await failure { try await connection.query("SELECT 1") }
            #expect(error?.code == .connectionLost)
            #expect(error?.message.contains("could not be cancelled") == true)
        }

        @Test func `a server that takes its TLS away is not sent the key`() async throws {
            let server = try await ChangingTLSTests.server()
            try await FaultProxy.run(to: server.port) { proxy in
                let connection = try await server.connect(server.string(server.verifyFull, port: proxy.port))
                try await server.set(["ssl": "off"])
                for try await _ in try await connection.query("SELECT generate_series(1, 100000000)::int8") { break }
                let error = await failure { try await connection.query("SELECT 1") }
                #expect(error?.code == .connectionLost)
                let sent = proxy.bytesFromClients
                #expect(sent.count == 2)
                #expect(sent.last == EncryptedWire.request)
            }
        }
    }
}
