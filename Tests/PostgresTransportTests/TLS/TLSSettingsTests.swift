import Glibc
import PostgresTestSupport
import PostgresTransport
import Testing

/// What becomes of settings that cannot be followed, and of the files that they name.
@Suite(.timeLimit(.minutes(1))) struct TLSSettingsTests {
    private let stage: TLSStage

    init() throws { stage = try TLSStage() }

    /// The failure of making a context; nil where it can be made.
    private func failure(_ change: (inout TLSSettings) -> Void) -> TLSFailure? {
        do throws(TLSFailure) {
            _ = try TLSContext(stage.settings(change))
            return nil
        } catch {
            return error
        }
    }

    private func failure(
        certificate: String = "client.chain.crt", key: String, passphrase: (@Sendable () -> String?)? = nil
    ) -> TLSFailure? {
        failure { settings in
            settings.clientCertificate = TLSSettings.ClientCertificate(
                certificateFile: stage.certificates.path(certificate), keyFile: stage.certificates.path(key),
                passphrase: passphrase)
        }
    }

    /// Copies a file beside it, with these permissions.
    private func copy(_ name: String, to copy: String, mode: mode_t) throws {
        let text = try stage.certificates.text(name)
        let path = stage.certificates.path(copy)
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        unsafe write(descriptor, text, text.utf8.count)
        fchmod(descriptor, mode)
        close(descriptor)
    }

    @Test func `what contradicts itself is refused`() {
        #expect(failure { $0.roots = .none }?.description.contains("no root certificate is given") == true)
        #expect(failure { $0.hostName = "" }?.description.contains("a host name must be specified") == true)
        #expect(failure { $0.hostName = "db\0.example" }?.description.contains("NUL") == true)
        let versions = failure { settings in
            settings.minimumVersion = .tls13
            settings.maximumVersion = .tls12
        }
        #expect(versions?.description == "the TLS versions from TLSv1.3 to TLSv1.2 are no range")
        #expect(failure { $0.certificateMode = .require }?.description.contains("client certificate") == true)
    }

    @Test func `a file that cannot be used is named, with the reason`() {
        let (missing, empty) = (stage.certificates.path("missing"), "/dev/null")
        let failures: [(TLSFailure?, String, String)] = [
            (failure { $0.roots = .file(missing) }, "root certificate file \"\(missing)\"", "no such file"),
            (failure { $0.roots = .file(empty) }, "root certificate file \"/dev/null\"", "no certificate or crl found"),
            (failure { $0.revocationFile = missing }, "revocation list file", "no such file"),
            (failure { $0.revocationFile = empty }, "revocation list file", "no certificate or crl found"),
            (failure { $0.revocationDirectory = missing }, "revocation list directory", "no such file"),
            (failure { $0.keyLogFile = "\(missing)/log" }, "key log file", "no such file"),
            (failure { $0.keyLogFile = stage.certificates.directory }, "key log file", "is a directory"),
            (failure(certificate: "missing", key: "client.key"), "certificate file", "no such file"),
            (failure(certificate: "client.key", key: "client.key"), "certificate file", "no start line"),
            (failure(key: "missing"), "private key file", "no such file"),
            (failure(key: "client.crt"), "private key file", "has group or world access"),
            (failure(key: "server.key"), "private key file", "does not belong to the certificate"),
            (failure { $0.roots = .file("a\0b") }, "root certificate file", "NUL"),
        ]
        for (failure, file, reason) in failures {
            #expect(failure?.kind == .settings)
            #expect(failure?.description.contains(file) == true, "\(String(describing: failure)): \(file)")
            #expect(failure?.description.contains(reason) == true, "\(String(describing: failure)): \(reason)")
        }
    }

    @Test func `a key is for its owner's eyes`() throws {
        for mode: mode_t in [0o600, 0o400, 0o700] {
            try copy("client.key", to: "mode.key", mode: mode)
            #expect(failure(key: "mode.key") == nil, "\(mode)")
        }
        for mode: mode_t in [0o644, 0o604, 0o620, 0o610, 0o601] {
            try copy("client.key", to: "mode.key", mode: mode)
            #expect(failure(key: "mode.key")?.description.contains("has group or world access") == true, "\(mode)")
        }
        try copy("client.key", to: "mode.key", mode: 0o640)
        #expect((failure(key: "mode.key") == nil) == (geteuid() == 0))
        guard geteuid() == 0 else { return }
        // Root may use the keys of others, with the permissions that others may give.
        unsafe chown(stage.certificates.path("mode.key"), 65_534, 65_534)
        #expect(failure(key: "mode.key")?.description.contains("has group or world access") == true)
        unsafe chmod(stage.certificates.path("mode.key"), 0o600)
        #expect(failure(key: "mode.key") == nil)
    }

    @Test func `a key is a regular file`() throws {
        let path = stage.certificates.path("pipe.key")
        try #require(unsafe mkfifo(path, 0o600) == 0)
        defer { unsafe unlink(path) }
        #expect(failure(key: "pipe.key")?.description.contains("is not a regular file") == true)
        #expect(failure(key: "lists")?.description.contains("is not a regular file") == true)
    }

    @Test func `a key may be in DER, or encrypted`() {
        #expect(failure(key: "client-der.key") == nil)
        #expect(failure(key: "client-encrypted.key") { TestCertificates.passphrase } == nil)
        // Who has no use for a passphrase is not asked for one.
        #expect(failure(key: "client.key") { fatalError("asked for the passphrase of a plain key") } == nil)
    }

    @Test func `a passphrase that is missing or wrong is told, never itself`() {
        let none = failure(key: "client-encrypted.key")
        #expect(none?.description.contains("it is encrypted and no passphrase was given") == true)
        let nothing = failure(key: "client-encrypted.key") { nil }
        #expect(nothing == none)
        for wrong in ["open-sesam", "", String(repeating: "long", count: 5000), "\u{E4}\0"] {
            let failure = failure(key: "client-encrypted.key") { wrong }
            #expect(failure?.kind == .settings)
            #expect(
                failure?.description.contains("open") == false || failure?.description.contains("could not") == true)
            #expect(wrong.isEmpty || failure?.description.contains(wrong) == false)
        }
    }

    @Test func `settings describe themselves without files or secrets`() {
        let settings = stage.settings { settings in
            settings.keyLogFile = "/secret/log"
            settings.clientCertificate = TLSSettings.ClientCertificate(
                certificateFile: "/secret/crt", keyFile: "/secret/key", passphrase: { "secret" })
        }
        var text = "\(settings) \(String(reflecting: settings)) \(String(describing: settings.clientCertificate))"
        dump(settings, to: &text)
        #expect(!text.contains("secret"))
        #expect(text.contains("verification: chainAndHost"))
    }

    // MARK: client certificates

    private func settings(_ mode: TLSSettings.CertificateMode, key: String = "client.key") -> TLSSettings {
        stage.settings { settings in
            settings.certificateMode = mode
            settings.clientCertificate = TLSSettings.ClientCertificate(
                certificateFile: stage.certificates.path("client.chain.crt"), keyFile: stage.certificates.path(key),
                passphrase: { TestCertificates.passphrase })
        }
    }

    @Test(arguments: ["client.key", "client-encrypted.key", "client-der.key"], TLSVersion.allCases)
    func `a certificate is shown to who asks for it`(key: String, version: TLSVersion) async throws {
        let options = ScriptedServer.Options { $0.clientCertificate = .required }
        try await ScriptedServer.run(onEvery: [.handshake, .send([1]), .expectEnd], options: options) { server in
            for mode in [TLSSettings.CertificateMode.allow, .require] {
                let socket = try await stage.connect(port: server.port)
                var settings = settings(mode, key: key)
                settings.maximumVersion = version
                let information = try await socket.startTLS(settings, deadline: stage.soon)
                #expect(information.isCertificateRequested && information.isCertificateSent)
                let bytes = try await stage.readSome(socket)
                #expect(bytes == [1])
            }
        }
    }

    @Test func `a server that does not ask gets none, and must ask where it is required`() async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd]) { server in
            let socket = try await stage.connect(port: server.port)
            let information = try await socket.startTLS(settings(.allow), deadline: stage.soon)
            #expect(!information.isCertificateRequested && !information.isCertificateSent)
            let failure = try await stage.tlsFailure(settings(.require), port: server.port)
            #expect(failure == TLSFailure(.handshake, "the server did not request a TLS certificate"))
        }
    }

    @Test func `a certificate that is disabled is not shown, nor its files read`() async throws {
        let options = ScriptedServer.Options { $0.clientCertificate = .requested }
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd], options: options) { server in
            let socket = try await stage.connect(port: server.port)
            let information = try await socket.startTLS(settings(.disable, key: "missing"), deadline: stage.soon)
            #expect(information.isCertificateRequested && !information.isCertificateSent)
        }
    }

    @Test(arguments: TLSVersion.allCases)
    func `a server that insists on a certificate says so`(version: TLSVersion) async throws {
        let options = ScriptedServer.Options {
            $0.clientCertificate = .required
            $0.versions = version...version
        }
        try await ScriptedServer.run(onEvery: [.failHandshake], options: options) { server in
            let socket = try await stage.connect(port: server.port)
            // With TLS 1.3 the client's handshake is over before the server has seen what the client lacks.
            await #expect {
                _ = try await socket.startTLS(stage.settings(), deadline: stage.soon)
                _ = try await stage.readSome(socket)
            } throws: { error in
                guard case TransportError.tls(let failure) = error else { return false }
                let reason = version == .tls12 ? "handshake failure" : "certificate required"
                return failure.kind == .alert && failure.description.contains(reason)
            }
        }
    }

    // MARK: the key log

    @Test func `secrets are appended to a file that only the owner reads`() async throws {
        let path = stage.certificates.path("secrets.log")
        let settings = stage.settings { $0.keyLogFile = path }
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd]) { server in
            for _ in 0..<2 { try await stage.expectTLS(settings, port: server.port) }
        }
        let lines = try stage.certificates.text("secrets.log").split(separator: "\n")
        #expect(lines.count(where: { $0.hasPrefix("CLIENT_TRAFFIC_SECRET_0 ") }) == 2)
        #expect(lines.allSatisfy { $0.split(separator: " ").count == 3 })
        var information = stat()
        try #require(unsafe stat(path, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
    }
}
