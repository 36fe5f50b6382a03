import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Protocol 3.2 with real servers: PostgreSQL 18 speaks it, PostgreSQL 15 answers with NegotiateProtocolVersion.
@Suite(.timeLimit(.minutes(1))) struct ProtocolVersionTests {
    /// How long a CancelRequest is: length, code, process ID and the key.
    private func cancelRequestBytes(
        _ live: LiveServer, _ parameters: String
    ) async throws -> (bytes: [Int], connections: Int) {
        let server = try await live.server
        return try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let login = "\(server.user):\(server.password)"
            let connection = try await PostgresConnection.connect(
                "postgres://\(login)@127.0.0.1:\(proxy.port)/postgres?sslmode=disable&\(parameters)")
            for try await number in try await connection.query("SELECT n::int8 FROM generate_series(1, 3000000) n")
                .decode(Int64.self) where number == 5
            {
                break
            }
            // The server ended the query: had the key not fitted, this would wait for three million rows.
            #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
            await connection.close()
            let cancels = proxy.bytesFromClients.filter { $0.dropFirst(4).starts(with: [0x04, 0xD2, 0x16, 0x2E]) }
            return (cancels.map(\.count), proxy.connectionCount)
        }
    }

    /// A server that takes its time is asked once more, on another connection; there is no other besides.
    private func expectCancels(_ bytes: [Int], of count: Int, _ connections: Int) {
        #expect(Set(bytes) == [count])
        #expect(connections == 1 + bytes.count)
    }

    @Test(arguments: ["max_protocol_version=3.2", "max_protocol_version=latest", "min_protocol_version=3.2"])
    func `PostgreSQL 18 speaks the new protocol, and its keys of 32 bytes cancel`(parameters: String) async throws {
        let (bytes, connections) = try await cancelRequestBytes(.postgres18, parameters)
        expectCancels(bytes, of: 12 + 32, connections)
    }

    @Test(arguments: LiveServer.allCases)
    func `without a wish it is the old protocol, with keys of four bytes`(_ live: LiveServer) async throws {
        let (bytes, connections) = try await cancelRequestBytes(live, "application_name=plain")
        expectCancels(bytes, of: 12 + 4, connections)
    }

    @Test func `PostgreSQL 15 asks for the old protocol within the same attempt`() async throws {
        let (bytes, connections) = try await cancelRequestBytes(.postgres15, "max_protocol_version=3.2")
        expectCancels(bytes, of: 12 + 4, connections)
    }

    @Test func `PostgreSQL 15 is refused by whoever insists on the new protocol`() async throws {
        let server = try await LiveServer.postgres15.server
        let error = await failure {
            try await PostgresConnection.connect(server.tcpURL + "?min_protocol_version=3.2")
        }
        #expect(error?.code == .protocolVersionRefused)
        #expect(
            error?.message
                == "could not connect to 127.0.0.1:\(server.port): "
                + "server speaks protocol 3.0 at most, and 3.2 is the oldest allowed here")
    }
}
