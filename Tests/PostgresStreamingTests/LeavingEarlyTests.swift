import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct LeavingEarlyTests {
    /// A result that would take the server hours.
    private static let endless: PostgresQuery = "SELECT generate_series(1, 100000000000)"

    private func isUsable(_ connection: PostgresConnection) async throws -> Bool {
        try await connection.query("SELECT 42").first()?.decode(Int.self) == 42
    }

    @Test(arguments: LiveServer.allCases)
    func `breaking out of the loop leaves the connection usable at once`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for _ in 1...20 {
            var count = 0
            for try await _ in try await connection.query(Self.endless) {
                count += 1
                if count == 5 { break }
            }
            #expect(try await isUsable(connection))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `leaving while the stream itself is still in scope ends the query too`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query(Self.endless)
        for try await _ in rows { break }
        #expect(try await isUsable(connection))
        #expect(rows.columns.count == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that is dropped without being read ends its query`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        _ = try await connection.query(Self.endless)
        #expect(try await isUsable(connection))
    }

    @Test(arguments: LiveServer.allCases)
    func `a late cancel never hits the next query`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        // Results of about the size at which reading on and cancelling compete.
        for round in 0..<100 {
            let size = 20_000 + round * 1_000
            for try await _ in try await connection.query("SELECT generate_series(1, \(size))") { break }
            #expect(try await isUsable(connection))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `leaving a small result inside a transaction keeps the transaction`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("BEGIN")
        for try await _ in try await connection.query("SELECT generate_series(1, 100000)") { break }
        #expect(try await isUsable(connection))
        #expect(try await connection.execute("COMMIT")?.description == "COMMIT")
    }

    @Test(arguments: LiveServer.allCases)
    func `leaving an endless result inside a transaction fails the transaction alone`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("BEGIN")
        for try await _ in try await connection.query(Self.endless) { break }
        let error = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
        #expect(error?.code == .transactionLeft && error?.sqlState == .inFailedSQLTransaction)
        #expect(error?.isConnectionUsable == true)
        #expect(try await connection.execute("COMMIT")?.description == "ROLLBACK")
        // What the user's own mistake fails is said in the server's words.
        try await connection.execute("BEGIN")
        await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1 / 0") }
        let own = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
        #expect(own?.code == .server)
        try await connection.execute("ROLLBACK")
        #expect(try await isUsable(connection))
    }

    @Test(arguments: LiveServer.allCases)
    func `cancelling the task ends the wait for rows and the query on the server`(_ live: LiveServer) async throws {
        let label = "cancel test \(live)"
        let isWaiting = Gate()
        let task = Task {
            let connection = try await live.connect()
            try await connection.execute("SET application_name = 'cancel test'")
            isWaiting.open()
            return try await connection.query("SELECT pg_sleep(3600) /* \(unsafeSQL: label) */").collect().count
        }
        await isWaiting.wait()
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        let observer = try await live.connect()
        let text = "%\(label)%"
        var count = 1
        while count > 0 {
            count =
                try await observer.query(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE state = 'active' AND query LIKE \(text) AND pid <> pg_backend_pid()
                    """
                ).first()?.decode(Int.self) ?? 0
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a second query while a stream is open fails fast and harms nothing`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query("SELECT generate_series(1, 100000)")
        let error = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
        #expect(error?.code == .connectionBusy)
        var count = 0
        for try await _ in rows { count += 1 }
        #expect(count == 100_000)
        let second = await #expect(throws: PostgresError.self) { for try await _ in rows {} }
        #expect(second?.code == .invalidState)
        #expect(try await isUsable(connection))
    }

    @Test(arguments: LiveServer.allCases)
    func `close ends an open stream with an error and may be called twice`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let rows = try await connection.query(Self.endless)
        await connection.close()
        await connection.close()
        let error = await #expect(throws: PostgresError.self) { for try await _ in rows {} }
        #expect(error?.code == .connectionClosed)
        let next = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
        #expect(next?.code == .connectionClosed)
        #expect(next?.isConnectionUsable == false)
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream keeps its connection open`(_ live: LiveServer) async throws {
        func stream() async throws -> RowStream {
            try await live.connect().query("SELECT generate_series(1, 200000)")
        }
        var count = 0
        for try await _ in try await stream() { count += 1 }
        #expect(count == 200_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `what leaks out of a scoped connection throws`(_ live: LiveServer) async throws {
        let url = try await live.server.url
        let (leaked, rows) = try await PostgresConnection.withConnection(url) { connection in
            (connection, try await connection.query(Self.endless))
        }
        let error = await #expect(throws: PostgresError.self) { for try await _ in rows {} }
        #expect(error?.code == .connectionClosed)
        let next = await #expect(throws: PostgresError.self) { try await leaked.execute("SELECT 1") }
        #expect(next?.code == .connectionClosed)
    }

    @Test(arguments: LiveServer.allCases)
    func `connections that go out of scope leave no session behind`(_ live: LiveServer) async throws {
        let name = "scope test"
        for _ in 1...5 {
            let connection = try await live.connect()
            try await connection.execute("SELECT set_config('application_name', \(name), false)")
            for try await _ in try await connection.query(Self.endless) { break }
        }
        let observer = try await live.connect()
        var count = 1
        while count > 0 {
            count =
                try await observer.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = \(name)")
                .first()?.decode(Int.self) ?? 0
        }
    }
}
