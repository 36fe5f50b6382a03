import Glibc
import PostgresTestSupport
import PostgresTransport
import Testing

/// What the system's configuration of OpenSSL says about versions. A process reads it once, so each test has its own.
@Suite(.timeLimit(.minutes(3))) struct SystemVersionTests {
    /// Has this process's OpenSSL read a configuration, as an administrator would write it.
    private static func configure(_ lines: String) throws -> TestCertificates {
        // The command that makes them reads the configuration too.
        let certificates = try TestCertificates.shared
        let path = certificates.path("system.cnf")
        try TemporaryDirectory.write(
            "openssl_conf = first\n[first]\nssl_conf = second\n[second]\nsystem_default = third\n[third]\n\(lines)\n",
            to: path)
        unsafe setenv("OPENSSL_CONF", path, 1)
        return certificates
    }

    /// The version that is agreed on with a server of these versions, or the failure in its place.
    private static func outcome(
        _ server: ClosedRange<TLSVersion>, _ change: (inout TLSSettings) -> Void = { _ in }
    ) async throws -> String {
        let stage = try TLSStage()
        let settings = stage.settings(change)
        return try await ScriptedServer.run(
            onEvery: [.tryHandshake, .expectAnyEnd], options: .init { $0.versions = server }
        ) {
            front in
            let socket = try await stage.connect(port: front.port)
            do throws(TransportError) {
                let information = try await socket.startTLS(settings, deadline: stage.soon)
                socket.close()
                return information.version
            } catch {
                guard case .tls(let failure) = error else { return "\(error)" }
                return failure.description
            }
        }
    }

    @Test func `the newest version that the system allows is the newest that is spoken`() async {
        await #expect(processExitsWith: .success) {
            _ = try Self.configure("MaxProtocol = TLSv1.2")
            #expect(try await Self.outcome(.tls12 ... .tls13) == "TLSv1.2")
            #expect(try await Self.outcome(.tls12 ... .tls13) { $0.maximumVersion = .tls13 } == "TLSv1.3")
            let refusal = try await Self.outcome(.tls12 ... .tls13) { $0.minimumVersion = .tls13 }
            #expect(
                refusal == "the TLS versions from TLSv1.3 to TLSv1.2 are no range, "
                    + "of which the system's configuration of OpenSSL sets one end")
        }
    }

    @Test func `the oldest version that the system allows is the oldest that is spoken`() async {
        await #expect(processExitsWith: .success) {
            _ = try Self.configure("MinProtocol = TLSv1.3")
            #expect(try await Self.outcome(.tls12 ... .tls13) == "TLSv1.3")
            #expect(try await Self.outcome(.tls12 ... .tls12).hasPrefix("TLSv") == false)
            #expect(try await Self.outcome(.tls12 ... .tls12) { $0.minimumVersion = .tls12 } == "TLSv1.2")
            let refusal = try await Self.outcome(.tls12 ... .tls13) { $0.maximumVersion = .tls12 }
            #expect(refusal.hasPrefix("the TLS versions from TLSv1.3 to TLSv1.2 are no range"))
        }
    }

    @Test func `what the system allows of versions that are too old is not spoken`() async {
        await #expect(processExitsWith: .success) {
            _ = try Self.configure("MinProtocol = TLSv1\nMaxProtocol = TLSv1.1")
            let refusal = try await Self.outcome(.tls12 ... .tls13)
            #expect(refusal.hasPrefix("the TLS versions from TLSv1.2 to one before TLSv1.2 are no range"))
            #expect(try await Self.outcome(.tls12 ... .tls13) { $0.maximumVersion = .tls13 } == "TLSv1.3")
        }
    }
}
