import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

extension ObservedRun {
    /// Comes in by every mechanism, with every version of TLS, and after every fallback.
    func connect() async throws {
        let logins = try await AuthenticationServer.on(.postgres15)
        for (role, parameters) in [
            ("m_trust", ""), ("m_scram", ""), ("m_md5", "require_auth=md5"), ("m_password", "require_auth=password"),
        ] {
            try await PostgresConnection.connect(
                observed(logins.configuration(role, parameters: parameters))
            ).close()
        }
        let tls = try await TLSServer.shared
        for (user, more) in [
            ("anybody", "sslmode=require"), ("anybody", "sslmode=require ssl_max_protocol_version=TLSv1.2"),
            ("clear_only", "sslmode=prefer"), ("tls_only", "sslmode=allow"), ("scram", "sslmode=require"),
        ] {
            let string = tls.string("\(more) password=\(TLSServer.password)", user: user)
            try await PostgresConnection.connect(observed(string)).close()
        }
        try await fallBack()
        let connection = try await open()
        try await connection.execute("DO $$ BEGIN RAISE WARNING 'kanari-9d41c7'; END $$")
        await connection.close()
    }

    /// Old servers refuse what they do not know.
    private func fallBack() async throws {
        let refusals = [
            ("42704", "unrecognized configuration parameter \"client_connection_check_interval\""),
            ("0A000", "unsupported frontend protocol 3.2: server supports 2.0 to 3.0"),
        ]
        for (sqlState, text) in refusals {
            let refusal: [Step] = [
                .expectStartup, .send(BackendBytes().error("FATAL", sqlState, text).bytes), .expectEnd,
            ]
            try await ScriptedServer.run(refusal, .welcome + [.expectEnd]) { server in
                let url = server.url("max_protocol_version=3.2")
                try await PostgresConnection.connect(observed(url)).close()
            }
        }
    }

    /// Fails in every phase.
    func failToConnect() async throws {
        let logins = try await AuthenticationServer.on(.postgres15)
        let server = try await LiveServer.postgres15.server
        for configuration in try [
            observed(logins.configuration("m_scram", password: Self.canary)),
            observed("postgres://nobody@127.0.0.1:1/none"), observed(server.url + "&dbname=\(Self.canary)"),
            observed(server.tcpURL + "?sslmode=require"),
        ] {
            await attempt { () throws(PostgresError) in try await PostgresConnection.connect(configuration).close() }
        }
        try await ScriptedServer.run([.expectStartup, .never]) { server in
            let configuration = try observed(server.url) { $0.connectTimeout = .milliseconds(100) }
            await attempt { () throws(PostgresError) in try await PostgresConnection.connect(configuration).close() }
        }
    }

    /// Loses connections to a server that ends them, that vanishes, and that breaks the protocol.
    func endConnections() async throws {
        let ended = try await open()
        let processID = try await ended.processID()
        try await LiveServer.postgres15.connect().execute("SELECT pg_terminate_backend(\(processID)::int4, 10000)")
        await attempt { () throws(PostgresError) in try await ended.execute("SELECT 1") }
        consume(1)
        // A row of three cells where one is due.
        let malformed = BackendBytes().message("D", BackendBytes.int16(3)).bytes
        for last in [[Step.send(malformed), .expectEnd], [.close]] {
            let query = script(
                .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...3).bytes)], last)
            try await ScriptedServer.run(query) { server in
                let connection = try await PostgresConnection.connect(observed(server.url))
                await attempt { () throws(PostgresError) in
                    try await read(connection.query("SELECT n FROM numbers"))
                }
            }
        }
    }
}
