import PostgresTestSupport
import PostgresTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TLSHandshakeTests {
    private let stage: TLSStage

    init() throws { stage = try TLSStage() }

    private func options(_ certificate: TestCertificates.Server) -> ScriptedServer.Options {
        ScriptedServer.Options { $0.certificate = certificate }
    }

    @Test(arguments: TLSVersion.allCases)
    func `what was agreed on is told`(version: TLSVersion) async throws {
        let options = ScriptedServer.Options { $0.applicationProtocols = ["other", "postgresql"] }
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options) { server in
            let socket = try await stage.connect(port: server.port)
            let settings = stage.settings {
                $0.maximumVersion = version
                $0.applicationProtocols = ["postgresql"]
            }
            let information = try await socket.startTLS(settings, deadline: stage.soon)
            #expect(information.version == "\(version)")
            #expect(information.cipher.contains("AES") || information.cipher.contains("CHACHA20"))
            #expect(information.applicationProtocol == "postgresql")
            #expect(information.isPeerVerified)
            #expect(!information.isCertificateRequested)
            #expect(!information.isCertificateSent)
        }
    }

    @Test func `a server that knows no application protocols chooses none`() async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd]) { server in
            let socket = try await stage.connect(port: server.port)
            let settings = stage.settings { $0.applicationProtocols = ["postgresql"] }
            let information = try await socket.startTLS(settings, deadline: stage.soon)
            #expect(information.applicationProtocol == nil)
        }
    }

    @Test func `a server that speaks none of the offered protocols says so`() async throws {
        let options = ScriptedServer.Options { $0.applicationProtocols = ["other"] }
        try await ScriptedServer.run(onEvery: [.failHandshake], options: options) { server in
            let failure = try await stage.tlsFailure(
                stage.settings { $0.applicationProtocols = ["postgresql"] }, port: server.port)
            #expect(failure?.kind == .alert)
            #expect(failure?.description.contains("no application protocol") == true)
        }
    }

    @Test func `a protocol that was not offered is refused`() async throws {
        let options = ScriptedServer.Options { $0.forcedProtocol = "po\"st\n" }
        try await ScriptedServer.run(onEvery: [.tryHandshake], options: options) { server in
            let failure = try await stage.tlsFailure(
                stage.settings { $0.applicationProtocols = ["postgresql"] }, port: server.port)
            #expect(failure?.kind == .handshake)
            #expect(failure?.description.contains("\n") == false)
        }
    }

    @Test func `a server without a common version is refused`() async throws {
        let options = ScriptedServer.Options { $0.versions = .tls12...(.tls12) }
        try await ScriptedServer.run(onEvery: [.failHandshake], options: options) { server in
            let failure = try await stage.tlsFailure(
                stage.settings { $0.minimumVersion = .tls13 }, port: server.port)
            #expect(failure?.kind == .alert)
            #expect(failure?.description.contains("protocol version") == true)
        }
    }

    @Test(arguments: [("db.example", "db.example"), ("127.0.0.1", nil), ("::1", nil), ("127.1", nil), ("", nil)])
    func `the server is told the name, never an address`(host: String, name: String?) async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd]) { server in
            let socket = try await stage.connect(port: server.port)
            var settings = stage.trusting
            settings.hostName = host
            _ = try await socket.startTLS(settings, deadline: stage.soon)
            socket.close()
            let other = try await stage.connect(port: server.port)
            settings.sendsServerName = false
            _ = try await other.startTLS(settings, deadline: stage.soon)
            other.close()
            try await stage.untilEnded(server, count: 2)
            #expect(server.transcripts.map(\.serverName) == [name, nil])
        }
    }

    // MARK: verification

    @Test(arguments: [
        (TestCertificates.Server.good, "db.example"), (.good, "127.0.0.1"), (.good, "::1"), (.wildcard, "a.example"),
        (.commonName, "db.example"),
    ])
    func `a server is trusted that proves who it is`(
        certificate: TestCertificates.Server, host: String
    ) async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options(certificate)) { server in
            let failure = try await stage.failure(stage.settings { $0.hostName = host }, port: server.port)
            #expect(failure == nil)
        }
    }

    @Test(arguments: [
        (TestCertificates.Server.good, "b.example", "\"db.example\" (and 3 other names)"),
        (.good, "127.0.0.2", "\"db.example\" (and 3 other names)"),
        (.wildcard, "a.b.example", "\"*.example\" does"), (.otherName, "db.example", "\"other.example\" does"),
    ])
    func `a server that is for another host is refused, and asked for nothing`(
        certificate: TestCertificates.Server, host: String, names: String
    ) async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options(certificate)) { server in
            let failure = try await stage.tlsFailure(stage.settings { $0.hostName = host }, port: server.port)
            #expect(failure?.kind == .hostMismatch)
            #expect(failure?.description.contains(names) == true)
            let chain = stage.settings {
                $0.hostName = host
                $0.verification = .chain
            }
            try await stage.expectTLS(chain, port: server.port)
        }
    }

    @Test(arguments: [
        (TestCertificates.Server.expired, "certificate has expired"),
        (.selfSigned, "self-signed certificate"),
    ])
    func `a certificate that no root vouches for is refused`(
        certificate: TestCertificates.Server, reason: String
    ) async throws {
        try await ScriptedServer.run(onEvery: [.failHandshake], options: options(certificate)) { server in
            for verification in [TLSSettings.Verification.chain, .chainAndHost] {
                let failure = try await stage.tlsFailure(
                    stage.settings { $0.verification = verification }, port: server.port)
                #expect(failure?.kind == .untrusted)
                #expect(failure?.description.contains(reason) == true)
            }
        }
    }

    @Test func `another root vouches for nothing`() async throws {
        try await ScriptedServer.run(onEvery: [.failHandshake]) { server in
            for roots in [TLSSettings.Roots.file(stage.certificates.path("other-root.crt")), .system] {
                let failure = try await stage.tlsFailure(stage.settings { $0.roots = roots }, port: server.port)
                #expect(failure?.kind == .untrusted)
                #expect(failure?.description.contains("unable to get local issuer") == true)
            }
        }
    }

    @Test(arguments: TestCertificates.Server.allCases)
    func `without verification any certificate is taken`(certificate: TestCertificates.Server) async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options(certificate)) { server in
            let socket = try await stage.connect(port: server.port)
            let information = try await socket.startTLS(stage.trusting, deadline: stage.soon)
            #expect(!information.isPeerVerified)
            #expect(socket.endPointBinding == stage.certificates.binding(of: certificate) || certificate.isOfChain)
        }
    }

    @Test func `a numeric address given in place of a name is verified`() async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd]) { server in
            let settings = stage.settings {
                $0.hostName = ""
                $0.hostAddress = "127.0.0.1"
            }
            try await stage.expectTLS(settings, port: server.port)
        }
    }

    @Test func `revoked certificates are refused where lists are given`() async throws {
        let file = stage.settings { $0.revocationFile = stage.certificates.path("lists.crl") }
        let directory = stage.settings { $0.revocationDirectory = stage.certificates.path("lists") }
        try await ScriptedServer.run(onEvery: [.failHandshake], options: options(.revoked)) { server in
            for settings in [file, directory] {
                let failure = try await stage.tlsFailure(settings, port: server.port)
                #expect(failure?.kind == .untrusted)
                #expect(failure?.description.contains("revoked") == true)
            }
        }
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options(.good)) { server in
            try await stage.expectTLS(file, port: server.port)
            try await stage.expectTLS(directory, port: server.port)
        }
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options(.revoked)) { server in
            try await stage.expectTLS(stage.settings(), port: server.port)
        }
    }

    @Test func `every certificate of the chain needs a revocation list`() async throws {
        let settings = stage.settings { $0.revocationFile = stage.certificates.path("intermediate.crl") }
        try await ScriptedServer.run(onEvery: [.failHandshake]) { server in
            let failure = try await stage.tlsFailure(settings, port: server.port)
            #expect(failure?.description.contains("unable to get certificate CRL") == true)
        }
    }
}

extension TestCertificates.Server {
    /// Whether the intermediate issued it, so that no binding was computed beside it.
    var isOfChain: Bool { [.good, .wildcard, .commonName, .otherName, .expired, .revoked, .selfSigned].contains(self) }
}
