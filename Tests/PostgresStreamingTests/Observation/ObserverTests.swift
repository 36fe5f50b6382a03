import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What an observer is told, and in which order.
@Suite(.timeLimit(.minutes(1))) struct ObserverTests {
    private func open(
        _ live: LiveServer, _ observer: RecordingObserver, stallThreshold: Duration = .seconds(60)
    ) async throws -> sending PostgresConnection {
        var configuration = try PostgresConfiguration(connectionString: await live.server.url, environment: .none)
        configuration.observer = observer
        configuration.stallThreshold = stallThreshold
        return try await PostgresConnection.connect(configuration)
    }

    @Test(arguments: LiveServer.allCases)
    func `a query goes through its phases, with its name, times and totals`(_ live: LiveServer) async throws {
        let observer = RecordingObserver()
        let connection = try await open(live, observer)
        let options = StreamOptions {
            $0.name = "v_number"
            $0.chunkSize = 16
            $0.isAdaptive = false
        }
        let rows = try await connection.query("SELECT n::int8 FROM generate_series(1, 100) n", options: options)
        #expect(try await rows.collect().count == 100)
        let events = observer.events(.queryPhase)
        #expect(events.compactMap(\.phase) == [.queued, .sent, .serverExecuting, .firstRow, .streaming, .done])
        #expect(Set(events.map(\.query)).count == 1 && Set(events.map(\.connection)).count == 1)
        #expect(events.allSatisfy { $0.name == "v_number" && $0.text == nil })
        let times = events.compactMap(\.duration)
        #expect(times.count == 5 && times == times.sorted())
        let done = try #require(events.last)
        #expect(
            done.rows == 100 && done.bytes == 100 * 19 && done.attributes["status"] == "success" && done.error == nil)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a connection is reported as it opens, fails and closes`(_ live: LiveServer) async throws {
        let observer = RecordingObserver()
        let connection = try await open(live, observer)
        await connection.close()
        var configuration = try PostgresConfiguration(connectionString: await live.server.url, environment: .none)
        configuration.observer = observer
        configuration.database = "no_such_database"
        let refused = configuration
        _ = await failure { try await PostgresConnection.connect(refused) }
        let events = observer.events
        #expect(events.map(\.kind) == [.connectionOpened, .connectionClosed, .connectionFailed])
        #expect(events[0].attributes["transport"] == "unix" && events[0].attributes["tls"] == "none")
        #expect(events[0].attributes["protocol"] == "3.0" && events[0].duration ?? .zero > .zero)
        #expect(events[1].connection == events[0].connection && events[1].attributes["reason"] == "closed")
        #expect(events[1].bytes ?? 0 > 100)
        #expect(events[2].connection != events[0].connection && events[2].error == .connectRefusedByServer)
        #expect(events[2].sqlState == .invalidCatalogName && events[2].attributes["phase"] == "startup")
    }

    @Test(arguments: LiveServer.allCases)
    func `errors, early exits and slow queries end as what they are`(_ live: LiveServer) async throws {
        var interests = ObserverInterests()
        interests.slowQueryThreshold = .milliseconds(50)
        let observer = RecordingObserver(interests)
        let connection = try await open(live, observer)
        _ = await failure { try await connection.execute("SELECT 1 / 0") }
        for try await _ in try await connection.query("SELECT generate_series(1, 3000000)") { break }
        try await connection.execute("SELECT pg_sleep(0.1)")
        let done = observer.events(.queryPhase).filter { $0.phase == .done }
        #expect(done.map { $0.attributes["status"] } == ["error", "cancelled", "success"])
        #expect(done[0].error == .server && done[0].sqlState == .divisionByZero)
        #expect(observer.events(.queryLeft).map { $0.attributes["way"] } == ["cancelled"])
        let slow = observer.events(.slowQuery)
        #expect(slow.contains { $0.query == done[2].query })
        #expect(slow.allSatisfy { $0.duration ?? .zero > .milliseconds(50) && $0.text == nil })
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `stalls and pauses are reported when they are over, with their time`(_ live: LiveServer) async throws {
        let observer = RecordingObserver()
        let connection = try await open(live, observer, stallThreshold: .milliseconds(20))
        let other = try await live.connect()
        // The server sends what fills 8 KiB, so that the first row is here before the third is slept for.
        let rows = try await connection.query(
            "SELECT repeat('x', 9000), CASE WHEN n > 2 THEN pg_sleep(0.05) END FROM generate_series(1, 3) n",
            options: StreamOptions { $0.chunkSize = 1 })
        var count = 0
        for try await _ in rows.chunks {
            count += 1
            if count == 2 { try await other.execute("SELECT pg_sleep(0.05)") }
        }
        let stalls = observer.events.filter { $0.phase == .stalledOnServer || $0.phase == .stalledOnConsumer }
        #expect(stalls.contains { $0.phase == .stalledOnServer && $0.duration ?? .zero >= .milliseconds(40) })
        #expect(stalls.contains { $0.phase == .stalledOnConsumer && $0.duration ?? .zero >= .milliseconds(40) })
        let paused = try await connection.query("SELECT 1")
        paused.control.pause(reason: "a secret")
        paused.control.resume()
        #expect(try await paused.collect().count == 1)
        let phases = observer.phases(of: observer.events.last?.query)
        #expect(phases.filter { $0 == .paused || $0 == .streaming || $0 == .done } == [.paused, .streaming, .done])
        #expect(observer.events.allSatisfy { $0.attributes["reason"] != "a secret" })
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `SQL, words of servers and reasons are there for whoever asks, and values never`(
        _ live: LiveServer
    ) async throws {
        var interests = ObserverInterests()
        interests.includesText = true
        let observer = RecordingObserver(interests)
        let connection = try await open(live, observer)
        try await connection.execute("DO $$ BEGIN RAISE WARNING 'the words'; END $$")
        let rows = try await connection.query("SELECT \("a parameter")::text")
        rows.control.pause(reason: "the reason")
        rows.control.resume()
        #expect(try await rows.collect().count == 1)
        let events = observer.events
        #expect(events.contains { $0.text == "SELECT $1::text" && $0.phase == .done })
        #expect(
            events.contains { $0.kind == .notice && $0.text == "the words" && $0.attributes["severity"] == "warning" })
        #expect(events.contains { $0.phase == .paused && $0.attributes["reason"] == "the reason" })
        #expect(!events.contains { printed($0).contains("a parameter") })
        await connection.close()
    }

    @Test func `a server that has to be asked for less is reported once, and remembered`() async throws {
        let observer = RecordingObserver()
        let refusal: [Step] = [
            .expectStartup,
            .send(
                BackendBytes().error("FATAL", "42704", "unrecognized parameter \"client_connection_check_interval\"")
                    .bytes
            ), .expectEnd,
        ]
        try await ScriptedServer.run(refusal, .welcome + [.expectEnd], .welcome + [.expectEnd]) { server in
            for _ in 1...2 {
                var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
                configuration.observer = observer
                try await PostgresConnection.connect(configuration).close()
            }
        }
        #expect(observer.events(.connectionFallback).map { $0.attributes["without"] } == ["check_interval"])
    }
}
