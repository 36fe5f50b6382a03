import PostgresStreaming
import PostgresTestSupport
import Testing

/// Every built-in type with the values at its edges, both ways and in both formats, against the servers' own words.
@Suite(.timeLimit(.minutes(2))) struct ExpressionTests {
    private static let all: [TypeExpressions] =
        NumberExpressions.all + TimeExpressions.all + TextExpressions.all + OtherExpressions.all

    @Test func `there are more than a thousand expressions`() {
        let counts = LiveServer.allCases.map { server in
            Self.all.filter { $0.servers.contains(server.rawValue) }.reduce(0) { $0 + $1.count }
        }
        #expect(counts.allSatisfy { $0 > 1000 }, "\(counts)")
    }

    @Test(arguments: LiveServer.allCases)
    func `values are what the server says, and come back as they were sent`(server: LiveServer) async throws {
        let connection = try await server.connect()
        _ = try await connection.query("SET TimeZone = 'UTC'")
        _ = try await connection.query("SET lc_monetary = 'C'")
        for type in Self.all where type.servers.contains(server.rawValue) {
            do {
                try await type.check(connection)
            } catch {
                Issue.record("\(type.type): \(error)")
            }
        }
    }
}
