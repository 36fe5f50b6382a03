import PostgresStreaming
import PostgresTestSupport
import PostgresTransport
import Testing

extension ChangingTLSTests {
    /// SCRAM that is bound to its connection, beside libpq, and somebody in the middle who is found out by it.
    @Suite struct ManInTheMiddleTests {
        private static let wishes = PostgresConfiguration.ChannelBindingMode.allCases.map(\.rawValue)

        private func string(
            _ server: TLSServer, _ wish: String, mode: String = "require", port: UInt16? = nil
        ) -> String {
            server.string(
                "host=db.example sslmode=\(mode) channel_binding=\(wish) password=\(TLSServer.password)",
                user: "scram", port: port)
        }

        @Test(arguments: [
            TestCertificates.Server.good, .rsaSHA256, .rsaSHA512, .rsaPSS, .rsaPSSPadding, .ecdsaSHA384,
        ])
        func `every kind of signature can be bound to`(_ certificate: TestCertificates.Server) async throws {
            let server = try await ChangingTLSTests.server()
            try await server.show(certificate)
            let verdicts = try await TLSComparison(server).expectSame(Self.wishes.map { string(server, $0) })
            #expect(verdicts == [.encrypted, .encrypted, .encrypted])
        }

        @Test func `without TLS a binding that is required fails, and one that is wished for does not`() async throws {
            let server = try await ChangingTLSTests.server()
            let strings = ["disable", "prefer"].flatMap { mode in
                Self.wishes.map { string(server, $0, mode: mode) }
            }
            try await TLSComparison(server).expectSame(strings)
            try await server.set(["ssl": "off"])
            try await TLSComparison(server).expectSame(strings)
        }

        @Test func `a signature without a digest binds nothing`() async throws {
            let server = try await ChangingTLSTests.server()
            try await server.show(.ed25519)
            try await TLSComparison(server).expect(.encrypted, [string(server, "prefer")], because: .noDigest)
            let others = try await TLSComparison(server).expectSame(["disable", "require"].map { string(server, $0) })
            #expect(others == [.encrypted, .refused])
        }

        /// The binding is the only thing that tells: the password is right, and no certificate is verified.
        @Test(arguments: TLSVersion.allCases)
        func `somebody in the middle is found out by the binding`(version: TLSVersion) async throws {
            let server = try await ChangingTLSTests.server()
            let options = ScriptedServer.Options {
                $0.certificate = .selfSigned
                $0.versions = version...version
            }
            try await FaultProxy.run(to: server.port, endingTLS: .towardServer) { hop in
                try await ScriptedServer.run(
                    onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: hop.port)],
                    options: options
                ) { middle in
                    let verdicts = try await TLSComparison(server).expectSame(
                        Self.wishes.map { string(server, $0, port: middle.port) })
                    #expect(verdicts == Self.wishes.map { $0 == "disable" ? .encrypted : .refused })
                    let error = await failure {
                        try await server.connect(string(server, "require", port: middle.port))
                    }
                    #expect(error?.code == .authenticationFailed)
                    #expect(error?.message.contains("channel binding check failed") == true)
                }
            }
        }
    }
}
