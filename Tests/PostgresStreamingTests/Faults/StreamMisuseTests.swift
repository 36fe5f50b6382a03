import PostgresStreaming
import PostgresTestSupport
import Testing

/// An actor lets a second call in while the first one waits: what the compiler cannot keep from a connection.
private actor Holder {
    private var connection: PostgresConnection?

    func connect(_ url: String) async throws { connection = try await PostgresConnection.connect(url) }

    func numbers() async -> Outcome? {
        guard let connection else { return nil }
        return await Outcome.of("SELECT n FROM numbers", on: connection)
    }

    func close() async { await connection?.close() }
}

/// An actor that keeps an iterator has to copy it to use it, and lets a second call copy it meanwhile.
private actor IteratorHolder {
    private var connection: PostgresConnection?
    private var iterator: RowStream.AsyncIterator?

    func open(_ url: String) async throws {
        let connection = try await PostgresConnection.connect(url)
        iterator = try await connection.query("SELECT n FROM numbers").makeAsyncIterator()
        self.connection = connection
    }

    func next() async throws(PostgresError) -> Int64? {
        guard var copy = iterator else { return nil }
        let row = try await copy.next(isolation: self)
        iterator = copy
        return try row?.decode(Int64.self)
    }

    func drop() { iterator = nil }
}

@Suite(.timeLimit(.minutes(1))) struct StreamMisuseTests {
    private static let query: PostgresQuery = "SELECT n FROM numbers"

    @Test func `a second query while a stream is open is refused and harms nothing`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(1...3), .answer(7...9), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query(Self.query)
            let error = await failure { try await connection.query("SELECT 1") }
            #expect(error?.code == .connectionBusy)
            #expect(error?.isConnectionUsable == true)
            #expect(try await rows.collect().count == 3)
            #expect(await Outcome.of(Self.query, on: connection).numbers == [7, 8, 9])
        }
    }

    @Test func `a second call of a re-entrant actor is refused while the first one waits`() async throws {
        let (asked, refused) = (Gate(), Gate())
        let answer: [Step] = [.reach(asked), .hold(until: refused), .send(BackendBytes.answer(1...3)), .expectEnd]
        try await ScriptedServer.run(.welcome + [.expect("PBDES")] + answer) { server in
            let holder = Holder()
            try await holder.connect(server.url)
            let first = Task { await holder.numbers() }
            await asked.wait()
            #expect(await holder.numbers()?.error?.code == .connectionBusy)
            refused.open()
            #expect(await first.value?.numbers == [1, 2, 3])
            await holder.close()
        }
    }

    @Test func `closing ends a stream that another call of the actor waits for`() async throws {
        let asked = Gate()
        let query = script(
            .welcome, [.expect("PBDES"), .send(BackendBytes.beginning.bytes), .reach(asked), .expectEnd])
        try await ScriptedServer.run(query) { server in
            let holder = Holder()
            try await holder.connect(server.url)
            let waiting = Task { await holder.numbers() }
            await asked.wait()
            // Whether the stream waits for rows yet or for their description, closing has to end it.
            await holder.close()
            let error = await waiting.value?.error
            #expect(error?.code == .connectionClosed, "\(String(describing: error))")
        }
    }

    @Test func `a stream is iterated once, also where the first time came to its end`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(1...3), .answer(7...9), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query(Self.query)
            #expect(try await rows.collect().count == 3)
            #expect(await failure { try await rows.collect() }?.code == .invalidState)
            #expect(await failure { try await rows.first() }?.code == .invalidState)
            #expect(await Outcome.of(Self.query, on: connection).numbers == [7, 8, 9])
        }
    }

    @Test func `a second iteration of an open stream leaves the first one alone`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(1...3), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query(Self.query)
            var iterator = rows.makeAsyncIterator()
            _ = try await iterator.next()
            #expect(await failure { try await rows.first() }?.code == .invalidState)
            var rest = 0
            while try await iterator.next() != nil { rest += 1 }
            #expect(rest == 2)
        }
    }

    @Test func `a stream of a closed connection throws`() async throws {
        let query = script(.welcome, [.expect("PBDES"), .send(BackendBytes.beginning.rows(1...3).bytes), .expectEnd])
        try await ScriptedServer.run(query) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query(Self.query)
            await connection.close()
            let error = await failure { try await rows.collect() }
            #expect(error?.code == .connectionClosed)
            #expect(error?.isConnectionUsable == false)
        }
    }

    @Test func `a closed connection takes no query, and closing twice is no error`() async throws {
        try await ScriptedServer.run(.welcome + [.expect("X"), .expectEnd]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            await connection.close()
            await connection.close()
            #expect(await failure { try await connection.query("SELECT 1") }?.code == .connectionClosed)
        }
    }

    @Test func `a connection that leaked out of its scope is closed`() async throws {
        try await ScriptedServer.run(.welcome + [.expect("X"), .expectEnd]) { server in
            var leaked: PostgresConnection?
            try await PostgresConnection.withConnection(server.url) { leaked = $0 }
            let connection = try #require(leaked)
            #expect(await failure { try await connection.query("SELECT 1") }?.code == .connectionClosed)
        }
    }

    @Test func `a query with a NUL is refused and nothing is sent`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(7...9), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let refused = PostgresQuery(unsafeSQL: "SELECT '\0'")
            #expect(await failure { try await connection.query(refused) }?.code == .queryInvalid)
            #expect(await Outcome.of(Self.query, on: connection).numbers == [7, 8, 9])
        }
    }

    @Test func `two copies of one iterator cannot be used at once`() async throws {
        let (asked, refused) = (Gate(), Gate())
        let answer: [Step] = [
            .expect("PBDES"), .send(BackendBytes.beginning.bytes), .reach(asked), .hold(until: refused),
            .send(BackendBytes().rows(1...2).complete("SELECT 2").ready().bytes), .expectEnd,
        ]
        try await ScriptedServer.run(.welcome + answer) { server in
            let holder = IteratorHolder()
            try await holder.open(server.url)
            await asked.wait()
            // Whichever call comes first waits for the rows; the others are refused until then.
            let (numbers, refusals) = await withTaskGroup(of: Result<Int64?, any Error>.self) { group in
                for _ in 1...3 { group.addTask { await Task { try await holder.next() }.result } }
                var numbers: [Int64?] = []
                var refusals: [PostgresError.Code?] = []
                for await result in group {
                    switch result {
                    case .success(let number): numbers.append(number)
                    case .failure(let error): refusals.append((error as? PostgresError)?.code)
                    }
                    if refusals.count == 2 { refused.open() }
                }
                return (numbers, refusals)
            }
            #expect(refusals == [.connectionBusy, .connectionBusy])
            #expect(numbers == [1])
            #expect(try await holder.next() == 2)
            #expect(try await holder.next() == nil)
        }
    }

    @Test func `after close every call says so, also while a stream is in scope`() async throws {
        try await ScriptedServer.run(script(.welcome, .answer(1...3), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let rows = try await connection.query(Self.query)
            await connection.close()
            let error = await failure { try await connection.query("SELECT 1") }
            #expect(error?.code == .connectionClosed)
            #expect(error?.isRetrySafe == false)
            #expect(await failure { try await rows.collect() }?.code == .connectionClosed)
        }
    }
}
