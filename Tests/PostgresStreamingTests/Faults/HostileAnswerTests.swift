import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a hostile answer leaves to be seen of it; every kind of it is in the target `HostileServerTests`.
@Suite(.timeLimit(.minutes(1))) struct HostileAnswerTests {
    @Test func `rows in front of a violation are delivered`() async throws {
        let bytes = BackendBytes.beginning.rows(1...3).message("!").bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .expectEnd]) { server in
            let outcome = await Outcome.of("SELECT n FROM numbers", at: server.url)
            #expect(outcome.numbers == [1, 2, 3])
            #expect(outcome.error?.code == .protocolViolation)
        }
    }

    @Test func `another client_encoding ends the connection`() async throws {
        let bytes = BackendBytes.beginning.rows(1...1).parameter("client_encoding", "LATIN1").rows(2...2).bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .expectEnd]) { server in
            let outcome = await Outcome.of("SELECT n FROM numbers", at: server.url)
            #expect(outcome.error?.code == .protocolViolation)
            #expect(outcome.error?.message.contains("client_encoding") == true)
            #expect(outcome.numbers == [1])
        }
    }

    @Test func `a parameter that is reported again and again takes no room`() async throws {
        let bytes = (0..<2_000).reduce(BackendBytes.beginning) { $0.parameter("search_path", "schema_\($1)") }
            .rows(1...1).complete("SELECT 1").ready().bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .expectEnd]) { server in
            #expect(await Outcome.of("SELECT n FROM numbers", at: server.url).numbers == [1])
        }
    }
}
