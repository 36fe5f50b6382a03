import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// A pool against real servers.
@Suite(.timeLimit(.minutes(2))) struct PoolTests {
    private func client(
        _ server: LiveServer = .postgres15, _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
    ) async throws -> PostgresClient {
        let configuration = try await PostgresConfiguration(connectionString: server.server.url, environment: .none)
        return PostgresClient(configuration, pool: PostgresPoolConfiguration(change))
    }

    private nonisolated(nonsending) func backend(_ connection: PostgresConnection) async throws -> Int32 {
        try await connection.query("SELECT pg_backend_pid()").only().decode(Int32.self)
    }

    @Test(arguments: LiveServer.allCases)
    func `a connection is lent, given back and lent again`(server: LiveServer) async throws {
        let client = try await client(server)
        let first = try await client.withConnection { try await backend($0) }
        let second = try await client.withConnection { try await backend($0) }
        #expect(first == second)
        #expect(client.statistics.opened == 1 && client.statistics.leases == 2)
        #expect(await client.close())
        #expect(client.statistics.total == 0 && client.statistics.closed == 1)
    }

    @Test func `a query takes a connection until its stream ends`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        for _ in 1...3 {
            let numbers = try await client.query("SELECT generate_series(1, 3)").decode(Int32.self).collect()
            #expect(numbers == [1, 2, 3])
        }
        #expect(try await client.execute("SELECT 1")?.rows == 1)
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that is left after five rows gives its connection back`(server: LiveServer) async throws {
        let client = try await client(server) { $0.connectionsMax = 1 }
        let before = try await client.withConnection { try await backend($0) }
        for _ in 1...5 {
            var count = 0
            for try await _ in try await client.query("SELECT generate_series(1, 3000000)") {
                count += 1
                if count == 5 { break }
            }
            #expect(try await client.withConnection { try await backend($0) } == before)
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `so does one that is dropped before it was read`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        _ = try await client.query("SELECT generate_series(1, 3000000)")
        try await client.execute("SELECT 1")
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `and one whose query fails`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        for _ in 1...3 {
            #expect(await failure(of: { try await client.execute("SELECT 1 / 0") })?.sqlState == .divisionByZero)
            #expect(await failure(of: { try await client.execute("SELEKT") })?.sqlState == "42601")
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    // MARK: what reaches the next lease

    @Test(arguments: LiveServer.allCases, [PostgresPoolConfiguration.SessionReset.keepStatements, .discardAll])
    func `nothing of a session reaches the next lease`(
        server: LiveServer, reset: PostgresPoolConfiguration.SessionReset
    ) async throws {
        let client = try await client(server) {
            $0.connectionsMax = 1
            $0.reset = reset
        }
        let before = try await client.withConnection { connection in
            let backend = try await backend(connection)
            try await connection.execute("SET search_path TO pg_catalog")
            try await connection.execute("SET statement_timeout TO '7s'")
            try await connection.execute("SELECT set_config('app.tenant', 'seven', false)")
            try await connection.execute("SET ROLE pg_monitor")
            try await connection.execute("RESET ROLE")
            try await connection.execute("CREATE TEMPORARY TABLE left_behind (id int)")
            try await connection.execute("SELECT pg_advisory_lock(4711)")
            try await connection.execute("LISTEN news")
            try await connection.execute("PREPARE foreign_one AS SELECT 1")
            try await connection.execute("SET ROLE pg_monitor")
            return backend
        }
        try await client.withConnection { connection in
            let after = try await backend(connection)
            #expect(after == before)
            let remains = try await connection.remains()
            #expect(remains.isClean, "\(remains)")
            let role = try await connection.query("SELECT current_user::text, session_user::text").only()
                .decode((String, String).self)
            #expect(role.0 == role.1)
            let names = try await connection.query("SELECT count(*) FROM pg_prepared_statements WHERE from_sql").only()
            #expect(try names.decode(Int.self) == 0)
            let tenant = try await connection.query("SELECT current_setting('app.tenant', true)").only().decode(
                String?.self)
            #expect(tenant ?? "" == "")
        }
        await client.close()
    }

    @Test func `statements stay prepared from one lease to the next`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        for _ in 1...3 {
            try await client.withConnection { try await $0.execute("SELECT \(1) + 1") }
        }
        try await client.withConnection { connection in
            let count = try await connection.query(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT _1 + 1'"
            ).only().decode(Int.self)
            #expect(count == 1)
        }
        await client.close()
    }

    @Test func `a transaction that was left open is rolled back`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        try await client.withConnection { connection in
            try await connection.execute("BEGIN")
            try await connection.execute("CREATE TABLE pool_left_open (id int)")
        }
        try await client.withConnection { connection in
            #expect(connection.transactionStatus == .idle)
            let isGone = try await connection.query("SELECT to_regclass('pool_left_open') IS NULL").only()
                .decode(Bool.self)
            #expect(isGone)
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    @Test func `a connection that cannot be reset in time is closed`() async throws {
        let client = try await client {
            $0.connectionsMax = 1
            $0.checkTimeout = .milliseconds(200)
        }
        let other = try await LiveServer.postgres15.connect()
        let first = try await client.withConnection { connection in
            try await connection.execute("CREATE TEMPORARY TABLE held_by_another (id int)")
            let schema = try await connection.query("SELECT pg_my_temp_schema()::regnamespace::text").only()
                .decode(String.self)
            try await other.execute("BEGIN")
            try await other.execute("LOCK TABLE \(identifier: schema).held_by_another")
            return try await backend(connection)
        }
        let second = try await client.withConnection { try await backend($0) }
        #expect(first != second && client.statistics.closed == 1)
        await other.close()
        await client.close()
    }

    // MARK: leaks

    @Test func `what leaked out of a lease throws and harms nobody`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        var leaked: PostgresConnection?
        var stream: RowStream?
        try await client.withConnection { connection in
            leaked = connection
            stream = try await connection.query("SELECT generate_series(1, 3000000)")
        }
        try await client.withConnection { connection in
            #expect(await failure(of: { try await leaked?.execute("SELECT 1") })?.code == .leaseEnded)
            var chunks = stream?.chunks.makeAsyncIterator()
            let error = await failure(of: { while try await chunks?.next(isolation: #isolation) != nil {} })
            #expect(error?.code == .leaseEnded)
            let number7 = try await connection.query("SELECT 7").only().decode(Int32.self)
            #expect(number7 == 7)
            await leaked?.close()
            let number8 = try await connection.query("SELECT 8").only().decode(Int32.self)
            #expect(number8 == 8)
        }
        #expect(client.statistics.opened == 1)
        await client.close()
    }

    // MARK: dead connections

    @Test func `a connection whose backend was ended is never lent`() async throws {
        let client = try await client { $0.connectionsMax = 3 }
        let gate = Gate()
        let backends = try await withThrowingTaskGroup(of: Int32.self) { group in
            let arrived = Arrivals(3, gate)
            for _ in 1...3 {
                group.addTask {
                    try await client.withConnection { connection in
                        let backend = try await backend(connection)
                        await arrived.arrive()
                        return backend
                    }
                }
            }
            return try await group.reduce(into: [Int32]()) { $0.append($1) }
        }
        #expect(Set(backends).count == 3)
        let other = try await LiveServer.postgres15.connect()
        for backend in backends {
            try await other.execute("SELECT pg_terminate_backend(\(backend), 5000)")
        }
        await other.close()
        for _ in 1...5 {
            try await client.withConnection { try await $0.execute("SELECT 1") }
        }
        #expect(client.statistics.closed == 3)
        await client.close()
    }

    @Test func `one that ended within its lease is replaced`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        let error = await failure(of: {
            try await client.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        })
        #expect(error?.code == .sessionEndedByServer)
        try await client.execute("SELECT 1")
        #expect(client.statistics.opened == 2 && client.statistics.closed == 1)
        await client.close()
    }

    // MARK: nested

    @Test func `a lease within a lease is an error where it could never be granted`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        try await client.withConnection { _ in
            let error = await failure(of: { try await client.execute("SELECT 1") })
            #expect(error?.code == .leaseNested)
        }
        for try await _ in try await client.query("SELECT generate_series(1, 3)") {
            #expect(await failure(of: { try await client.execute("SELECT 1") })?.code == .leaseNested)
        }
        try await client.execute("SELECT 1")
        await client.close()
    }

    @Test func `and is granted where there is room`() async throws {
        let client = try await client { $0.connectionsMax = 2 }
        try await client.withConnection { outer in
            try await client.withConnection { inner in
                let (one, two) = (try await backend(outer), try await backend(inner))
                #expect(one != two)
            }
        }
        await client.close()
    }

    @Test func `those who wait get the connection in the order in which they came`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        let served = Locked<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await client.withConnection { _ in
                for number in 0..<20 {
                    group.addTask {
                        try await client.withConnection { _ in served.withLock { $0.append(number) } }
                    }
                    while client.statistics.waiting <= number { await Task.yield() }
                }
            }
            try await group.waitForAll()
        }
        #expect(served.withLock { $0 } == Array(0..<20))
        await client.close()
    }

    @Test func `a task that waits is cancelled at once`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        try await client.withConnection { _ in
            let waiting = Task { try await client.execute("SELECT 1") }
            while client.statistics.waiting == 0 { await Task.yield() }
            waiting.cancel()
            let error = await failure(of: { _ = try await waiting.value })
            #expect(error?.code == .cancelled)
            #expect(client.statistics.waiting == 0)
        }
        await client.close()
    }

    @Test func `and one that waits too long says who has the connections`() async throws {
        let client = try await client { $0.connectionsMax = 1 }
        try await client.withConnection(label: "import") { _ in
            let error = await failure(of: {
                try await Task { try await client.withConnection(label: nil, timeout: .milliseconds(50)) { _ in } }
                    .value
            })
            #expect(error?.code == .poolTimedOut && error?.message.contains("by \"import\"") == true)
        }
        await client.close()
    }

    @Test func `transactions run on leases, and again after conflicts`() async throws {
        let client = try await client()
        let sum = try await client.withTransaction { transaction in
            try await transaction.query("SELECT 40 + 2").only().decode(Int32.self)
        }
        #expect(sum == 42)
        let again = try await client.withRetryingTransaction { transaction in
            try await transaction.query("SELECT 40 + 3").only().decode(Int32.self)
        }
        #expect(again == 43)
        await client.close()
    }

    @Test func `on the event loop leases work as elsewhere`() async throws {
        let client = try await client()
        let total = try await client.onEventLoop { client in
            var total = 0
            for try await number in try await client.query("SELECT generate_series(1, 1000)").decode(Int32.self) {
                total += Int(number)
            }
            return total
        }
        #expect(total == 500_500)
        await client.close()
    }
}

/// Opens a gate when so many have arrived.
actor Arrivals {
    private var missing: Int
    private let gate: Gate

    init(_ count: Int, _ gate: Gate) {
        missing = count
        self.gate = gate
    }

    func arrive() async {
        missing -= 1
        if missing == 0 { gate.open() }
        await gate.wait()
    }
}
