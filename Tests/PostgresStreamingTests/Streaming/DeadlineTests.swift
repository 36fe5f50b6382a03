import PostgresStreaming
import PostgresTestSupport
import Testing

/// A query's own deadlines: the whole time, and the server's silence.
@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    private static let endless: PostgresQuery = "SELECT generate_series(1, 100000000000)"

    /// Expects that the query fails in time, that the server has stopped, and that the connection goes on.
    private func expectTimeOut(
        of query: PostgresQuery, _ options: StreamOptions, _ live: LiveServer,
        read: nonisolated(nonsending) (RowStream) async throws(PostgresError) -> Void
    ) async throws {
        let connection = try await live.connect()
        let processID = try await connection.processID()
        let start = ContinuousClock.now
        var control: StreamControl?
        let error = await failure {
            let rows = try await connection.query(query, options: options)
            control = rows.control
            try await read(rows)
        }
        #expect(error?.code == .queryTimedOut)
        #expect(error?.isConnectionUsable == true && error?.category == .timeout)
        #expect(start.duration(to: .now) < .seconds(5))
        if let control { #expect(control.state == .failed) }
        try await live.connect().expectIdle(processID)
        try await connection.expectUsable()
    }

    private let short = StreamOptions { $0.timeout = .milliseconds(100) }
    private let shortIdle = StreamOptions { $0.idleTimeout = .milliseconds(100) }

    @Test(arguments: LiveServer.allCases)
    func `the time is over before the first row`(_ live: LiveServer) async throws {
        for options in [short, shortIdle] {
            try await expectTimeOut(of: "SELECT pg_sleep(60)", options, live) { rows throws(PostgresError) in
                _ = try await rows.collect()
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the time is over in the middle of the rows`(_ live: LiveServer) async throws {
        try await expectTimeOut(of: Self.endless, short, live) { rows throws(PostgresError) in
            for try await _ in rows {}
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the server falls silent in the middle of the rows`(_ live: LiveServer) async throws {
        let query: PostgresQuery =
            "SELECT n, CASE WHEN n = 50000 THEN pg_sleep(60) END FROM generate_series(1, 100000) n"
        try await expectTimeOut(of: query, shortIdle, live) { rows throws(PostgresError) in
            for try await _ in rows {}
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `the whole time counts while the stream is paused`(_ live: LiveServer) async throws {
        try await expectTimeOut(of: Self.endless, short, live) { rows throws(PostgresError) in
            rows.control.pause()
            for try await _ in rows {}
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `neither a pause nor a slow consumer is the server's silence`(_ live: LiveServer) async throws {
        let other = try await live.connect()
        let options = StreamOptions { $0.idleTimeout = .milliseconds(150) }
        let rows = try await live.connect().query("SELECT generate_series(1, 300000)", options: options)
        var count = 0
        for try await chunk in rows.chunks {
            if count == 0 { try await other.execute("SELECT pg_sleep(0.3)") }
            if count < 100_000, count + chunk.count >= 100_000 { rows.control.pause(for: .milliseconds(300)) }
            count += chunk.count
        }
        #expect(count == 300_000)
    }

    @Test func `a pause that begins while the server is silent stops that clock`() async throws {
        let (paused, resumed) = (Gate(), Gate())
        let query = script(
            .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...1).bytes), .hold(until: resumed)],
            [.send(BackendBytes().rows(2...2).complete("SELECT 2").ready().bytes), .expectEnd])
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let options = StreamOptions { $0.idleTimeout = .milliseconds(300) }
            let rows = try await connection.query("SELECT n FROM numbers", options: options)
            let control = rows.control
            let other = Task {
                await paused.wait()
                control.pause()
                try await LiveServer.postgres15.connect().execute("SELECT pg_sleep(0.6)")
                control.resume()
                resumed.open()
            }
            var numbers = rows.decode(Int.self).makeAsyncIterator()
            #expect(try await numbers.next() == 1)
            paused.open()
            #expect(try await numbers.next() == 2)
            #expect(try await numbers.next() == nil)
            try await other.value
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a query that ends in time is not touched`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for limit in [Duration.seconds(30), .seconds(Int64.max)] {
            let options = StreamOptions {
                $0.timeout = limit
                $0.idleTimeout = limit
                $0.memoryMax = 1 << 20
                $0.memoryWait = limit
            }
            for _ in 1...20 {
                let rows = try await connection.query("SELECT generate_series(1, 100)", options: options)
                #expect(try await total(rows).count == 100)
            }
            try await connection.execute("SELECT pg_sleep(0.01)", options: options)
        }
        let over = StreamOptions { $0.timeout = .seconds(-1) }
        let error = await failure { try await connection.query("SELECT 1", options: over) }
        #expect(error?.code == .queryTimedOut)
        try await connection.expectUsable()
    }
}
