import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EarlyExitTests {
    private static let cancelled = BackendBytes().error("ERROR", "57014", "canceling statement").ready().bytes
    private static let someRows = BackendBytes.beginning.rows(1...5).bytes

    private static let expectCancel = Step.expectCancelRequest(
        processID: BackendBytes.processID, secretKey: BackendBytes.secretKey)

    @Test func `leaving a stream asks the server to cancel, and the next query waits for that`() async throws {
        let (arrived, drained, closing) = (Gate(), Gate(), Gate())
        let query = script(
            .welcome, [.expect("PBDES"), .send(Self.someRows), .hold(until: arrived), .send(Self.cancelled)],
            [.reach(drained), .expect("P"), .answer { _ in try Self.require(closing) }],
            [.expect("BDES"), .send(BackendBytes.answer(7...9)), .expectEnd])
        let cancel: [Step] = [
            Self.expectCancel, .reach(arrived), .hold(until: drained), .reach(closing), .close,
        ]
        try await ScriptedServer.run(query, cancel) { server in
            let connection = try await PostgresConnection.connect(server.url)
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            let next = await Outcome.of("SELECT n FROM numbers", on: connection)
            #expect(next.numbers == [7, 8, 9])
            #expect(next.error == nil)
        }
    }

    @Test func `a cancel request that overtook its query is made again`() async throws {
        let arrived = Gate()
        let query = script(
            .welcome, [.expect("PBDES"), .send(Self.someRows), .hold(until: arrived), .send(Self.cancelled)],
            .answer(7...9), [.expectEnd])
        // The first two find the server idle, and nothing comes of them.
        let lost: [Step] = [Self.expectCancel, .close]
        try await ScriptedServer.run(query, lost, lost, [Self.expectCancel, .reach(arrived), .close]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            #expect(await Outcome.of("SELECT n FROM numbers", on: connection).numbers == [7, 8, 9])
        }
    }

    /// How often a server is asked within five seconds: again after a tenth of a second, and then ever more rarely.
    private static let cancelsMax = 6

    /// The next query has to come behind the end of the cancel connection.
    private static func require(_ closing: Gate) throws -> [UInt8] {
        guard closing.isOpen else { throw ScriptedServer.Mismatch(description: "the next query passed the barrier") }
        return []
    }

    @Test(arguments: TestListener.Place.allCases)
    func `a stream that is dropped without a look cancels its query`(place: TestListener.Place) async throws {
        let arrived = Gate()
        let query = script(
            .welcome, [.expect("PBDES"), .send(Self.someRows), .hold(until: arrived), .send(Self.cancelled)],
            .answer(7...9), [.expectEnd])
        guard TestListener(place) != nil else { return }
        try await ScriptedServer.run(query, [Self.expectCancel, .reach(arrived), .close], on: place) { server in
            let connection = try await PostgresConnection.connect(server.url)
            _ = try await connection.query("SELECT n FROM numbers")
            #expect(await Outcome.of("SELECT n FROM numbers", on: connection).numbers == [7, 8, 9])
        }
    }

    @Test func `a small rest is read to its end, and nothing is cancelled`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(1...100), .answer(7...9), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let first = try await connection.query("SELECT n FROM numbers").first()
            #expect(try first?.decode(column: 0, as: Int64.self) == 1)
            #expect(await Outcome.of("SELECT n FROM numbers", on: connection).numbers == [7, 8, 9])
        }
    }

    @Test func `a server that gave no cancel key loses the connection`() async throws {
        let query: [Step] = [
            .expectStartup, .send(BackendBytes.welcomeWithoutKey), .expect("PBDES"), .send(Self.someRows), .expectEnd,
        ]
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(server.url)
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            let error = await failure { try await connection.query("SELECT 1") }
            #expect(error?.code == .connectionLost)
            #expect(error?.message.contains("could not be cancelled") == true)
            #expect(error?.isConnectionUsable == false)
        }
    }

    @Test func `a cancel request that is refused loses the connection`() async throws {
        let query = script(.welcome, [.expect("PBDES"), .send(Self.someRows), .expectEnd])
        let refusal = BackendBytes().error("FATAL", "53300", "too many clients").bytes
        try await ScriptedServer.run(query, [Self.expectCancel, .send(refusal), .close]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            #expect(await failure { try await connection.query("SELECT 1") }?.code == .connectionLost)
        }
    }

    @Test func `inside a transaction a small rest is waited for, and nothing is cancelled`() async throws {
        let left = Gate()
        let begin = BackendBytes().message("1").message("2").message("n").complete("BEGIN").ready("T").bytes
        let rest = BackendBytes().rows(6...10).complete("SELECT 10").ready("T").bytes
        let query = script(
            .welcome, [.expect("PBDES"), .send(begin), .expect("PDS"), .send(BackendBytes.description(status: "T"))],
            [.expect("PBDES"), .send(Self.someRows), .hold(until: left), .send(rest)], .answer(7...9, status: "T"),
            [.expectEnd])
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(server.url)
            try await connection.execute("BEGIN")
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            left.open()
            #expect(await Outcome.of("SELECT n FROM numbers", on: connection).numbers == [7, 8, 9])
        }
    }

    @Test func `a server that goes on sending after a cancel request loses the connection`() async throws {
        let rows = BackendBytes().rows(1...1000).bytes
        let query = script(.welcome, [.expect("PBDES"), .send(Self.someRows), .flood(rows)])
        try await ScriptedServer.run(first: query, thenOnEvery: [Self.expectCancel, .close]) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url)
            configuration.cleanUpTimeout = .seconds(1)
            let connection = try await PostgresConnection.connect(configuration)
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            let error = await failure { try await connection.query("SELECT 1") }
            #expect(error?.code == .connectionLost)
            #expect(error?.message.contains("did not end a cancelled query in time") == true)
        }
    }

    @Test func `a server that goes on sending keeps no other connection waiting`() async throws {
        let rows = BackendBytes().rows(1...10_000).bytes
        let endless = script(.welcome, [.expect("PBDES"), .send(Self.someRows), .flood(rows)])
        let (asked, arrived) = (Gate(), Gate())
        let other = script(.welcome, [.expect("P"), .reach(asked), .expect("BDES"), .hold(until: arrived)])
        let answers = [Step.send(BackendBytes.answer(0...0))] + (1..<5).flatMap { _ in [Step].answer(1...1) }
        let cancel: [Step] = [Self.expectCancel, .reach(arrived), .close]
        let cancels = [[Step]](repeating: cancel, count: Self.cancelsMax)
        let scripts = [endless, other + answers + [.expectEnd]] + cancels
        try await ScriptedServer.run(scripts: scripts, on: .abstractUnix) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let others = Task { [url = server.url] in
                try await PostgresConnection.onEventLoop {
                    let connection = try await PostgresConnection.connect(url)
                    // Each time another query, so that none is kept prepared.
                    for number in 0..<5 { try await connection.execute(PostgresQuery(unsafeSQL: "SELECT \(number)")) }
                    return ContinuousClock.now
                }
            }
            await asked.wait()
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            _ = await failure { try await connection.query("SELECT 1") }
            // The clean-up gives up after five seconds; the other connection's five queries need little of them.
            let end = ContinuousClock.now
            #expect(try await others.value < end - .milliseconds(500))
        }
    }

    @Test func `closing waits for the clean-up behind a stream that was left`() async throws {
        let arrived = Gate()
        let query = script(
            .welcome, [.expect("PBDES"), .send(Self.someRows), .hold(until: arrived), .send(Self.cancelled)],
            [.expect("X"), .expectEnd])
        try await ScriptedServer.run(query, [Self.expectCancel, .reach(arrived), .close]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            await connection.close()
        }
    }
}
