import PostgresStreaming
import PostgresTestSupport
import Testing

/// What an encrypted connection takes while nothing happens on it.
@Suite(.timeLimit(.minutes(1))) struct IdleTLSTests {
    /// The buffer that a stream reads through would be 128 KiB more.
    private static let bytesMax = 100 << 10

    @Test(.disabled(if: Sanitizer.isOn, "it judges memory"))
    func `an idle connection over TLS keeps no buffer to read through`() async throws {
        let server = try await TLSServer.shared
        let string = server.string(server.verifyFull)
        await #expect(processExitsWith: .success) { [string = string as String] in
            func open(_ count: Int) async throws -> [PostgresConnection] {
                var connections: [PostgresConnection] = []
                for _ in 0..<count {
                    let connection = try await PostgresConnection.connect(string)
                    #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
                    connections.append(connection)
                }
                return connections
            }
            let warm = try await open(2)
            let before = try ProcessFigures.resident()
            let connections = try await open(60)
            let each = (try ProcessFigures.resident() - before) / connections.count
            print("↳ an idle connection over TLS takes \(each) bytes")
            #expect(each <= Self.bytesMax, "\(each) bytes")
            for connection in warm + connections { await connection.close() }
        }
    }
}
