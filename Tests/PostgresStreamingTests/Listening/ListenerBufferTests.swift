import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What a listener keeps for a consumer that is slower than the notifications.
@Suite(.timeLimit(.minutes(1))) struct ListenerBufferTests {
    /// A listener that keeps ten notifications, to which 100 were sent before the first was taken; the first element was
    /// taken.
    private func run(
        _ overflow: PostgresListenerOptions.Overflow,
        _ body: (_ listener: PostgresListener, _ other: PostgresConnection) async throws -> Void
    ) async throws {
        try await LiveServer.postgres18.withDatabase { url in
            let other = try await PostgresConnection.connect(url)
            let options = PostgresListenerOptions {
                $0.bufferCountMax = 10
                $0.overflow = overflow
            }
            let listener = try PostgresClient(url).listen(to: "numbers", "end", options: options)
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == ["numbers", "end"])
            for number in 1...100 { try await other.notify("numbers", payload: "\(number)") }
            try await body(listener, other)
            await listener.close()
            await other.close()
        }
    }

    @Test func `the oldest are dropped, and a gap in their place says how many`() async throws {
        try await run(.dropOldest) { listener, other in
            try await other.notify("end")
            var (seen, dropped) = (0, 0)
            for try await element in listener {
                switch element {
                case .listening: Issue.record("nothing was lost")
                case .gap(.overflow(let count), _): dropped += count
                case .gap(let reason, _): Issue.record("\(reason)")
                case .notification(let notification) where notification.channel == "numbers":
                    seen += 1
                    #expect(Int(notification.payload) == seen + dropped, "in order, and none is missing without a gap")
                case .notification:
                    #expect(seen + dropped == 100)
                    return
                }
            }
        }
    }

    @Test func `or the sequence ends after what was kept`() async throws {
        try await run(.fail) { listener, _ in
            var seen = 0
            let error = await failure(of: {
                for try await element in listener {
                    seen += 1
                    #expect(element.notification?.payload == "\(seen)")
                }
            })
            #expect(error?.code == .memoryLimitExceeded && seen >= 11)
        }
    }

    @Test func `or nothing more is read until there is room, and nothing is lost`() async throws {
        try await run(.suspend) { listener, _ in
            var seen = 0
            for try await element in listener {
                seen += 1
                #expect(element.notification?.payload == "\(seen)")
                if seen == 100 { return }
            }
        }
    }

    @Test(arguments: [(10, 8 << 20, 10), (1_000, 100_000, 12)])
    func `no more is read than there is room for, also while the server answers`(
        countMax: Int, bytesMax: Int, expected: Int
    ) async throws {
        try await LiveServer.postgres18.withDatabase { url in
            let other = try await PostgresConnection.connect(url)
            var configuration = try PostgresConfiguration(connectionString: url, environment: .none)
            let metrics = PostgresMetrics()
            configuration.metrics = metrics
            func received() -> Int { Int(metrics.snapshot()["notifications_received_total"]?.total() ?? 0) }
            let options = PostgresListenerOptions {
                $0.bufferCountMax = countMax
                $0.bufferBytesMax = bytesMax
                $0.overflow = .suspend
            }
            let listener = try PostgresClient(configuration).listen(to: "numbers", options: options)
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == ["numbers"])
            try await other.execute(
                "SELECT pg_notify('numbers', lpad(n::text, 7900, '0')) FROM generate_series(1, 500) AS n")
            try listener.listen(to: "more")
            while received() < expected {}
            for _ in 1...100 { try await other.execute("SELECT 1") }
            #expect(received() == expected)
            for number in 1...500 {
                let payload = try #require(try await elements.next()?.notification?.payload)
                #expect(Int(payload) == number)
            }
            #expect(try await elements.next()?.channels == ["numbers", "more"])
            await listener.close()
            await other.close()
        }
    }

    @Test func `an ordinary connection keeps what arrives with other answers`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        try await connection.execute("LISTEN kept")
        for number in 1...3 { try await connection.notify("kept", payload: "\(number)") }
        #expect(connection.takeNotifications().map(\.payload) == ["1", "2", "3"])
        #expect(connection.takeNotifications() == [])
        for number in 1...1_010 { try await connection.notify("kept", payload: "\(number)") }
        #expect(connection.takeNotifications().map(\.payload) == (11...1_010).map { "\($0)" })
        #expect(connection.lostNotificationCount == 10)
        await connection.close()
    }

    @Test func `a transaction pooler is refused by name`() async throws {
        var configuration = try PostgresConfiguration(connectionString: "postgres://app@localhost", environment: .none)
        configuration.pooler = .transaction
        let client = PostgresClient(configuration)
        let error = #expect(throws: PostgresError.self) { try client.listen(to: "a") }
        #expect(error?.code == .unsupported)
    }

    @Test func `a link that is dead is noticed, and is a gap`() async throws {
        let server = try await LiveServer.postgres18.server
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let url = "postgres://\(server.user):\(server.password)@127.0.0.1:\(proxy.port)/postgres"
            let client = try PostgresClient(url, pool: PostgresPoolConfiguration { $0.backoffMax = .milliseconds(50) })
            let listener = try client.listen(
                to: "dead", options: PostgresListenerOptions { $0.silenceMax = .seconds(1) })
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == ["dead"])
            let other = try await LiveServer.postgres18.connect()
            func processes() async throws -> Set<Int32> {
                let rows = try await other.query(
                    "SELECT pid FROM pg_stat_activity WHERE query LIKE '%LISTEN%' OR query LIKE '%pg_backend_pid()%'")
                return Set(try await rows.decode(Int32.self).collect())
            }
            let before = try await processes()
            proxy.stall(.toClient)
            while try await before.isSubset(of: processes()) {}
            try await other.notify("dead", payload: "lost")
            proxy.resume()
            guard case .gap(.connectionLost(let error), _)? = try await elements.next() else {
                Issue.record("there is no gap")
                return
            }
            #expect(error.code == .connectionLost && error.message.contains("did not answer"))
            #expect(try await elements.next()?.channels == ["dead"])
            await listener.close()
            await other.close()
        }
    }

    @Test func `a pooler that was not named and changes the session is a gap, and then an error`() async throws {
        try await LivePooler.run(
            inFrontOf: LiveServer.postgres15.server, PgBouncerOptions(poolMode: .transaction)
        ) { pooler in
            let listener = try PostgresClient(pooler.url()).listen(
                to: "pooled", options: PostgresListenerOptions { $0.silenceMax = .seconds(1) })
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == ["pooled"])
            // It is given the session that listens, because that was used last.
            let other = try await PostgresConnection.connect(pooler.url())
            try await other.execute("BEGIN")
            guard case .gap(.sessionChanged, _)? = try await elements.next() else {
                Issue.record("there is no gap")
                return
            }
            #expect(await failure(of: { try await elements.next() })?.code == .unsupported)
            await other.close()
        }
    }
}
