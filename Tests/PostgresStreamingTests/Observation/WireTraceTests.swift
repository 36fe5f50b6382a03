import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Messages written down for people.
@Suite(.timeLimit(.minutes(1))) struct WireTraceTests {
    private func connect(
        _ server: LiveServer, _ lines: Locked<[String]>, includesSQL: Bool = false
    ) async throws -> sending PostgresConnection {
        var configuration = try await PostgresConfiguration(connectionString: server.server.url, environment: .none)
        configuration.wireTrace = PostgresWireTrace(includesSQL: includesSQL) { line in
            lines.withLock { $0.append(line) }
        }
        return try await PostgresConnection.connect(configuration)
    }

    /// The lines without connection and time.
    private func taken(_ lines: Locked<[String]>) -> [String] {
        lines.withLock { lines in
            defer { lines.removeAll() }
            return lines.map { $0.split(separator: " ", maxSplits: 2).last.map(String.init) ?? "" }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a value that is sent in pieces is never taken for messages`(server: LiveServer) async throws {
        let lines = Locked<[String]>([])
        let connection = try await connect(server, lines, includesSQL: true)
        _ = taken(lines)
        let value = Array("Q\0\0\0\u{0E}my secret\0C\0\0\0\u{0C}Ssecret\0".utf8)
        let source = AsyncStream<[UInt8]> { continuation in
            for _ in 1...3 { continuation.yield(value) }
            continuation.finish()
        }
        try await connection.execute("SELECT \(streamed: .bytea)", sending: source, byteCount: 3 * value.count)
        let sent = taken(lines).filter { $0.hasPrefix("F") }
        #expect(!sent.contains { $0.contains("secret") }, "\(sent)")
        #expect(sent.contains { $0.hasSuffix("Bind, with a value in pieces") }, "\(sent)")
        #expect(sent.suffix(2) == ["F 9 Execute \"\"", "F 4 Sync"], "\(sent)")
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a query is written down message by message`(server: LiveServer) async throws {
        let lines = Locked<[String]>([])
        let connection = try await connect(server, lines)
        let start = taken(lines)
        #expect(start.first?.contains("StartupMessage protocol 3.") == true, "\(start)")
        #expect(start.contains("B 8 Authentication ok") && start.last == "B 5 ReadyForQuery idle", "\(start)")
        #expect(
            try await connection.query("SELECT \(4711, as: .int8), NULL::text").only().decode((Int, String?).self).0
                == 4711)
        #expect(
            taken(lines) == [
                "F 33 Parse \"\" SELECT, 21 bytes of SQL, parameter types 20",
                "F 28 Bind \"\" to \"\", parameters 1 (binary 8 bytes), results binary",
                "F 6 Describe portal \"\"", "F 9 Execute \"\"", "F 4 Sync",
                "B 4 ParseComplete", "B 4 BindComplete",
                "B 56 RowDescription \"?column?\" 20, \"text\" 25",
                "B 22 DataRow 2 columns (8, NULL bytes)", "B 13 CommandComplete \"SELECT 1\"",
                "B 5 ReadyForQuery idle",
            ])
        await connection.close()
        #expect(taken(lines).last == "F 4 Terminate")
    }

    @Test(arguments: LiveServer.allCases)
    func `neither values nor texts of errors are written down`(server: LiveServer) async throws {
        let lines = Locked<[String]>([])
        let connection = try await connect(server, lines)
        try await connection.execute("SELECT \("topsecret"), 'topsecret'")
        #expect(await failure { try await connection.execute("SELECT \("topsecret")::int") }?.sqlState == "22P02")
        #expect(await failure { try await connection.execute("SELECT 'topsecret'::int", mode: .simple) } != nil)
        try await connection.execute("DO $$ BEGIN RAISE NOTICE 'topsecret'; END $$")
        try await connection.execute("SET application_name TO 'topsecret'")
        try await connection.execute("LISTEN channel")
        try await connection.execute("NOTIFY channel, 'topsecret'")
        await connection.close()
        let all = taken(lines)
        #expect(!all.contains { $0.contains("topsecret") }, "\(all)")
        #expect(all.contains { $0.contains("ErrorResponse \"ERROR\", SQLSTATE \"22P02\"") }, "\(all)")
        #expect(all.contains { $0.contains("NotificationResponse") && $0.contains("channel \"channel\", 9 bytes") })
        #expect(all.contains { $0.contains("Query SELECT, 23 bytes of SQL") })
        #expect(!all.contains { $0.contains("\n") })
    }

    @Test func `the text of SQL is written down where it is asked for`() async throws {
        let lines = Locked<[String]>([])
        let connection = try await connect(.postgres15, lines, includesSQL: true)
        try await connection.execute("SELECT 1\n-- and a remark")
        #expect(taken(lines).contains { $0.contains(#"Parse "" "SELECT 1\n-- and a remark""#) })
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases, ["m_scram", "m_password"])
    func `passwords, proofs and keys are not written down`(live: LiveServer, role: String) async throws {
        let server = try await AuthenticationServer.on(live)
        let lines = Locked<[String]>([])
        var configuration = try PostgresConfiguration(connectionString: server.server.tcpURL, environment: .none)
        configuration.user = role
        configuration.password = AuthenticationServer.password
        configuration.allowedAuthentication = [.scramSHA256, .password]
        configuration.wireTrace = PostgresWireTrace { line in lines.withLock { $0.append(line) } }
        let connection = try await PostgresConnection.connect(configuration)
        await connection.close()
        let all = taken(lines)
        #expect(!all.contains { $0.contains(AuthenticationServer.password) })
        #expect(all.contains { $0.contains("an answer about the password or token") }, "\(all)")
        #expect(all.contains { $0.contains("BackendKeyData process") })
    }

    @Test func `a message that does not hold together is written down all the same`() async throws {
        let lines = Locked<[String]>([])
        // ParameterStatus without an end.
        let script: [Step] = .welcome + [.expect("PBDES"), .send([0x53, 0, 0, 0, 6, 0x41, 0x42]), .expectEnd]
        try await ScriptedServer.run(script) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            configuration.wireTrace = PostgresWireTrace { line in lines.withLock { $0.append(line) } }
            let connection = try await PostgresConnection.connect(configuration)
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .protocolViolation)
        }
        #expect(taken(lines).contains("B 6 type \"S\", which is not understood"))
    }
}
