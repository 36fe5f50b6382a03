import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct BackpressureTests {
    private static let eightMiB = 8 << 20

    @Test(arguments: TestListener.Place.allCases)
    func `a large query meets a server that will not read before it was read`(
        place: TestListener.Place
    ) async throws {
        guard TestListener(place) != nil else { return }
        let notice = BackendBytes().notice(String(repeating: "!", count: 1000)).bytes
        let notices = BackendBytes.repeated(notice, count: Self.eightMiB / notice.count)
        let query = script(
            [.expectStartup, .send(BackendBytes.welcome), .expect("")], [.send(notices)], .answer(1...3), [.expectEnd])
        try await ScriptedServer.run(query, on: place) { server in
            let text = "SELECT n FROM numbers /* " + String(repeating: "x", count: Self.eightMiB) + " */"
            let outcome = await Outcome.of(PostgresQuery(unsafeSQL: text), at: server.url)
            #expect(outcome.numbers == [1, 2, 3])
            #expect(outcome.error == nil)
            #expect(
                server.transcripts[0].frames.contains { $0.type == UInt8(ascii: "P") && $0.body.count > text.count })
        }
    }

    @Test func `a parameter of 8 MiB arrives whole`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(1...1), [.expectEnd])) { server in
            let text = String(repeating: "y", count: Self.eightMiB)
            let outcome = await Outcome.of("SELECT length(\(text))", at: server.url)
            #expect(outcome.error == nil)
            let bind = server.transcripts[0].frames.first { $0.type == UInt8(ascii: "B") }
            #expect(bind?.body.count { $0 == UInt8(ascii: "y") } == Self.eightMiB)
        }
    }

    @Test func `a row of 8 MiB arrives whole`() async throws {
        let cell = [UInt8](repeating: UInt8(ascii: "z"), count: Self.eightMiB)
        let column = BackendBytes.column("text", typeOID: 25, size: -1)
        let answer = BackendBytes().message("1").message("2").message("T", BackendBytes.int16(1) + column)
            .row([cell]).row([[]]).row([nil]).complete("SELECT 3").ready().bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(answer), .expectEnd]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            var lengths: [Int?] = []
            for try await text in try await connection.query("SELECT text FROM long").decode(String?.self) {
                lengths.append(text?.utf8.count)
            }
            #expect(lengths == [Self.eightMiB, 0, nil])
        }
    }

    @Test func `rows without columns are counted`() async throws {
        let rows = BackendBytes.repeated(BackendBytes().row([]).bytes, count: 50_000)
        let beginning = BackendBytes().message("1").message("2").message("T", BackendBytes.int16(0)).bytes
        let end = BackendBytes().complete("SELECT 50000").ready().bytes
        let query: [Step] = .welcome + [.expect("PBDES"), .send(beginning + rows + end), .expectEnd]
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(server.url)
            var count = 0
            for try await chunk in try await connection.query("SELECT FROM numbers").chunks { count += chunk.count }
            #expect(count == 50_000)
        }
    }
}
