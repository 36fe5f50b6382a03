import PostgresStreaming
import PostgresTestSupport
import Testing

/// Certificates of clients, beside libpq.
@Suite(.timeLimit(.minutes(1))) struct ClientCertificateTests {
    private static let databases = ["postgres", "template1"]

    /// Strings for the database that wants a certificate, and the one that wants a password too.
    private func strings(_ server: TLSServer, _ keywords: [String]) -> [String] {
        Self.databases.flatMap { database in
            keywords.map { words in
                let more = "\(server.verifyFull) password=\(TLSServer.password) \(words)"
                return server.string(more, user: "app", database: database)
            }
        }
    }

    private func pair(_ server: TLSServer, _ certificate: String, _ key: String) -> String {
        "sslcert=\(server.certificates.path(certificate)) sslkey=\(server.certificates.path(key))"
    }

    @Test func `a certificate and its key open the door, in every form of the key`() async throws {
        let server = try await TLSServer.shared
        let keys = ["client.key", "client-der.key", "client-encrypted.key sslpassword=\(TestCertificates.passphrase)"]
        let verdicts = try await TLSComparison(server).expectSame(
            strings(server, keys.map { pair(server, "client.chain.crt", $0) }))
        #expect(Set(verdicts) == [.encrypted])
        let connection = try await server.connect(
            strings(server, [pair(server, "client.chain.crt", "client.key")])[0])
        let row = try await connection.query(
            "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).first()
        #expect(try row?.decode(String.self) == "/CN=app")
    }

    @Test func `what is no certificate of that user is refused`() async throws {
        let server = try await TLSServer.shared
        let verdicts = try await TLSComparison(server).expectSame(
            strings(
                server,
                [
                    "", pair(server, "client.crt", "client.key"), pair(server, "other-root.crt", "other-root.key"),
                    pair(server, "self-signed.crt", "self-signed.key"), pair(server, "good.chain.crt", "good.key"),
                    pair(server, "expired.chain.crt", "expired.key"),
                ]))
        #expect(Set(verdicts) == [.refused])
    }

    @Test func `a key that cannot be used is named with the reason, and never its passphrase`() async throws {
        let server = try await TLSServer.shared
        try await TemporaryDirectory.with { directory in
            let open = "\(directory)/open.key"
            try TemporaryDirectory.write(server.certificates.text("client.key"), to: open, mode: 0o644)
            let certificate = "sslcert=\(server.certificates.path("client.chain.crt"))"
            let encrypted = pair(server, "client.chain.crt", "client-encrypted.key")
            let reasons = [
                ("\(certificate) sslkey=\(open)", "has group or world access"),
                ("\(certificate) sslkey=\(directory)/none.key", "no such file or directory"),
                ("\(encrypted) sslpassword=guess-4711", "bad decrypt"),
                (pair(server, "client.chain.crt", "root.key"), "does not belong to the certificate"),
                (pair(server, "client.key", "client.key"), "certificate file"),
                (pair(server, "none.crt", "client.key"), "no such file or directory"),
            ]
            try await TLSComparison(server).expectSame(strings(server, reasons.dropLast().map(\.0)))
            try await TLSComparison(server).expect(
                .refused, strings(server, [reasons.last?.0 ?? ""]).map { "\($0) user=anybody" }, because: .missingFile)
            // There libpq asks the terminal.
            let silent = (encrypted, "it is encrypted and no passphrase was given")
            for (words, reason) in reasons + [silent] {
                let error = await failure { try await server.connect(strings(server, [words])[0]) }
                #expect(error?.code == .configurationInvalid)
                #expect(error?.message.contains(reason) == true, "\(words): \(error?.message ?? "")")
                #expect(error.map { printed($0).contains("guess-4711") } == false)
            }
        }
    }

    @Test func `a key that cannot be used is no reason to go without TLS`() async throws {
        let server = try await TLSServer.shared
        let words = "host=db.example sslmode=prefer \(pair(server, "client.chain.crt", "none.key"))"
        try await TLSComparison(server).expect(.refused, [server.string(words)], because: .unusableFile)
    }

    @Test func `whether the certificate is shown is the user's to say`() async throws {
        let server = try await TLSServer.shared
        let certificate = pair(server, "client.chain.crt", "client.key")
        let modes = PostgresConfiguration.TLS.CertificateMode.allCases.map { "sslcertmode=\($0.rawValue)" }
        let verdicts = try await TLSComparison(server).expectSame(
            strings(server, modes.flatMap { [$0, "\($0) \(certificate)"] }))
        #expect(Set(verdicts) == [.refused, .encrypted])
        let shown = try await TLSComparison(server).expectSame(
            modes.flatMap { mode in
                ["", certificate].map { server.string("\(server.verifyFull) \(mode) \($0)") }
            })
        #expect(Set(shown) == [.refused, .encrypted])
    }

    @Test func `files that are replaced count from the next connection on`() async throws {
        let server = try await TLSServer.shared
        try await TemporaryDirectory.with { directory in
            func put(_ names: [String: String]) throws {
                for (name, source) in names {
                    try TemporaryDirectory.write(server.certificates.text(source), to: "\(directory)/\(name)")
                }
            }
            let files = ["sslrootcert", "sslcert", "sslkey"].map { "\($0)=\(directory)/\($0)" }
            let string = server.string(
                "host=db.example sslmode=verify-full \(files.joined(separator: " "))", user: "app")
            try put(["sslrootcert": "root.crt", "sslcert": "client.chain.crt", "sslkey": "client.key"])
            let connection = try await server.connect(string)
            try put(["sslcert": "other-root.crt", "sslkey": "other-root.key"])
            #expect(await failure { try await server.connect(string) }?.code == .tlsFailed)
            try put(["sslcert": "client.chain.crt", "sslkey": "client.key", "sslrootcert": "other-root.crt"])
            #expect(await failure { try await server.connect(string) }?.code == .serverNotVerified)
            try put(["sslrootcert": "root.crt"])
            try await server.connect(string).close()
            try await connection.execute("SELECT 1")
        }
    }
}

extension ChangingTLSTests {
    @Suite struct UnaskedCertificateTests {
        private static let modes = PostgresConfiguration.TLS.Mode.allCases.map(\.rawValue)

        /// How attempts end that have a certificate which must be shown, one for each mode.
        private func verdicts(_ server: TLSServer) async throws -> [TLSVerdict] {
            let (certificate, key) = ("client.chain.crt", "client.key")
            let files = "sslcert=\(server.certificates.path(certificate)) sslkey=\(server.certificates.path(key))"
            return try await TLSComparison(server).expectSame(
                Self.modes.map { mode in
                    server.string("host=db.example sslmode=\(mode) sslcertmode=require \(files) \(server.root)")
                })
        }

        @Test func `a certificate that must be shown is shown, or there is no session`() async throws {
            let server = try await ChangingTLSTests.server()
            #expect(
                try await verdicts(server) == [
                    .refused, .refused, .encrypted, .encrypted, .encrypted, .encrypted,
                ])
            try await server.set(["ssl_ca_file": ""])
            #expect(try await verdicts(server).allSatisfy { $0 == .refused })
            try await server.set(["ssl": "off"])
            #expect(try await verdicts(server).allSatisfy { $0 == .refused })
        }

        @Test func `a certificate that may be shown need not be asked for`() async throws {
            let server = try await ChangingTLSTests.server()
            try await server.set(["ssl_ca_file": ""])
            let (certificate, key) = ("client.chain.crt", "client.key")
            let files = "sslcert=\(server.certificates.path(certificate)) sslkey=\(server.certificates.path(key))"
            let verdicts = try await TLSComparison(server).expectSame(
                ["disable", "allow"].map { server.string("\(server.verifyFull) sslcertmode=\($0) \(files)") })
            #expect(verdicts == [.encrypted, .encrypted])
        }
    }
}
