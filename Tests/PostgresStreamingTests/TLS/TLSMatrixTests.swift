import PostgresStreaming
import PostgresTestSupport
import Testing

extension ChangingTLSTests {
    /// Every mode against every kind of server, beside libpq.
    @Suite struct MatrixTests {
        private static let modes = PostgresConfiguration.TLS.Mode.allCases.map(\.rawValue)
        private static let someHosts = ["db.example", "b.example", "127.0.0.1"]
        /// Most of them are names of nobody; all lead to the server by `hostaddr`.
        private static let allHosts =
            someHosts + [
                "DB.EXAMPLE", "Db.eXample", "db.example.", "'db.example '", "db.example:5432", "other.example",
                "a.db.example", "xdb.example", "example", "*.example", ".example", "127.1", "127.0.0.2", "::1", "''",
            ]

        private static var attempts: [String] {
            modes.flatMap { mode in
                (mode == "verify-full" ? allHosts : someHosts).map { "host=\($0) sslmode=\(mode)" }
            }
        }

        @Test(arguments: [
            TestCertificates.Server.good, .wildcard, .commonName, .otherName, .expired, .revoked, .selfSigned,
        ])
        func `a certificate is worth what it is to libpq`(_ certificate: TestCertificates.Server) async throws {
            let server = try await ChangingTLSTests.server()
            try await server.show(certificate)
            let list = certificate == .revoked ? " sslcrl=\(server.certificates.path("lists.crl"))" : ""
            let verdicts = try await TLSComparison(server).expectSame(
                Self.attempts.map { server.string("\($0) \(server.root)\(list)") })
            // Lest everything is alike because nothing works.
            #expect(verdicts.contains(.encrypted) == [.good, .wildcard, .commonName, .otherName].contains(certificate))
            #expect(verdicts.contains(.clear))
        }

        @Test(arguments: [true, false], ["anybody", "tls_only", "clear_only"])
        func `rules of access are met as libpq meets them`(hasTLS: Bool, user: String) async throws {
            let server = try await ChangingTLSTests.server()
            try await server.set(["ssl": hasTLS ? "on" : "off"])
            let roots = [server.root, "sslrootcert=\(server.certificates.path("other-root.crt"))", ""]
            let strings = Self.modes.flatMap { mode in
                roots.map { server.string("host=db.example sslmode=\(mode) \($0)", user: user) }
            }
            try await TLSComparison(server).expectSame(strings)
        }

        @Test(arguments: ["TLSv1.2", "TLSv1.3"])
        func `versions are agreed on as libpq does it`(version: String) async throws {
            let server = try await ChangingTLSTests.server()
            try await server.set(["ssl_min_protocol_version": version, "ssl_max_protocol_version": version])
            let limits = [
                "", "ssl_min_protocol_version=TLSv1.2", "ssl_min_protocol_version=TLSv1.3",
                "ssl_max_protocol_version=TLSv1.2", "ssl_max_protocol_version=TLSv1.3",
                "ssl_min_protocol_version=tlsv1.2 ssl_max_protocol_version=tlsv1.2",
                "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
            ]
            let strings = ["prefer", "require", "verify-full"].flatMap { mode in
                limits.map { server.string("host=db.example sslmode=\(mode) \(server.root) \($0)") }
            }
            let verdicts = try await TLSComparison(server).expectSame(strings)
            #expect(Set(verdicts) == [.clear, .encrypted, .refused])
            let connection = try await server.connect(server.string(server.verifyFull))
            let spoken = try await connection.query(
                "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            ).first()
            #expect(try spoken?.decode(String.self) == version)
        }

        @Test(arguments: ["lists.crl", "intermediate.crl", "root.crl", "lists", "other-root.crt"])
        func `revocation lists count as in libpq`(list: String) async throws {
            let server = try await ChangingTLSTests.server()
            for certificate in [TestCertificates.Server.good, .revoked] {
                try await server.show(certificate)
                let path = server.certificates.path(list)
                let keyword = list == "lists" ? "sslcrldir=\(path)" : "sslcrl=\(path)"
                try await TLSComparison(server).expectSame(
                    ["prefer \(server.root)", "require \(server.root)", "require", "verify-full \(server.root)"].map {
                        server.string("host=db.example sslmode=\($0) \(keyword)")
                    })
            }
        }
    }
}
