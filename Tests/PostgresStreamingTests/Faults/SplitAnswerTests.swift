import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SplitAnswerTests {
    private static let answer = BackendBytes.beginning.notice("half way").rows(1...3).parameter("TimeZone", "UTC")
        .rows(4...5).complete("SELECT 5").ready().bytes

    private static func script(_ welcome: [[UInt8]], _ answer: [[UInt8]]) -> [Step] {
        [.expectStartup, .sendInPieces(welcome), .expect("PBDES"), .sendInPieces(answer), .expectEnd]
    }

    private func expectTheSameRows(_ scripts: [[Step]]) async throws {
        try await ScriptedServer.run(scripts: scripts, on: .abstractUnix) { server in
            for place in scripts.indices {
                let outcome = await Outcome.of("SELECT n FROM numbers", at: server.url)
                #expect(outcome.numbers == [1, 2, 3, 4, 5], "cut \(place)")
                #expect(outcome.error == nil, "cut \(place)")
            }
        }
    }

    @Test func `an answer that comes byte by byte gives the same rows`() async throws {
        let single = { (bytes: [UInt8]) in bytes.map { [$0] } }
        try await expectTheSameRows([Self.script(single(BackendBytes.welcome), single(Self.answer))])
    }

    @Test func `a start-up that is cut in two at any place gives the same rows`() async throws {
        try await expectTheSameRows(
            ByteSplits.all(of: BackendBytes.welcome).map { Self.script($0, [Self.answer]) })
    }

    @Test func `an answer that is cut in two at any place gives the same rows`() async throws {
        try await expectTheSameRows(ByteSplits.all(of: Self.answer).map { Self.script([BackendBytes.welcome], $0) })
    }
}
