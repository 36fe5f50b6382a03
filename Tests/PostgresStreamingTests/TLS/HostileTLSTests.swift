import PostgresStreaming
import PostgresTestSupport
import Testing

/// Peers that answer the request for TLS with what no server says. The user's name must not reach them.
@Suite(.timeLimit(.minutes(1))) struct HostileTLSTests {
    private static let strict = ["require", "verify-ca", "verify-full"]
    private static let yes = UInt8(ascii: "S")

    /// A client that has read the answer greets.
    private static let greeting = Step.expectBytes(EncryptedWire.request.count + 5)

    /// The error of an attempt with full verification, or with what `mode` says, at a server that plays the scripts.
    private func refusal(
        _ scripts: [Step]..., mode: String = "verify-full"
    ) async throws -> PostgresError? {
        let certificates = try TestCertificates.shared
        let (server, error) = try await ScriptedServer.run(scripts: scripts) { server in
            let string =
                "host=db.example hostaddr=127.0.0.1 port=\(server.port) user=tester dbname=shop "
                + "sslmode=\(mode) password=\(TestListener.password) "
                + "sslrootcert=\(certificates.path("root.crt")) connect_timeout=20"
            let error = await failure {
                try await PostgresConnection.connect(
                    PostgresConfiguration(connectionString: string, environment: .none))
            }
            return (server, error)
        }
        let sent = server.transcripts
        #expect(sent.count == scripts.count)
        #expect(sent.allSatisfy { !$0.contains("tester") && !$0.contains(TestListener.password) })
        #expect(sent.allSatisfy { EncryptedWire.holdsNothingInTheClear($0.bytes) })
        return error
    }

    @Test(arguments: strict)
    func `a server that will not speak TLS is told nothing`(mode: String) async throws {
        let error = try await refusal([.send(Array("N".utf8)), .expectEnd], mode: mode)
        #expect(error?.code == .tlsFailed)
        #expect(error?.message.contains("does not support TLS") == true)
    }

    /// What OpenSSL itself would pass over: a change of cipher, which means nothing in TLS 1.3, and a warning.
    private static let inertRecords: [[UInt8]] = [[20, 3, 3, 0, 1, 1], [21, 3, 3, 0, 2, 1, 90]]

    @Test(arguments: strict + ["prefer"], [BackendBytes.welcome, [0]] + inertRecords)
    func `bytes that come with the answer end the attempt, and nothing more is said`(
        mode: String, bytes: [UInt8]
    ) async throws {
        let error = try await refusal([.send([Self.yes] + bytes), .expectEnd], mode: mode)
        #expect(error?.code == .protocolViolation)
        #expect(error?.reason == "bytes in the clear came before the TLS handshake")
        #expect(error?.hint == "Somebody on the way to the server may have put them there.")
    }

    @Test(arguments: strict + ["prefer"])
    func `bytes that come with a refusal of TLS end the attempt too`(mode: String) async throws {
        let error = try await refusal([.send(Array("N".utf8) + BackendBytes.welcome), .expectEnd], mode: mode)
        #expect(error?.code == .protocolViolation)
    }

    @Test(arguments: strict + ["prefer"])
    func `an error in place of the answer is not shown`(mode: String) async throws {
        let text = BackendBytes().error("FATAL", "28000", "send your password to evil.example").bytes
        let error = try await refusal([.send(text), .expectEnd], mode: mode)
        #expect(error?.code == .connectRefusedByServer)
        #expect(error.map { printed($0).contains("evil") } == false)
        #expect(error?.server == nil)
    }

    @Test(arguments: strict + ["prefer"], ["HTTP/1.1 400 Bad Request\r\n\r\n", "\0", "s", "R"])
    func `an answer that is none ends the attempt`(mode: String, answer: String) async throws {
        let error = try await refusal([.send(Array(answer.utf8)), .expectEnd], mode: mode)
        #expect(error?.code == .protocolViolation)
    }

    @Test(arguments: strict + ["prefer"])
    func `a server that closes without an answer ends the attempt`(mode: String) async throws {
        let error = try await refusal([.close], mode: mode)
        #expect(error?.code == .connectFailed)
    }

    @Test func `an alert in place of a handshake is told`() async throws {
        let error = try await refusal([.send([Self.yes]), Self.greeting, .send([21, 3, 3, 0, 2, 2, 40]), .expectEnd])
        #expect(error?.code == .tlsFailed)
        #expect(error?.message.contains("handshake failure") == true)
    }

    @Test(arguments: [([yes], "negotiating TLS"), ([], "waiting for the answer to the TLS request")])
    func `a server that says no more is left at the deadline, by the step's name`(
        answer: [UInt8], step: String
    ) async throws {
        let certificates = try TestCertificates.shared
        let server = try await ScriptedServer.run([.send(answer), .expectEnd]) { server in
            var configuration = PostgresConfiguration(
                endpoints: [.tcp(host: "db.example", address: "127.0.0.1", port: server.port)], user: "tester")
            configuration.tls.mode = .verifyFull
            configuration.tls.roots = .file(certificates.path("root.crt"))
            configuration.connectTimeout = .milliseconds(150)
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .connectTimedOut)
            #expect(error?.message.contains("time ran out while \(step)") == true)
            return server
        }
        let sent = server.transcripts.map(\.bytes)
        #expect(sent.count == 1)
        #expect(sent.allSatisfy { $0.starts(with: EncryptedWire.request) })
        #expect(sent.allSatisfy { EncryptedWire.holdsNothingInTheClear($0) })
    }

    /// A message that a client of TLS 1.2 has to ignore however often it comes.
    private static let helloRequest: [UInt8] = [22, 3, 3, 0, 4, 0, 0, 0, 0]

    @Test func `a flood during the handshake ends it long before the deadline`() async throws {
        let flood = [UInt8](repeatElement(Self.helloRequest, count: 1000).joined())
        let start = ContinuousClock.now
        let error = try await refusal([.send([Self.yes]), Self.greeting, .flood(flood)])
        #expect(error?.code == .tlsFailed)
        #expect(error?.reason == "the TLS handshake failed: the server sends more than 256 KiB for it")
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    // MARK: prefer

    @Test func `prefer goes on in the clear where the server says that it has no TLS`() async throws {
        try await expectClear([.expectStartup, .send(BackendBytes.welcome), .expectEnd])
    }

    @Test(arguments: [BackendBytes.welcome, [21, 3, 3, 0, 2, 2, 40]])
    func `prefer goes on in the clear after a failed handshake, on a fresh connection`(
        answer: [UInt8]
    ) async throws {
        try await expectClear(
            [.send([Self.yes]), Self.greeting, .send(answer), .expectEnd],
            [.expectStartup, .send(BackendBytes.welcome), .expectEnd])
    }

    private func expectClear(_ scripts: [Step]...) async throws {
        let server = try await ScriptedServer.run(scripts: scripts) { server in
            let url = server.url.replacing("sslmode=disable", with: "sslmode=prefer")
            await (try PostgresConnection.connect(url)).close()
            return server
        }
        let sent = server.transcripts
        #expect(sent.count == scripts.count)
        #expect(sent.dropLast().allSatisfy { EncryptedWire.holdsNothingInTheClear($0.bytes) })
        #expect(sent.last?.contains("tester") == true)
    }

    // MARK: servers that cannot prove who they are

    @Test(
        arguments: [TestCertificates.Server.otherName, .expired, .selfSigned, .revoked],
        [TestListener.password, ""])
    func `a server that is not who it should be learns nothing`(
        certificate: TestCertificates.Server, password: String
    ) async throws {
        for version in ["TLSv1.2", "TLSv1.3"] {
            let server = try await TLSServer.shared
            let options = ScriptedServer.Options { $0.certificate = certificate }
            let (front, proxy) = try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([Self.yes]), .tryHandshake, .expectAnyEnd], options: options
            ) { front in
                try await FaultProxy.run(to: front.port) { proxy in
                    let words =
                        "\(server.verifyFull) password='\(password)' ssl_max_protocol_version=\(version) "
                        + "sslcrl=\(server.certificates.path("lists.crl"))"
                    let error = await failure {
                        try await server.connect(server.string(words, user: "tester", port: proxy.port))
                    }
                    #expect(error?.code == .serverNotVerified)
                    return (front, proxy)
                }
            }
            let sent = proxy.bytesFromClients
            #expect(sent.count == 1)
            #expect(sent.allSatisfy { EncryptedWire.holdsNothingInTheClear($0) })
            // Up to version 1.2 data has records of a type of its own.
            if version == "TLSv1.2" { #expect(sent.allSatisfy { !EncryptedWire.recordTypes($0).contains(23) }) }
            #expect(front.transcripts.map(\.plaintext) == [[]])
        }
    }
}
