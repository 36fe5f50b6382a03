import Foundation
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// TLS from the first byte on, and what a front end sees of a client.
@Suite(.timeLimit(.minutes(1))) struct DirectTLSTests {
    private static let speaksPostgres = ScriptedServer.Options { $0.applicationProtocols = ["other", "postgresql"] }

    @Test(arguments: [["postgresql"], ["other", "postgresql"], ["other"], []])
    func `the server has to agree on the protocol, as for libpq`(protocols: [String]) async throws {
        let server = try await TLSServer.shared
        let options = ScriptedServer.Options { $0.applicationProtocols = protocols }
        try await FaultProxy.run(to: server.port, endingTLS: .towardServer) { hop in
            try await ScriptedServer.run(onEvery: [.tryHandshake, .relay(to: hop.port)], options: options) { front in
                let verdicts = try await TLSComparison(server).expectSame(
                    ["prefer", "require", "verify-ca", "verify-full"].flatMap { mode in
                        ["db.example", "b.example"].map { host in
                            let words = "sslmode=\(mode) sslnegotiation=direct \(server.root)"
                            return server.string("host=\(host) \(words)", port: front.port)
                        }
                    })
                #expect(verdicts.contains(.encrypted) == protocols.contains("postgresql"))
                #expect(!verdicts.contains(.clear))
            }
        }
    }

    @Test func `a server that does not know direct TLS is refused`() async throws {
        let server = try await TLSServer.shared
        let string = server.string("\(server.verifyFull) sslnegotiation=direct")
        let verdicts = try await TLSComparison(server).expectSame([string])
        #expect(verdicts == [.refused])
    }

    @Test(arguments: ["3.0", "3.2"])
    func `a session over direct TLS works, and so does its cancel request`(version: String) async throws {
        let live = try await LiveServer.postgres18.server
        let server = try await TLSServer.shared
        let front = try await ScriptedServer.run(
            onEvery: [.handshake, .relay(to: UInt16(live.port))], options: Self.speaksPostgres
        ) { front in
            let string = server.string(
                "\(server.verifyFull) sslnegotiation=direct max_protocol_version=\(version) password=\(live.password)",
                user: live.user, port: front.port)
            let connection = try await server.connect(string)
            for try await _ in try await connection.query("SELECT generate_series(1, 100000000)::int8") { break }
            #expect(await Outcome.of("SELECT 4711::int8", on: connection).numbers == [4711])
            await connection.close()
            return front
        }
        let sent = front.transcripts.map(\.plaintext)
        // A server that takes its time is asked again.
        #expect(sent.count >= 2)
        #expect(sent.first?.dropFirst(4).prefix(4) == (version == "3.0" ? [0, 3, 0, 0] : [0, 3, 0, 2]))
        // A CancelRequest with a key of 4 bytes or of 32.
        #expect(sent.last?.count == (version == "3.0" ? 16 : 44))
        #expect(sent.last?.dropFirst(4).prefix(4) == [4, 210, 22, 46])
    }

    @Test(arguments: [
        ("db.example", "1", "db.example"), ("db.example", "0", nil), ("127.0.0.1", "1", nil), ("::1", "1", nil),
    ])
    func `a host's name is told in the clear unless the string forbids it, an address never`(
        host: String, flag: String, name: String?
    ) async throws {
        let server = try await TLSServer.shared
        let ask = [UInt8(ascii: "S")]
        try await FaultProxy.run(to: server.port, endingTLS: .towardServer) { hop in
            let front = try await ScriptedServer.run(onEvery: [
                .answerSSLRequest(ask), .handshake, .relay(to: hop.port),
            ]) { front in
                let words = "host=\(host) sslmode=verify-full \(server.root) sslsni=\(flag)"
                try await server.connect(server.string(words, port: front.port)).close()
                return front
            }
            #expect(front.transcripts.map(\.serverName) == [name])
        }
    }

    @Test(arguments: [
        ("TLSv1.2", ["CLIENT_RANDOM "]), ("TLSv1.3", ["CLIENT_TRAFFIC_SECRET_0 ", "SERVER_TRAFFIC_SECRET_0 "]),
    ])
    func `the keys are logged where the string says so, for the owner's eyes`(
        version: String, labels: [String]
    ) async throws {
        let server = try await TLSServer.shared
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/keys"
            let words = "\(server.verifyFull) ssl_max_protocol_version=\(version) sslkeylogfile=\(path)"
            for count in 1...2 {
                try await server.connect(server.string(words)).close()
                let text = try String(contentsOfFile: path, encoding: .utf8)
                for label in labels { #expect(text.ranges(of: label).count == count) }
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }
}
