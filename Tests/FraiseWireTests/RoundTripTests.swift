import FraiseWire
import JSONTape
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What passes over the wire, seen by a relay before a real server.
@Suite(.timeLimit(.minutes(1))) struct RoundTripTests {
    /// The types of the messages that a client sent behind its startup.
    private func messages(_ bytes: ArraySlice<UInt8>) -> String {
        var types = ""
        var rest = bytes
        while rest.count >= 5 {
            types.append(Character(UnicodeScalar(rest[rest.startIndex])))
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(1 + length)
        }
        return types
    }

    @Test(arguments: LiveServer.allCases, [false, true])
    func `a query that the connection knows costs one round trip`(
        version: LiveServer, isInTransaction: Bool
    ) async throws {
        _ = try await FraiseFixture.shared(version)
        let server = try await version.server
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            var configuration = try PostgresConfiguration(connectionString: server.tcpURL, environment: .none)
            configuration.endpoints = [.tcp(host: "127.0.0.1", port: proxy.port)]
            let settings = PostgresPoolConfiguration { $0.connectionsMax = 1 }
            let client =
                isInTransaction
                ? FraiseClient(on: PostgresClient(configuration, pool: settings), readsOnly: true)
                : FraiseClient(configuration, pool: settings)
            let query = try client.query("fraise.v_number").limit(100)
            #expect(try await query.execute().collect().count == 100)
            // Flights are relayed whole, so this is where a message begins.
            let before = proxy.bytesFromClients[0].count
            for _ in 1...3 { #expect(try await query.execute().collect().count == 100) }
            await client.close()
            var sent = ""
            repeat {
                await Task.yield()
                sent = messages(proxy.bytesFromClients[0][before...])
            } while !sent.hasSuffix("X")
            // Bind, Execute and Sync are one flight; the seven after them reset the session for the next lease. With a
            // transaction of its own, BEGIN goes before it, and COMMIT before the reset.
            let reset = String(repeating: "BE", count: 7) + "S"
            let expected = isInTransaction ? "PBEBESPBES" + reset : "BES" + reset
            #expect(sent.hasSuffix(expected + expected + "X"), "\(sent)")
        }
    }
}
