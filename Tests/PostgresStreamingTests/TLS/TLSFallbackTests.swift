import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// When `allow` and `prefer` try the other way too, and when not.
@Suite(.timeLimit(.minutes(1))) struct TLSFallbackTests {
    private func string(_ port: UInt16, _ mode: String) -> String {
        "host=db.example hostaddr=127.0.0.1 port=\(port) user=tester dbname=shop sslmode=\(mode) "
            + "password=\(TestListener.password) connect_timeout=20"
    }

    private func connect(_ string: String) async throws(PostgresError) {
        await (try PostgresConnection.connect(PostgresConfiguration(connectionString: string, environment: .none)))
            .close()
    }

    @Test func `a refusal in the clear is final where the server has no TLS`() async throws {
        let refusal = BackendBytes().error("FATAL", "28000", "no such user").bytes
        try await ScriptedServer.run([.expectStartup, .send(refusal), .expectEnd]) { server in
            let error = await failure { try await connect(string(server.port, "prefer")) }
            #expect(error?.code == .authenticationFailed)
            #expect(error?.reason == "no such user")
        }
    }

    @Test(arguments: ["require", "prefer"])
    func `a reset in the handshake is a failure of TLS, as an end is`(mode: String) async throws {
        // The greeting comes from a client that has read the answer.
        let reset: [Step] = [.send(Array("S".utf8)), .expectBytes(EncryptedWire.request.count + 5), .reset]
        let welcome: [Step] = [.expectStartup, .send(BackendBytes.welcome), .expectEnd]
        try await ScriptedServer.run(scripts: mode == "prefer" ? [reset, welcome] : [reset]) { server in
            do throws(PostgresError) {
                try await connect(string(server.port, mode))
                #expect(mode == "prefer")
            } catch {
                #expect(mode == "require")
                #expect(error.code == .tlsFailed)
                #expect(error.message.hasSuffix("the TLS handshake failed: recv: connection reset by peer"))
            }
        }
    }

    // PgBouncer's words, whose SQLSTATE is no rule of access.
    @Test(arguments: ["08P01", "28000", "28P01", "53300"])
    func `allow turns to TLS whatever the server refused the clear with`(sqlState: String) async throws {
        let refusal = BackendBytes().error("FATAL", sqlState, "SSL required").bytes
        let scripts: [[Step]] = [
            [.expectStartup, .send(refusal), .expectEnd], [.send(Array("N".utf8)), .expectEnd],
        ]
        let server = try await ScriptedServer.run(scripts: scripts) { server in
            let error = await failure { try await connect(string(server.port, "allow")) }
            #expect(error?.code == .tlsFailed)
            return server
        }
        #expect(server.transcripts.last?.bytes == EncryptedWire.request)
    }

    @Test func `allow takes a refusal that came after authentication for an answer`() async throws {
        let refusal = BackendBytes().authentication(0).error("FATAL", "3D000", "no such database").bytes
        try await ScriptedServer.run([.expectStartup, .send(refusal), .expectEnd]) { server in
            let error = await failure { try await connect(string(server.port, "allow")) }
            #expect(error?.sqlState == .invalidCatalogName)
        }
    }

    @Test func `a password that was refused over TLS is not sent again in the clear`() async throws {
        let server = try await TLSServer.shared
        let string = "host=db.example sslmode=prefer password=wrong"
        try await TLSComparison(server).expect(
            .refused, [server.string(string, user: "split")], because: .refusedPassword)
    }

    @Test func `a password that was refused in the clear is tried over TLS, as in libpq`() async throws {
        let server = try await TLSServer.shared
        let string = "host=db.example sslmode=allow password=wrong"
        let verdicts = try await TLSComparison(server).expectSame([server.string(string, user: "reverse")])
        #expect(verdicts == [.encrypted])
    }

    // As read in libpq's source: a server that is starting up is no more ready in the clear.
    @Test(arguments: [("28000", true), ("53300", true), ("08P01", true), ("28P01", true), ("57P03", false)])
    func `prefer turns to the clear where TLS was refused before a proof, whatever with`(
        sqlState: String, turns: Bool
    ) async throws {
        let refusal = BackendBytes().error("FATAL", sqlState, "not over TLS").bytes
        let options = ScriptedServer.Options { $0.welcomesClear = true }
        let front = try await ScriptedServer.run(
            onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .send(refusal), .expectAnyEnd],
            options: options
        ) { front in
            do throws(PostgresError) {
                try await connect(string(front.port, "prefer"))
                #expect(turns)
            } catch {
                #expect(!turns && error.sqlState?.rawValue == sqlState, "\(error)")
            }
            return front
        }
        #expect(front.transcripts.map(\.isClear) == (turns ? [false, true] : [false]))
    }

    @Test(arguments: ["28000", "28P01"])
    func `a refusal that follows a proof is final`(sqlState: String) async throws {
        let refusal = BackendBytes().error("FATAL", sqlState, "no").bytes
        let words = string(0, "prefer") + " require_auth=password"
        let front = try await ScriptedServer.run(
            onEvery: [
                .answerSSLRequest([UInt8(ascii: "S")]), .handshake, .send(BackendBytes().authentication(3).bytes),
                .send(refusal), .expectAnyEnd,
            ], options: ScriptedServer.Options { $0.welcomesClear = true }
        ) { front in
            let error = await failure { try await connect(words.replacing("port=0", with: "port=\(front.port)")) }
            #expect(error?.sqlState?.rawValue == sqlState)
            return front
        }
        #expect(front.transcripts.map(\.isClear) == [false])
    }

    @Test(arguments: ["host", "hostnossl", "hostssl"])
    func `a PgBouncer with rules about TLS is reached in the modes in which libpq reaches it`(
        rule: String
    ) async throws {
        let server = try await TLSServer.shared
        let directory = server.server.dataDirectory
        let rules = "\(directory)/\(rule).hba"
        try TemporaryDirectory.write("\(rule) all all 127.0.0.1/32 trust\n", to: rules, mode: 0o644)
        // PgBouncer's refusals have an SQLSTATE that says nothing of a rule.
        let settings = ["client_tls_sslmode": "allow", "auth_type": "hba", "auth_hba_file": rules]
        try await expectSame(
            settings,
            verdicts: [
                "host": "CCEEEE", "hostnossl": "CCC---", "hostssl": "-EEEEE",
            ][rule] ?? "")
    }

    @Test func `a PgBouncer that insists on TLS is reached in the modes in which libpq reaches it`() async throws {
        try await expectSame(["client_tls_sslmode": "require"], verdicts: "-EEEEE")
    }

    /// Expects how an attempt ends in each mode, ours and libpq's: (C)lear, (E)ncrypted or refused.
    private func expectSame(_ settings: [String: String], verdicts: String) async throws {
        let server = try await TLSServer.shared
        // The pooler runs as the server's user, which can read the server's files.
        let files = [
            "client_tls_cert_file": "\(server.server.dataDirectory)/good.chain.crt",
            "client_tls_key_file": "\(server.server.dataDirectory)/good.key",
        ]
        let options = PgBouncerOptions(settings: settings.merging(files) { own, _ in own })
        try await LivePooler.run(inFrontOf: server.server, options) { pooler in
            let login = "user=\(server.server.user) password=\(server.server.password)"
            let strings = PostgresConfiguration.TLS.Mode.allCases.map { mode in
                "host=db.example hostaddr=127.0.0.1 port=\(pooler.port) dbname=postgres gssencmode=disable \(login) "
                    + "sslmode=\(mode.rawValue) \(server.root)"
            }
            var ours = ""
            for string in strings {
                do throws(PostgresError) {
                    let connection = try await server.connect(string)
                    ours += connection.information.tls == nil ? "C" : "E"
                    await connection.close()
                } catch {
                    ours += "-"
                }
            }
            #expect(ours == verdicts)
            for libpq in ReferenceLibpq.all {
                let theirs = try await libpq.connect(strings, home: server.home)
                let text = theirs.map { $0.isConnected ? ($0.isEncrypted ? "E" : "C") : "-" }.joined()
                #expect(ours == text, "\(libpq): \(theirs.map(\.message))")
            }
        }
    }
}
