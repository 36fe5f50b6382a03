import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// SCRAM bound to TLS, with a real server that speaks it.
@Suite(.timeLimit(.minutes(2))) struct ChannelBindingTests {
    private static let password = "pw-geheim-gebunden"

    /// Starts a server that shows this certificate, with roles for what is bound and what cannot be.
    private func withServer(
        showing certificate: TestCertificates.Server, _ body: (PostgresServer) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates.shared
        let name = certificate.rawValue
        let options = try PostgresServerOptions(
            version: .major(15),
            configuration: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"],
            accessRules: ["host all b_trust all trust", "host all b_password all password", "host all b_md5 all md5"],
            files: [
                "server.crt": certificates.text("\(name).chain.crt"), "server.key": certificates.text("\(name).key"),
            ])
        let server = try await LiveServer.postgres15.cancellingWhereMissing { try await PostgresServer.start(options) }
        do {
            try await PostgresConnection.withConnection(server.url) { connection in
                for role in ["b_scram", "b_trust", "b_password"] {
                    try await connection.execute(
                        PostgresQuery(unsafeSQL: "CREATE ROLE \(role) LOGIN PASSWORD '\(Self.password)'"))
                }
                try await connection.execute("SET password_encryption = 'md5'")
                try await connection.execute(
                    PostgresQuery(unsafeSQL: "CREATE ROLE b_md5 LOGIN PASSWORD '\(Self.password)'"))
            }
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Logs in and says whether the server saw the session encrypted.
    private func isEncrypted(_ role: String, _ parameters: String, on server: PostgresServer) async throws -> Bool {
        let url = server.tcpURL(user: role, password: Self.password) + "?\(parameters)"
        let configuration = try PostgresConfiguration(connectionString: url, environment: .none)
        let connection = try await PostgresConnection.connect(configuration)
        let rows = try await connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        let isEncrypted = try await rows.first()?.decode(Bool.self) ?? false
        await connection.close()
        return isEncrypted
    }

    @Test func `a login is bound where TLS and the server allow it`() async throws {
        try await withServer(showing: .good) { server in
            // Success where it is required is the proof: the server compares the data with its certificate.
            for mode in ["require", "prefer", "disable"] {
                let parameters = "sslmode=require&channel_binding=\(mode)"
                let isIn = try await isEncrypted("b_scram", parameters, on: server)
                #expect(isIn)
            }
            let isClear = try await isEncrypted("b_scram", "sslmode=disable", on: server) == false
            #expect(isClear)

            let inTheClear = await failure {
                try await isEncrypted("b_scram", "sslmode=disable&channel_binding=require", on: server)
            }
            #expect(inTheClear?.code == .authenticationMethodRefused)
            for role in ["b_trust", "b_password", "b_md5"] {
                let all = "require_auth=none,password,md5,scram-sha-256"
                let isIn = try await isEncrypted(role, "sslmode=require&\(all)", on: server)
                #expect(isIn)
                let unbound = await failure {
                    try await isEncrypted(role, "sslmode=require&channel_binding=require&\(all)", on: server)
                }
                #expect(unbound?.code == .authenticationMethodRefused)
                #expect(unbound?.reason?.hasPrefix("channel binding is required, but the server asks for") == true)
            }
        }
    }

    @Test(arguments: [TestCertificates.Server.rsaSHA1, .rsaSHA512, .rsaPSS, .ecdsaSHA384])
    func `a login is bound to a certificate however it is signed`(certificate: TestCertificates.Server) async throws {
        try await withServer(showing: certificate) { server in
            let isBound = try await isEncrypted("b_scram", "sslmode=require&channel_binding=require", on: server)
            #expect(isBound)
        }
    }

    @Test func `a certificate that cannot be bound to is refused where binding is required, and only there`()
        async throws
    {
        try await withServer(showing: .ed25519) { server in
            let isPreferred = try await isEncrypted("b_scram", "sslmode=require&channel_binding=prefer", on: server)
            #expect(isPreferred)
            let error = await failure {
                try await isEncrypted("b_scram", "sslmode=require&channel_binding=require", on: server)
            }
            #expect(error?.code == .authenticationMethodRefused)
            #expect(
                error?.reason
                    == "channel binding is required, but the server's certificate has no digest that could be bound to")
            #expect(
                error?.hint
                    == "The certificate is signed with Ed25519 or Ed448; RSA and ECDSA signatures have a digest.")
        }
    }

    @Test func `a relay that takes TLS off is found out where binding is required`() async throws {
        try await withServer(showing: .good) { server in
            try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: UInt16(server.port))]
            ) { relay in
                let url = "postgres://b_scram:\(Self.password)@127.0.0.1:\(relay.port)/postgres?sslmode=require"
                // The server, which sees no TLS, offers no binding; the client says that it could have bound.
                try await PostgresConnection.connect("\(url)&channel_binding=prefer").close()
                let error = await failure { try await PostgresConnection.connect("\(url)&channel_binding=require") }
                #expect(error?.code == .authenticationMethodRefused)
                #expect(
                    error?.reason
                        == "channel binding is required, but the server asks for SCRAM-SHA-256 without it")
            }
        }
    }

    @Test(arguments: ["prefer", "allow", "require"])
    func `a server that does not prove itself over TLS is not asked again in the clear`(mode: String) async throws {
        let wrong = "v=" + String(repeating: "A", count: 43) + "="
        let script: [Step] = try AuthenticationScript.scram(final: { _ in wrong }) + [.expectEnd]
        try await ScriptedServer.run(script) { server in
            // Under `allow` the first attempt is the one in the clear; there is no second one either.
            guard mode != "allow" else {
                let error = await failure { try await PostgresConnection.connect(server.url("sslmode=allow")) }
                #expect(error?.code == .serverNotVerified)
                return
            }
            try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: server.port)]
            ) { relay in
                let login = "postgres://tester:\(TestListener.password)@127.0.0.1:\(relay.port)/shop"
                let error = await failure { try await PostgresConnection.connect("\(login)?sslmode=\(mode)") }
                #expect(error?.code == .serverNotVerified)
                #expect(relay.transcripts.count == 1)
            }
        }
    }
}
