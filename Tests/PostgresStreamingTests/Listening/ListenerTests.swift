import JSONTape
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// A listener against real servers.
@Suite(.timeLimit(.minutes(2))) struct ListenerTests {
    /// A client of a database of its own, whose pauses between attempts are short, and a connection beside it.
    private func run(
        _ server: LiveServer = .postgres18,
        _ body: (_ client: PostgresClient, _ other: PostgresConnection) async throws -> Void
    ) async throws {
        try await server.withDatabase { url in
            let settings = PostgresPoolConfiguration {
                $0.backoffMin = .milliseconds(1)
                $0.backoffMax = .milliseconds(5)
            }
            let client = try PostgresClient(url, pool: settings)
            let other = try await PostgresConnection.connect(url)
            try await body(client, other)
            await client.close()
            await other.close()
        }
    }

    /// Ends the session that listens, and waits until it is gone.
    private func killListener(by connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                AND query NOT LIKE '%pg_notify%'
            """)
    }

    @Test(arguments: LiveServer.allCases)
    func `notifications arrive in their order, with channel, payload and process`(server: LiveServer) async throws {
        try await run(server) { client, other in
            let names = ["orders", "Jobs \"x\"; DROP", "ä"]
            let listener = try client.listen(to: names)
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == names)
            let process = try await other.query("SELECT pg_backend_pid()").only().decode(Int32.self)
            for name in names {
                for payload in ["", "one", String(repeating: "ö", count: 3_999)] {
                    try await other.notify(name, payload: payload)
                    let received = try await elements.next()?.notification
                    #expect(received?.channel == name && received?.payload == payload)
                    #expect(received?.processID == process)
                }
            }
            await listener.close()
            #expect(try await elements.next() == nil)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what is lost with a killed session lies at a gap`(server: LiveServer) async throws {
        try await run(server) { client, other in
            let listener = try client.listen(to: "numbers")
            var elements = listener.makeAsyncIterator()
            var record = NumberRecord()
            var sent = 0
            func send(_ count: Int) async throws {
                for _ in 0..<count {
                    sent += 1
                    try await other.notify("numbers", payload: "\(sent)")
                }
            }
            for round in 1...20 {
                while record.listeningCount < round { record.add(try #require(try await elements.next())) }
                try await send(1 + round % 4)
                // Half of the rounds read what was sent before the session ends.
                while round % 2 == 0, record.last < sent { record.add(try #require(try await elements.next())) }
                try await killListener(by: other)
                try await send(round % 3)
            }
            while record.listeningCount < 21 { record.add(try #require(try await elements.next())) }
            try await send(1)
            while record.last < sent { record.add(try #require(try await elements.next())) }
            #expect(record.problems == [])
            #expect(record.gapCount == 20)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `so it does where notifications never pause`(server: LiveServer) async throws {
        try await run(server) { client, other in
            let listener = try client.listen(to: "numbers")
            var elements = listener.makeAsyncIterator()
            var record = NumberRecord()
            let isDone = Gate()
            let sender = Task {
                try await client.withConnection { connection in
                    var number = 0
                    while !isDone.isOpen {
                        number += 1
                        try await connection.notify("numbers", payload: "\(number)")
                    }
                }
            }
            for _ in 1...20 {
                let last = record.last
                while record.last < last + 5 { record.add(try #require(try await elements.next())) }
                let listeningCount = record.listeningCount
                try await killListener(by: other)
                while record.listeningCount == listeningCount { record.add(try #require(try await elements.next())) }
            }
            isDone.open()
            try await sender.value
            #expect(record.problems == [])
            #expect(record.gapCount == 20)
        }
    }

    @Test func `a listener that is dropped or cancelled closes its connection`() async throws {
        try await run { client, other in
            func sessionCount() async throws -> Int {
                try await other.query(
                    """
                    SELECT count(*)::int FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                    """
                ).only().decode(Int.self)
            }
            func waitUntilNone() async throws { while try await sessionCount() > 0 {} }
            do {
                let listener = try client.listen(to: "a")
                for try await _ in listener { break }
                #expect(try await sessionCount() == 1)
            }
            try await waitUntilNone()
            let isListening = Gate()
            let waiting = Task {
                for try await _ in try client.listen(to: "a") { isListening.open() }
            }
            await isListening.wait()
            waiting.cancel()
            let error = await failure(of: { try await waiting.value })
            #expect(error?.code == .cancelled)
            try await waitUntilNone()
        }
    }

    @Test func `a lasting failure ends the sequence with its error`() async throws {
        let server = try await LiveServer.postgres18.server
        let client = try PostgresClient(server.url(database: "there_is_none"))
        var elements = try client.listen(to: "a").makeAsyncIterator()
        do {
            _ = try await elements.next()
            Issue.record("the sequence did not end")
        } catch {
            #expect(error.sqlState == .invalidCatalogName)
        }
    }

    @Test func `what the server would refuse or cut is refused before it is sent`() async throws {
        try await run { client, other in
            for name in ["", String(repeating: "a", count: 64), "a\0b"] {
                #expect(throws: PostgresError.self) { try client.listen(to: name) }
                #expect(await failure(of: { try await other.notify(name) })?.code == .queryInvalid)
            }
            let long = String(repeating: "a", count: 8_000)
            #expect(await failure(of: { try await other.notify("a", payload: long) })?.code == .parameterInvalid)
            try await other.notify(String(repeating: "a", count: 63), payload: String(long.dropLast()))
        }
    }

    @Test func `payloads are decoded, and one that does not decode is an element too`() async throws {
        struct Order: Decodable, Equatable { let id: Int, item: String }
        struct Key: JSONDecodable, Equatable {
            let id: Int

            init(json: borrowing JSONView) throws(JSONError) {
                var members = try json.members()
                id = try members.decode("id")
            }
        }
        try await run { client, other in
            let listener = try client.listen(to: "orders")
            var orders = listener.decoded(as: Order.self).makeAsyncIterator()
            var keys = listener.decoded(as: Key.self).makeAsyncIterator()
            guard case .listening? = try await orders.next() else {
                throw PostgresError(.invalidState, "not listening")
            }
            for payload in [#"{"id": 1, "item": "pen"}"#, #"{"id": "x"}"#, "secret", #"{"id": 2}"#] {
                try await other.notify("orders", payload: payload)
            }
            guard case .notification(_, .success(let order))? = try await orders.next() else {
                throw PostgresError(.invalidState, "no order")
            }
            #expect(order == Order(id: 1, item: "pen"))
            var codes: [PostgresError.Code] = []
            for _ in 1...2 {
                guard case .notification(let notification, .failure(let error))? = try await orders.next() else {
                    continue
                }
                codes.append(error.code)
                #expect(!error.message.contains("secret") && error.message.contains("a payload into Order"))
                #expect(throws: PostgresError.self) { try notification.payload(as: Key.self) }
            }
            #expect(codes == [.documentMismatch, .documentMalformed])
            guard case .notification(let notification, .success(let key))? = try await keys.next() else {
                throw PostgresError(.invalidState, "no key")
            }
            #expect(key.id == 2)
            #expect(try notification.payload(as: [String: Int].self) == ["id": 2])
        }
    }

    @Test func `channels are added and removed while it runs`() async throws {
        try await run { client, other in
            let listener = try client.listen(to: "a")
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == ["a"])
            try listener.listen(to: "b", "a")
            #expect(try await elements.next()?.channels == ["a", "b"])
            try listener.unlisten(from: "a")
            #expect(try await elements.next()?.channels == ["b"])
            try await other.notify("a")
            try await other.notify("b", payload: "seen")
            #expect(try await elements.next()?.notification?.payload == "seen")
        }
    }
}
