import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Leaving a stream early, as the server and the network see it.
@Suite(.timeLimit(.minutes(1))) struct LeavingServerTests {
    /// 3 million rows of 55 MB together; FROM would have the server make all of them before the first.
    private static let long: PostgresQuery = "SELECT generate_series(1, 3000000)::int8"

    @Test(arguments: LiveServer.allCases)
    func `a long stream is left twenty times, and the next query answers soon`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let processID = try await connection.processID()
        let observer = try await live.connect()
        var times: [Duration] = []
        for _ in 1...20 {
            let rows = try await connection.query(Self.long)
            var count = 0
            for try await _ in rows {
                count += 1
                if count == 5 { break }
            }
            #expect(rows.control.state == .cancelled)
            let start = ContinuousClock.now
            try await connection.expectUsable()
            times.append(start.duration(to: .now))
            try await observer.expectIdle(processID)
        }
        // Reading to the end takes seconds here.
        #expect(times.sorted()[10] < .milliseconds(250), "\(times)")
    }

    @Test(arguments: LiveServer.allCases)
    func `over TCP no more is read to leave a stream than the kernels hold`(_ live: LiveServer) async throws {
        let server = try await live.server
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let url = server.tcpURL.replacing(":\(server.port)/", with: ":\(proxy.port)/")
            let connection = try await PostgresConnection.connect(url)
            for try await _ in try await connection.query(Self.long) { break }
            try await connection.expectUsable()
            // Over TCP the kernels of both hops hold megabytes; all 69 MB would mean that nothing was cancelled.
            #expect(proxy.bytesToClients < 20_000_000)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `over a Unix socket less than a megabyte is thrown away`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for _ in 1...10 {
            let before = try Self.bytesRead()
            let rows = try await connection.query(Self.long)
            for try await _ in rows { break }
            try await connection.expectUsable()
            let read = try Self.bytesRead() - before
            #expect(read > 0 && read < 1 << 20, "\(read) bytes with \(rows.statistics.bytes) handed out")
        }
    }

    /// The bytes that this process has received so far, by whatever call; other tests do not run meanwhile.
    private static func bytesRead() throws -> Int { try ProcessFigures.figure("rchar", in: "/proc/self/io") }

    @Test(arguments: LiveServer.allCases)
    func `dropping, breaking and throwing leave a stream as cancelled`(_ live: LiveServer) async throws {
        struct Stop: Error {}
        let connection = try await live.connect()
        var control = try await connection.query(Self.long).control
        #expect(control.state == .cancelled)
        let rows = try await connection.query(Self.long)
        control = rows.control
        await #expect(throws: Stop.self) { for try await _ in rows { throw Stop() } }
        #expect(control.state == .cancelled)
        let statistics = control.statistics
        #expect(statistics.rows >= 1 && statistics.rows < 3_000_000 && statistics.chunks == 1)
        try await connection.expectUsable()
        #expect(control.statistics.rows == statistics.rows, "what is thrown away counts nowhere")
        let texts = try await connection.query("SELECT 'no number'::text FROM generate_series(1, 1000000)")
        let error = await failure { for try await _ in texts.decode(Int.self) {} }
        #expect(error?.code == .typeMismatch)
        #expect(texts.control.state == .cancelled)
        try await connection.expectUsable()
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction a short rest is read and a long one fails the block`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let processID = try await connection.processID()
        let observer = try await live.connect()
        try await connection.execute("BEGIN")
        // 14 MiB are within what is read, 60 MB are not.
        for try await _ in try await connection.query(
            "SELECT repeat('x', 1000) FROM generate_series(1, 14000)")
        { break }
        try await connection.expectUsable()
        try await observer.expectBackend(processID) { $0.state == "idle in transaction" }
        for try await _ in try await connection.query(Self.long) { break }
        let error = await failure { try await connection.execute("SELECT 1") }
        #expect(error?.sqlState == .inFailedSQLTransaction && error?.isConnectionUsable == true)
        try await observer.expectBackend(processID) { $0.state == "idle in transaction (aborted)" }
        try await connection.execute("ROLLBACK")
        try await observer.expectIdle(processID)
        try await connection.expectUsable()
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction a silent query is waited for for two seconds, then the block fails`(
        _ live: LiveServer
    ) async throws {
        let waited = try await timeToFailBlock(live) { connection in
            // The first rows are longer than what the server gathers before it sends.
            let rows = try await connection.query(
                """
                SELECT repeat('x', 9000), CASE WHEN n = 3 THEN (SELECT 1 FROM pg_sleep(60)) END
                FROM generate_series(1, 3) AS n
                """)
            for try await _ in rows { break }
        }
        #expect(waited > .seconds(1) && waited < .seconds(10), "\(waited)")
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction a silent query with a limit is waited for less than a second more`(
        _ live: LiveServer
    ) async throws {
        // The error itself waits until it is known whether the connection is usable.
        var untilError = Duration.zero
        let waited = try await timeToFailBlock(live) { connection in
            let options = StreamOptions { $0.timeout = .milliseconds(50) }
            untilError = await ContinuousClock().measure {
                let error = await failure {
                    try await connection.query("SELECT pg_sleep(60)", options: options).collect()
                }
                #expect(error?.code == .queryTimedOut && error?.isConnectionUsable == true)
            }
        }
        let all = untilError + waited
        #expect(all > .milliseconds(300) && all < .seconds(2), "\(untilError), then \(waited)")
    }

    /// How long the next statement waits in a block in which `leave` left a silent query.
    private func timeToFailBlock(
        _ live: LiveServer, leave: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws -> Duration {
        let connection = try await live.connect()
        try await connection.execute("BEGIN")
        try await leave(connection)
        let start = ContinuousClock.now
        let next = await failure { try await connection.execute("SELECT 1") }
        #expect(next?.sqlState == .inFailedSQLTransaction)
        let waited = start.duration(to: .now)
        try await connection.execute("ROLLBACK")
        try await connection.expectUsable()
        return waited
    }
}
