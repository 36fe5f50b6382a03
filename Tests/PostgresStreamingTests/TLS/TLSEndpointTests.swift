import PostgresStreaming
import PostgresTestSupport
import Testing

extension ChangingTLSTests {
    /// What TLS means for several hosts, and for sockets that have none, beside libpq.
    @Suite struct EndpointTests {
        private static let modes = PostgresConfiguration.TLS.Mode.allCases.map(\.rawValue)

        @Test func `each of several hosts is verified by its own name`() async throws {
            let server = try await ChangingTLSTests.server()
            // For other.example alone.
            try await server.show(.otherName)
            func string(_ hosts: String, _ ports: String, _ mode: String) -> String {
                "host=\(hosts) hostaddr=127.0.0.1,127.0.0.1 port=\(ports) user=anybody dbname=postgres "
                    + "gssencmode=disable connect_timeout=20 sslmode=\(mode) \(server.root)"
            }
            // Nobody listens at port 1, so the second host's turn comes.
            let (first, second) = ("\(server.port),1", "1,\(server.port)")
            let strings = ["verify-full", "verify-ca", "require", "prefer"].flatMap { mode in
                ["db.example,other.example", "other.example,db.example"].flatMap { hosts in
                    [first, second, "\(server.port),\(server.port)"].map { string(hosts, $0, mode) }
                }
            }
            let verdicts = try await TLSComparison(server).expectSame(strings)
            #expect(verdicts.prefix(6) == [.refused, .encrypted, .refused, .encrypted, .refused, .encrypted])
        }

        @Test func `a Unix-domain socket is never encrypted, whatever the mode`() async throws {
            let server = try await ChangingTLSTests.server()
            let login = "host=\(server.socketDirectory) port=\(server.port) user=scram dbname=postgres"
            let words = Self.modes.flatMap { mode in
                ["", server.root, "sslrootcert=\(server.certificates.path("other-root.crt"))"].map {
                    "sslmode=\(mode) \($0)"
                }
            }
            let others = [
                "sslmode=require sslnegotiation=direct", "sslmode=require channel_binding=require",
                "sslmode=require sslcertmode=require", "sslmode=verify-full sslrootcert=system",
            ]
            let verdicts = try await TLSComparison(server).expectSame(
                (words + others).map { "\(login) password=\(TLSServer.password) gssencmode=disable \($0)" })
            #expect(verdicts.allSatisfy { $0 != .encrypted })
            #expect(verdicts.prefix(words.count).allSatisfy { $0 == .clear })
        }
    }
}
