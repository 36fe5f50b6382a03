import Glibc
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Where trusted roots come from, beside libpq.
@Suite(.timeLimit(.minutes(1))) struct TLSRootTests {
    private static let modes = PostgresConfiguration.TLS.Mode.allCases.map(\.rawValue)

    private func strings(_ server: TLSServer, _ more: String) -> [String] {
        Self.modes.map { server.string("host=db.example sslmode=\($0) \(more)") }
    }

    @Test func `roots that are named, of somebody else, the system's or missing count as in libpq`() async throws {
        let server = try await TLSServer.shared
        let other = "sslrootcert=\(server.certificates.path("other-root.crt"))"
        for roots in [server.root, other, "sslrootcert=system", ""] {
            try await TLSComparison(server).expectSame(strings(server, roots))
        }
    }

    @Test func `a root and a revocation list at their standard places count as in libpq`() async throws {
        let server = try await TLSServer.shared
        let home = server.certificates.path("home-\(UInt32.random(in: .min ... .max))")
        for directory in [home, "\(home)/.postgresql"] { #expect(unsafe mkdir(directory, 0o700) == 0) }
        let place = "\(home)/.postgresql"
        let comparison = TLSComparison(server, home: home)
        for files in [["root.crt": "other-root.crt"], ["root.crt": "root.crt"], ["root.crl": "intermediate.crl"]] {
            for (name, source) in files {
                try TemporaryDirectory.write(server.certificates.text(source), to: "\(place)/\(name)")
            }
            try await comparison.expectSame(strings(server, "") + strings(server, "sslrootcert=system"))
        }
    }

    @Test func `a file of roots that is missing is refused in every encrypted mode`() async throws {
        let server = try await TLSServer.shared
        let missing = "sslrootcert=\(server.certificates.path("missing.crt"))"
        try await TLSComparison(server).expect(
            .refused, ["prefer", "require"].map { server.string("host=db.example sslmode=\($0) \(missing)") },
            because: .missingFile)
        try await TLSComparison(server).expectSame(
            ["disable", "allow", "verify-ca", "verify-full"].map {
                server.string("host=db.example sslmode=\($0) \(missing)")
            })
    }
}
