import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct BrokenConnectionTests {
    struct Break: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
    }

    private static let offer = BackendBytes().authentication(10, BackendBytes.string("SCRAM-SHA-256") + [0]).bytes

    static let connecting: [Break] = [
        Break(testDescription: "at once", steps: []),
        Break(testDescription: "behind the startup message", steps: [.expectStartup]),
        Break(
            testDescription: "in an authentication message",
            steps: [.expectStartup, .send(Array(offer.dropLast(4)))]),
        Break(testDescription: "behind SASL's beginning", steps: [.expectStartup, .send(offer), .expect("p")]),
        Break(
            testDescription: "behind AuthenticationOk",
            steps: [.expectStartup, .send(BackendBytes().authentication(0).bytes)]),
        Break(
            testDescription: "in ReadyForQuery", steps: [.expectStartup, .send(Array(BackendBytes.welcome.dropLast()))]),
    ]

    @Test(arguments: connecting, [Step.close, .reset])
    func `a server that goes away during start-up is a failed connection`(place: Break, end: Step) async throws {
        try await ScriptedServer.run(place.steps + [end]) { server in
            let error = await failure { try await PostgresConnection.connect(server.url) }
            #expect(error?.code == .connectFailed)
            #expect(error?.isConnectionUsable == false)
            #expect(error?.isRetrySafe == true)
        }
    }

    static let answering: [Break] = {
        let beginning = BackendBytes.beginning.bytes
        let rows = BackendBytes.beginning.rows(1...3)
        return [
            ("before anything", []), ("in ParseComplete", Array(beginning.prefix(3))),
            ("behind BindComplete", Array(beginning.prefix(10))), ("in RowDescription", Array(beginning.dropLast(3))),
            ("behind RowDescription", beginning), ("in a row", Array(rows.bytes.dropLast(5))),
            ("between rows", rows.bytes), ("in CommandComplete", Array(rows.complete("SELECT 3").bytes.dropLast())),
            ("behind CommandComplete", rows.complete("SELECT 3").bytes),
            ("in ReadyForQuery", Array(rows.complete("SELECT 3").ready().bytes.dropLast())),
            ("behind an error", rows.error("ERROR", "22012", "division by zero").bytes),
        ].map { name, bytes in Break(testDescription: name, steps: [.expect("PBDES"), .send(bytes)]) }
    }()

    @Test(arguments: answering, [Step.close, .reset])
    func `a server that goes away during an answer never looks like its end`(place: Break, end: Step) async throws {
        try await ScriptedServer.run(.welcome + place.steps + [end]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let outcome = await Outcome.of("SELECT n FROM numbers", on: connection)
            #expect(outcome.error?.code == .connectionLost)
            #expect(outcome.error?.isConnectionUsable == false)
            #expect(outcome.error?.isRetrySafe == false)
            #expect([1, 2, 3].starts(with: outcome.numbers))
            let next = await failure { try await connection.query("SELECT 1") }
            #expect(next?.code == .connectionLost)
            #expect(next?.message == outcome.error?.message)
        }
    }

    @Test(arguments: TestListener.Place.allCases)
    func `an end of the session between queries is reported with the server's reason`(
        place: TestListener.Place
    ) async throws {
        let closed = Gate()
        let farewell = BackendBytes().error("FATAL", "57P01", "terminating connection").bytes
        let session = script(.welcome, .answer(1...1), [.send(farewell), .close, .reach(closed)])
        guard TestListener(place) != nil else { return }
        try await ScriptedServer.run(session, on: place) { server in
            let connection = try await PostgresConnection.connect(server.url)
            #expect(await Outcome.of("SELECT n FROM numbers", on: connection).error == nil)
            await closed.wait()
            for _ in 0..<2 {
                let error = await failure { try await connection.query("SELECT 1") }
                #expect(error?.code == .sessionEndedByServer)
                #expect(error?.sqlState?.rawValue == "57P01")
                #expect(error?.isConnectionUsable == false)
            }
        }
    }

    @Test func `an end of the session in the middle of rows is reported with the server's reason`() async throws {
        let bytes = BackendBytes.beginning.rows(1...2).error("FATAL", "57P01", "terminating connection").bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .close]) { server in
            let outcome = await Outcome.of("SELECT n FROM numbers", at: server.url)
            #expect(outcome.numbers == [1, 2])
            #expect(outcome.error?.code == .sessionEndedByServer)
        }
    }

    @Test func `an error behind rows is the stream's end and leaves the connection usable`() async throws {
        let bytes = BackendBytes.beginning.rows(1...2).error("ERROR", "22012", "division by zero").ready().bytes
        try await ScriptedServer.run(
            script(.welcome, [.expect("PBDES"), .send(bytes)], .answer(7...8), [.expectEnd])
        ) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let outcome = await Outcome.of("SELECT n FROM numbers", on: connection)
            #expect(outcome.numbers == [1, 2])
            #expect(outcome.error?.code == .server)
            #expect(outcome.error?.isConnectionUsable == true)
            #expect(await Outcome.of("SELECT n FROM numbers", on: connection).numbers == [7, 8])
        }
    }
}
