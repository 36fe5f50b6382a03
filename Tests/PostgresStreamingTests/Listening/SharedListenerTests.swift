import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Listeners of one client share one connection.
@Suite(.timeLimit(.minutes(2))) struct SharedListenerTests {
    private func run(
        _ body: (_ client: PostgresClient, _ other: PostgresConnection) async throws -> Void
    ) async throws {
        try await LiveServer.postgres18.withDatabase { url in
            let settings = PostgresPoolConfiguration {
                $0.backoffMin = .milliseconds(1)
                $0.backoffMax = .milliseconds(5)
                $0.shutdownTimeout = .seconds(5)
            }
            let client = try PostgresClient(url, pool: settings)
            let other = try await PostgresConnection.connect(url)
            try await body(client, other)
            await client.close()
            await other.close()
        }
    }

    /// The process IDs of the sessions of the database, but for that of `connection`.
    private func sessions(_ connection: PostgresConnection) async throws -> [Int32] {
        let rows = try await connection.query(
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """)
        return try await rows.decode(Int32.self).collect()
    }

    @Test func `each hears its own channels, over one connection`() async throws {
        try await run { client, other in
            let (first, second) = (try client.listen(to: "a", "both"), try client.listen(to: "b", "both"))
            var (ofFirst, ofSecond) = (first.makeAsyncIterator(), second.makeAsyncIterator())
            #expect(try await ofFirst.next()?.channels == ["a", "both"])
            #expect(try await ofSecond.next()?.channels == ["b", "both"])
            #expect(try await sessions(other).count == 1)
            #expect(client.statistics.listeners == 2 && client.statistics.listenerConnections == 1)
            #expect(client.statistics.total == 0, "they are no part of the pool")
            for channel in ["a", "b", "both"] { try await other.notify(channel, payload: channel) }
            for payload in ["a", "both"] { #expect(try await ofFirst.next()?.notification?.payload == payload) }
            for payload in ["b", "both"] { #expect(try await ofSecond.next()?.notification?.payload == payload) }
            await first.close()
            #expect(try await sessions(other).count == 1)
            for channel in ["a", "both", "b"] { try await other.notify(channel, payload: channel) }
            for payload in ["both", "b"] { #expect(try await ofSecond.next()?.notification?.payload == payload) }
            #expect(client.statistics.listeners == 1)
            await second.close()
            while try await !sessions(other).isEmpty {}
            #expect(client.statistics.listeners == 0 && client.statistics.listenerConnections == 0)
        }
    }

    @Test func `a channel is listened to for as long as one of them wants it`() async throws {
        try await run { client, other in
            let (first, second) = (try client.listen(to: "a"), try client.listen(to: "a"))
            var ofSecond = second.makeAsyncIterator()
            #expect(try await ofSecond.next()?.channels == ["a"])
            // The one leaves, the other changes, a third comes, all while commands of the others are under way.
            for round in 1...50 {
                let third = try client.listen(to: "a", "c \(round)")
                try second.unlisten(from: "a")
                try second.listen(to: "a")
                if round == 25 { await first.close() }
                while try await ofSecond.next()?.channels != ["a"] {}
                try await other.notify("a", payload: "\(round)")
                while let element = try await ofSecond.next() {
                    guard let notification = element.notification else { continue }
                    #expect(notification.payload == "\(round)")
                    break
                }
                withExtendedLifetime(third) {}
            }
            #expect(try await sessions(other).count == 1)
        }
    }

    @Test func `a lost session is a gap for all of them`() async throws {
        try await run { client, other in
            let listeners = try ["a", "b", "a"].map { try client.listen(to: $0) }
            for listener in listeners { for try await _ in listener { break } }
            let process = try #require(try await sessions(other).first)
            try await other.execute("SELECT pg_terminate_backend(\(process), 10000)")
            for listener in listeners {
                var elements = listener.makeAsyncIterator()
                guard case .gap(.connectionLost, _)? = try await elements.next() else {
                    Issue.record("there is no gap")
                    return
                }
                #expect(try await elements.next()?.channels != nil)
            }
            #expect(try await sessions(other).count == 1)
        }
    }

    @Test func `closing the client ends them with its error, and their connection`() async throws {
        try await run { client, other in
            let listener = try client.listen(to: "a")
            for try await _ in listener { break }
            let isWaiting = Gate()
            let waiting = Task {
                isWaiting.open()
                for try await _ in listener {}
            }
            await isWaiting.wait()
            #expect(await client.close())
            #expect(await failure(of: { try await waiting.value })?.code == .poolClosed)
            while try await !sessions(other).isEmpty {}
            let error = #expect(throws: PostgresError.self) { try client.listen(to: "a") }
            #expect(error?.code == .poolClosed)
            #expect(client.statistics.listeners == 0 && client.statistics.listenerConnections == 0)
        }
    }

    @Test func `a client that is closed while it connects first, or again, ends in time`() async throws {
        let silent = try #require(BlackHole())
        let settings = PostgresPoolConfiguration { $0.shutdownTimeout = .seconds(2) }
        let client = try PostgresClient("postgres://app@127.0.0.1:\(silent.port)/none?sslmode=disable", pool: settings)
        let listener = try client.listen(to: "a")
        #expect(await client.close())
        #expect(await failure(of: { for try await _ in listener {} })?.code == .poolClosed)
        try await run { client, other in
            let listener = try client.listen(to: "a")
            for try await _ in listener { break }
            let process = try #require(try await sessions(other).first)
            try await other.execute("SELECT pg_terminate_backend(\(process))")
            #expect(await client.close())
            let error = await failure(of: { for try await _ in listener {} })
            #expect(error?.code == .poolClosed)
        }
    }

    @Test func `clients never share, and what comes after the last listener has a connection of its own`() async throws
    {
        try await run { client, other in
            let another = PostgresClient(try await configuration(of: other))
            let (one, two) = (try client.listen(to: "a"), try another.listen(to: "a"))
            for listener in [one, two] { for try await _ in listener { break } }
            #expect(try await sessions(other).count == 2)
            let process = Set(try await sessions(other))
            await one.close()
            let three = try client.listen(to: "a")
            for try await _ in three { break }
            #expect(Set(try await sessions(other)).subtracting(process).count == 1)
            await another.close()
            try await other.notify("a", payload: "still")
            for try await element in three {
                #expect(element.notification?.payload == "still")
                break
            }
        }
    }

    private func configuration(of connection: PostgresConnection) async throws -> PostgresConfiguration {
        let name = try await connection.query("SELECT current_database()").only().decode(String.self)
        return try await PostgresConfiguration(
            connectionString: LiveServer.postgres18.server.url(database: name), environment: .none)
    }

    @Test func `a host that never answers ends the sequence after startTimeout`() async throws {
        for url in ["postgres://app@127.0.0.1:1/none", "postgres://app@127.0.0.1:%/none?sslmode=disable"] {
            let silent = try #require(BlackHole())
            let client = try PostgresClient(url.replacing("%", with: "\(silent.port)"))
            let options = PostgresListenerOptions { $0.startTimeout = .milliseconds(300) }
            let start = ContinuousClock.now
            let patient = try client.listen(to: "b")
            let listener = try client.listen(to: "a", options: options)
            let error = await failure(of: { for try await _ in listener {} })
            #expect(error?.code == (url.contains("%") ? .connectTimedOut : .connectFailed), "\(error as Any)")
            #expect(ContinuousClock.now - start < .seconds(3))
            #expect(client.statistics.listeners == 1)
            await patient.close()
        }
    }

    @Test func `a listener that is dropped while it connects again leaves nothing`() async throws {
        try await run { client, other in
            for _ in 1...10 {
                do {
                    let listener = try client.listen(to: "a")
                    for try await _ in listener { break }
                    let process = try #require(try await sessions(other).first)
                    try await other.execute("SELECT pg_terminate_backend(\(process))")
                }
                #expect(client.statistics.listeners == 0)
            }
            while try await !sessions(other).isEmpty {}
        }
    }

    @Test func `a task that is cancelled within next ends its own listener alone`() async throws {
        try await run { client, other in
            let (first, second) = (try client.listen(to: "a"), try client.listen(to: "a"))
            for listener in [first, second] { for try await _ in listener { break } }
            for _ in 1...2 {
                let waiting = Task { for try await _ in first {} }
                waiting.cancel()
                _ = await waiting.result
            }
            try await other.notify("a", payload: "heard")
            for try await element in second {
                #expect(element.notification?.payload == "heard")
                break
            }
            #expect(client.statistics.listeners == 1)
        }
    }
}
