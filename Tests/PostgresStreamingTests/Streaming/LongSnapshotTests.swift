import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// Streams that are open for so long that their snapshots hold vacuum back.
@Suite(.timeLimit(.minutes(1))) struct LongSnapshotTests {
    private static let numbers: PostgresQuery = "SELECT generate_series(1, 20000)::int8"

    /// Keeps the events, and opens a gate at the first report.
    private final class SnapshotObserver: PostgresObserver {
        let recorder = RecordingObserver()
        let reported = Gate()
        let interests = ObserverInterests()

        var reports: [PostgresEvent] { recorder.events(.longSnapshot) }

        func observe(_ event: PostgresEvent) {
            recorder.observe(event)
            if event.kind == .longSnapshot { reported.open() }
        }
    }

    private func open(_ url: String, _ observer: SnapshotObserver) async throws -> sending PostgresConnection {
        var configuration = try PostgresConfiguration(connectionString: url)
        configuration.observer = observer
        configuration.metrics = PostgresMetrics()
        return try await PostgresConnection.connect(configuration)
    }

    private static func threshold(_ threshold: Duration?) -> StreamOptions {
        StreamOptions {
            $0.longSnapshotThreshold = threshold
            $0.name = "export"
        }
    }

    @Test func `it is said once, when its time has come`() {
        let begun = MonotonicTime(nanoseconds: 1_000)
        var watch = SnapshotWatch(since: begun, threshold: .nanoseconds(500))
        #expect(watch.timeToReport(at: MonotonicTime(nanoseconds: 1_499)) == nil)
        #expect(watch.end == MonotonicTime(nanoseconds: 1_500))
        #expect(watch.timeToReport(at: MonotonicTime(nanoseconds: 1_700)) == .nanoseconds(700))
        #expect(watch.end == nil && watch.timeToReport(at: MonotonicTime(nanoseconds: 9_000)) == nil)
        var never = SnapshotWatch(since: begun, threshold: nil)
        #expect(never.end == nil && never.timeToReport(at: MonotonicTime(nanoseconds: .max)) == nil)
        var endless = SnapshotWatch(since: begun, threshold: .seconds(Int64.max))
        #expect(endless.timeToReport(at: MonotonicTime(nanoseconds: 1 << 60)) == nil)
        var negative = SnapshotWatch(since: begun, threshold: .seconds(-1))
        #expect(negative.timeToReport(at: begun) == .zero)
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that is read for longer is reported once, with its name and process`(
        _ live: LiveServer
    ) async throws {
        let observer = SnapshotObserver()
        let connection = try await open(live.server.url, observer)
        let processID = try await connection.processID()
        let rows = try await connection.query(Self.numbers, options: Self.threshold(.zero))
        #expect(try await total(rows).count == 20_000)
        let report = try #require(observer.reports.first)
        #expect(observer.reports.count == 1 && report.name == "export" && report.query != nil)
        #expect(report.attributes["process_id"] == "\(processID)" && report.duration.map { $0 > .zero } == true)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that is soon over is not reported, nor one of which that is not wanted`(
        _ live: LiveServer
    ) async throws {
        let observer = SnapshotObserver()
        let connection = try await open(live.server.url, observer)
        for options in [StreamOptions(), Self.threshold(nil), Self.threshold(.seconds(60))] {
            #expect(try await total(connection.query(Self.numbers, options: options)).count == 20_000)
        }
        #expect(observer.reports.isEmpty)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a paused stream is reported while it is paused`(_ live: LiveServer) async throws {
        let observer = SnapshotObserver()
        let connection = try await open(live.server.url, observer)
        let rows = try await connection.query(Self.numbers, options: Self.threshold(.milliseconds(30)))
        let control = rows.control
        control.pause(reason: "lunch")
        let other = Task {
            await observer.reported.wait()
            #expect(control.state == .paused(reason: "lunch"))
            control.resume()
        }
        #expect(try await total(rows).count == 20_000)
        await other.value
        #expect(observer.reports.count == 1 && observer.reports.first?.phase == .paused)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that lacks memory is reported while it waits for it`(_ live: LiveServer) async throws {
        let observer = SnapshotObserver()
        let connection = try await open(live.server.url, observer)
        var options = Self.threshold(.milliseconds(200))
        options.memorySoftMax = 1 << 20
        options.memoryWait = .seconds(30)
        let rows = try await connection.query(
            "SELECT repeat('x', 1000) FROM generate_series(1, 20000)", options: options)
        let kept = Locked<[RowChunk]>([])
        let other = Task {
            await observer.reported.wait()
            kept.withLock { $0.removeAll() }
        }
        var count = 0
        var isKeeping = true
        for try await chunk in rows.chunks {
            count += chunk.count
            if observer.reports.isEmpty, isKeeping { kept.withLock { $0.append(chunk) } } else { isKeeping = false }
        }
        await other.value
        #expect(count == 20_000 && observer.reports.count == 1)
        await connection.close()
    }

    @Test func `a silent server is reported, and its silence counts on`() async throws {
        let observer = SnapshotObserver()
        let steps: [Step] = [
            .expect("PBDES"), .send(BackendBytes.beginning.bytes), .hold(until: observer.reported),
            .send(BackendBytes().rows(1...3).complete("SELECT 3").ready().bytes), .expectEnd,
        ]
        try await ScriptedServer.run(script(.welcome, steps)) { server in
            let connection = try await open(server.url, observer)
            let rows = try await connection.query("SELECT n FROM numbers", options: Self.threshold(.milliseconds(30)))
            #expect(try await rows.decode(Int.self).collect() == [1, 2, 3])
            #expect(observer.reports.count == 1)
            await connection.close()
        }
    }

    @Test func `the limits of the query hold whether it was reported or not`() async throws {
        let steps: [Step] = [.expectStartup, .send(BackendBytes.welcomeWithoutKey), .expect("PBDES")]
        let silent = steps + [.send(BackendBytes.beginning.bytes), .expectEnd]
        for (timeout, idle) in [(Duration.milliseconds(150), nil as Duration?), (.seconds(60), .milliseconds(150))] {
            let observer = SnapshotObserver()
            try await ScriptedServer.run(silent) { server in
                let connection = try await open(server.url, observer)
                var options = Self.threshold(.milliseconds(30))
                (options.timeout, options.idleTimeout) = (timeout, idle)
                let start = ContinuousClock.now
                let error = await failure {
                    try await total(connection.query("SELECT n FROM numbers", options: options))
                }
                #expect(error?.code == .queryTimedOut && start.duration(to: .now) >= .milliseconds(150))
                #expect(observer.reports.count == 1)
                #expect(observer.reports.allSatisfy { $0.attributes["process_id"] == nil })
                await connection.close()
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that nobody reads is reported when it is left`(_ live: LiveServer) async throws {
        let observer = SnapshotObserver()
        let connection = try await open(live.server.url, observer)
        for try await _ in try await connection.query(Self.numbers, options: Self.threshold(.milliseconds(30))) {
            let start = ContinuousClock.now
            while start.duration(to: .now) < .milliseconds(40) { await Task.yield() }
            #expect(observer.reports.isEmpty)
            break
        }
        #expect(observer.reports.count == 1)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a portal keeps a snapshot, and a cursor that the server holds does not`(_ live: LiveServer) async throws {
        let observer = SnapshotObserver()
        let connection = try await open(live.server.url, observer)
        let options = Self.threshold(.milliseconds(400))
        let held = try await connection.query(Self.numbers, mode: .heldCursor(batch: 1_000), options: options)
        #expect(try await count(held, in: .milliseconds(500)) == 20_000)
        #expect(observer.reports.isEmpty)
        try await connection.withTransaction { transaction in
            let rows = try await transaction.query(
                Self.numbers, mode: .portal(batch: 1_000), options: options)
            #expect(try await count(rows, in: .milliseconds(500)) == 20_000)
        }
        #expect(observer.reports.count == 1)
        await connection.close()
    }

    /// Counts the rows, and takes its time for the first.
    private func count(_ rows: RowStream, in time: Duration) async throws -> Int {
        let start = ContinuousClock.now
        var count = 0
        for try await _ in rows {
            count += 1
            while start.duration(to: .now) < time { await Task.yield() }
        }
        return count
    }

    @Test(arguments: LiveServer.allCases)
    func `sessions that hold a snapshot are listed with its age`(_ live: LiveServer) async throws {
        let server = try await live.server
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.applicationName = "export"
        let connection = try await PostgresConnection.connect(configuration)
        let processID = Int32(try await connection.processID())
        let observer = try await live.connect()
        #expect(try await !observer.heldSnapshots().contains { $0.processID == processID })
        let rows = try await connection.query("SELECT generate_series(1, 10000000)")
        rows.control.pause()
        for _ in 1...3 { try await observer.execute("SELECT pg_current_xact_id()") }
        let held = try #require(try await observer.heldSnapshots().first { $0.processID == processID })
        #expect(held.age >= 3 && held.state == "active" && held.applicationName == "export")
        #expect(held.user == server.user && held.database == "postgres" && held.since != nil)
        let own = Int32(try await observer.processID())
        #expect(try await !observer.heldSnapshots(inAllDatabases: true).contains { $0.processID == own })
        #expect(try await observer.heldSnapshots(ageMin: 1_000_000).isEmpty)
        await connection.close()
        await observer.close()
    }

    /// The database is made first and dropped last: while a server waits for a client that does not read, it makes and drops none.
    @Test(arguments: LiveServer.allCases)
    func `sessions of other databases are listed where they are asked for`(_ live: LiveServer) async throws {
        try await live.withDatabase { url in
            let connection = try await live.connect()
            let processID = Int32(try await connection.processID())
            let rows = try await connection.query("SELECT generate_series(1, 10000000)")
            rows.control.pause()
            let other = try await PostgresConnection.connect(url)
            #expect(try await !other.heldSnapshots().contains { $0.processID == processID })
            #expect(try await other.heldSnapshots(inAllDatabases: true).contains { $0.processID == processID })
            await other.close()
            await connection.close()
        }
    }
}
