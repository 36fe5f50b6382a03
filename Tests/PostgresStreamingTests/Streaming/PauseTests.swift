import PostgresStreaming
import PostgresTestSupport
import Testing

/// Pausing a stream, as its consumer sees it.
@Suite(.timeLimit(.minutes(1))) struct PauseTests {
    private static let numbers: PostgresQuery = "SELECT generate_series(1, 20000)::int8"
    private static let sum = 20_000 * 20_001 / 2

    @Test(arguments: LiveServer.allCases)
    func `a stream paused before its first row waits for resume`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query(Self.numbers)
        let control = rows.control
        #expect(control.pause(reason: "not yet"))
        #expect(control.state == .paused(reason: "not yet"))
        let other = Task {
            let observer = try await live.connect()
            try await observer.execute("SELECT pg_sleep(0.1)")
            // The first rows came with the description of the columns.
            #expect(control.statistics.rows < 20_000)
            control.resume()
        }
        let total = try await total(rows)
        try await other.value
        #expect(total == (20_000, Self.sum))
        #expect(control.state == .completed)
        #expect(control.statistics.pausedTime >= .milliseconds(100))
    }

    @Test(arguments: LiveServer.allCases)
    func `a second pause changes the reason and goes on being the first`(_ live: LiveServer) async throws {
        let observer = try await live.connect()
        let rows = try await live.connect().query(Self.numbers)
        let start = ContinuousClock.now
        rows.control.pause(reason: "one")
        try await observer.execute("SELECT pg_sleep(0.05)")
        rows.control.pause(reason: "two")
        #expect(rows.control.state == .paused(reason: "two"))
        try await observer.execute("SELECT pg_sleep(0.05)")
        rows.control.resume()
        let paused = rows.control.statistics.pausedTime
        #expect(paused >= .milliseconds(100) && paused <= start.duration(to: .now))
        #expect(try await total(rows).sum == Self.sum)
        #expect(rows.control.statistics.pausedTime == paused)
    }

    @Test(arguments: LiveServer.allCases)
    func `resuming what is not paused has no effect`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query(Self.numbers)
        rows.control.resume()
        #expect(rows.control.state == .running)
        rows.control.pause()
        #expect(rows.control.state == .paused(reason: nil))
        rows.control.resume()
        rows.control.resume()
        #expect(try await total(rows).sum == Self.sum)
        rows.control.resume()
        #expect(rows.control.state == .completed)
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream at its end cannot be paused`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query(Self.numbers)
        _ = try await total(rows)
        #expect(rows.control.pause(reason: "late") == false)
        #expect(rows.control.state == .completed)
        let nothing = try await connection.query("CREATE TEMP TABLE nothing ()")
        #expect(nothing.control.state == .completed)
        #expect(nothing.control.pause() == false)
        let failing = try await connection.query("SELECT 1 / (100000 - n) FROM generate_series(1, 100000) n")
        await #expect(throws: PostgresError.self) { try await failing.collect() }
        #expect(failing.control.state == .failed)
        #expect(failing.control.pause() == false)
        for try await _ in try await connection.query(Self.numbers) { break }
        try await connection.expectUsable()
    }

    @Test(arguments: LiveServer.allCases)
    func `a pause with a time ends by itself`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query(Self.numbers)
        rows.control.pause(reason: "a moment", for: .milliseconds(50))
        #expect(rows.control.state == .paused(reason: "a moment"))
        #expect(try await total(rows).sum == Self.sum)
        let paused = rows.control.statistics.pausedTime
        #expect(paused == .milliseconds(50), "it ended at its time, whenever somebody looked")
        #expect(rows.control.state == .completed)
    }

    @Test(arguments: LiveServer.allCases)
    func `a pause that is to fail fails, and the query is cancelled`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let processID = try await connection.processID()
        let rows = try await connection.query("SELECT generate_series(1, 100000000)")
        rows.control.pause(reason: "lunch", for: .milliseconds(50), then: .fail)
        let error = await failure { try await total(rows) }
        #expect(error?.code == .pauseTimedOut)
        #expect(error?.isConnectionUsable == true)
        #expect(rows.control.state == .failed)
        try await live.connect().expectIdle(processID)
        try await connection.expectUsable()
    }

    @Test(arguments: LiveServer.allCases)
    func `a pause that is to fail can be resumed in time, or be prolonged`(_ live: LiveServer) async throws {
        let rows = try await live.connect().query(Self.numbers)
        rows.control.pause(for: .zero, then: .fail)
        rows.control.pause(reason: "longer", for: .milliseconds(20), then: .resume)
        #expect(try await total(rows).sum == Self.sum)
        let others = try await live.connect().query(Self.numbers)
        others.control.pause(for: .zero, then: .fail)
        others.control.resume()
        #expect(try await total(others).sum == Self.sum)
    }

    @Test(arguments: LiveServer.allCases)
    func `a task can be cancelled while its stream is paused`(_ live: LiveServer) async throws {
        let isPaused = Gate()
        let task = Task {
            let connection = try await live.connect()
            let processID = try await connection.processID()
            let rows = try await connection.query("SELECT generate_series(1, 100000000)")
            rows.control.pause()
            isPaused.open()
            let error = await failure { try await total(rows) }
            #expect(error?.code == .cancelled)
            #expect(rows.control.state == .cancelled)
            // What a cancelled task begins is cancelled at once, so somebody else looks.
            try await Task {
                try await live.connect().expectIdle(processID)
                try await connection.expectUsable()
            }.value
        }
        await isPaused.wait()
        task.cancel()
        try await task.value
    }

    @Test(arguments: LiveServer.allCases)
    func `a paused stream can be dropped`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let processID = try await connection.processID()
        let observer = try await live.connect()
        var control: StreamControl?
        do {
            let rows = try await connection.query("SELECT generate_series(1, 100000000)")
            rows.control.pause()
            control = rows.control
            try await observer.expectBackend(processID) { $0.waitEvent == "ClientWrite" }
        }
        #expect(control?.state == .cancelled)
        try await observer.expectIdle(processID)
        try await connection.expectUsable()
    }
}
