import Foundation
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Streams whose rows come in batches, by portals of a transaction.
@Suite(.timeLimit(.minutes(2))) struct PortalTests {
    private static func series(_ count: Int) -> PostgresQuery { "SELECT n FROM generate_series(1, \(count as Int)) n" }

    /// Without end, as good as: in a FROM the server would make all of it first.
    private static let endless: PostgresQuery = "SELECT generate_series(1, 1000000000)"

    /// How many portals the session has, but for that of the question.
    private static func openPortals(_ database: some PostgresQuerying) async throws -> Int {
        try await database.query("SELECT count(*) FROM pg_cursors WHERE name LIKE 'ps\\_p%'").only().decode(Int.self)
    }

    @Test(arguments: LiveServer.allCases, [nil, 1, 7, 1_000] as [Int?])
    func `the rows come whole, in order, in batches`(server: LiveServer, batch: Int?) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            for count in [0, 1, 7, 1_000] {
                let rows = try await transaction.query(Self.series(count), mode: .portal(batch: batch))
                var next = 1
                for try await number in rows.decode(Int.self) {
                    #expect(number == next)
                    next += 1
                }
                #expect(next == count + 1)
                #expect(rows.control.state == .completed)
                #expect(rows.commandTag?.description == "SELECT \(count)")
            }
            #expect(try await Self.openPortals(transaction) == 0)
        }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `several streams are read in turns, with statements in between and pauses`(server: LiveServer) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("portals: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            let scale = ProcessInfo.processInfo.environment["PORTAL_SCALE"].flatMap(Int.init) ?? 1
            let counts = [20_000 * scale, 15_001 * scale, 9_999 * scale]
            var streams: [RowStream] = []
            for (count, batch) in zip(counts, [nil, 100, 1_000] as [Int?]) {
                let options = StreamOptions { $0.memoryMax = 2 << 20 }
                streams.append(
                    try await transaction.query(Self.series(count), mode: .portal(batch: batch), options: options))
            }
            var iterators = streams.map { $0.decode(Int.self).makeAsyncIterator() }
            var sums = [0, 0, 0]
            var open = [0, 1, 2]
            while let place = open.randomElement(using: &generator) {
                let isPaused = Int.random(in: 0..<10, using: &generator) == 0
                if isPaused { streams[place].control.pause() }
                if Int.random(in: 0..<20, using: &generator) == 0 {
                    #expect(try await transaction.query("SELECT \(place as Int)").only().decode(Int.self) == place)
                }
                streams[place].control.resume()
                for _ in 0..<Int.random(in: 1...400, using: &generator) {
                    guard let number = try await iterators[place].next() else {
                        open.removeAll { $0 == place }
                        break
                    }
                    sums[place] += number
                }
            }
            #expect(sums == counts.map { $0 * ($0 + 1) / 2 }, "seed \(seed)")
            #expect(streams.allSatisfy { $0.statistics.peakBytes <= 2 << 20 }, "\(streams.map(\.statistics.peakBytes))")
            #expect(try await Self.openPortals(transaction) == 0)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a plan that a portal keeps from running in parallel is reported where that is asked for`(
        server: LiveServer
    ) async throws {
        let observer = RecordingObserver()
        var configuration = try await PostgresConfiguration(connectionString: server.server.url)
        configuration.observer = observer
        let connection = try await PostgresConnection.connect(configuration)
        try await connection.execute(
            """
            SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
            SET min_parallel_table_scan_size = 0
            """, mode: .simple)
        let wide: PostgresQuery = "SELECT count(*) FROM pg_catalog.pg_class WHERE oid > \(1)::oid"
        let cases: [(PostgresQuery, Bool)] = [
            (wide, true), ("SELECT \(1)", true), (wide, false), ("SHOW work_mem", true),
        ]
        for (query, reports) in cases {
            let before = observer.events(.serialPlan).count
            try await connection.withTransaction { transaction in
                let options = StreamOptions { $0.reportsSerialPlans = reports }
                let rows = try await transaction.query(query, mode: .portal(), options: options)
                #expect(try await rows.collect().count == 1)
            }
            let isReported = observer.events(.serialPlan).count > before
            #expect(isReported == (reports && query.sql == wide.sql))
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that is left closes its portal, and the transaction goes on`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE kept (n int)")
        try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO kept VALUES (1)")
            for _ in 1...3 {
                for try await number in try await transaction.query(Self.endless, mode: .portal())
                    .decode(Int.self) where number == 100
                {
                    break
                }
                #expect(try await transaction.query(Self.endless, mode: .portal()).decode(Int.self).first() == 1)
            }
            #expect(try await Self.openPortals(transaction) == 0)
            try await transaction.execute("INSERT INTO kept VALUES (2)")
        }
        #expect(try await connection.query("SELECT sum(n) FROM kept").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `a paused stream leaves the connection to others`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            let rows = try await transaction.query(Self.series(10_000), mode: .portal(batch: 10))
            var iterator = rows.decode(Int.self).makeAsyncIterator()
            for _ in 1...10 { _ = try await iterator.next() }
            rows.control.pause(for: .milliseconds(50))
            #expect(try await transaction.query("SELECT 5").only().decode(Int.self) == 5)
            #expect(try await iterator.next() == 11)
            #expect(rows.statistics.pausedTime > .zero)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a portal needs a transaction, and a batch a row`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let outside = await failure { _ = try await connection.query("SELECT 1", mode: .portal()) }
        #expect(outside?.code == .invalidState && outside?.hint?.contains(".heldCursor") == true)
        try await connection.execute("BEGIN")
        #expect(try await connection.query("SELECT 1", mode: .portal()).only().decode(Int.self) == 1)
        for batch in [0, -1] {
            let error = await failure { _ = try await connection.query("SELECT 1", mode: .portal(batch: batch)) }
            #expect(error?.code == .queryInvalid)
        }
        try await connection.execute("COMMIT")
        let client = try PostgresClient(try await server.server.url)
        for mode in [QueryMode.portal(), .heldCursor()] {
            let error = await failure { _ = try await client.query("SELECT 1", mode: mode) }
            #expect(error?.code == .unsupported)
        }
        await client.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what returns no rows runs, and what writes does it once`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            let made = try await transaction.execute("CREATE TEMPORARY TABLE written (n int)", mode: .portal())
            #expect(made?.description == "CREATE TABLE")
            let rows = try await transaction.query(
                "INSERT INTO written SELECT n FROM generate_series(1, 5000) n RETURNING n", mode: .portal(batch: 10))
            for try await _ in rows.decode(Int.self) { break }
            #expect(try await transaction.query("SELECT count(*) FROM written").only().decode(Int.self) == 5_000)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a portal goes with its savepoint, and those before it stay`(server: LiveServer) async throws {
        struct Undone: Error {}
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            let before = try await transaction.query(Self.series(100), mode: .portal(batch: 10))
            var rows = before.decode(Int.self).makeAsyncIterator()
            #expect(try await rows.next() == 1)
            var inner: RowStream?
            await #expect(throws: Undone.self) {
                try await transaction.withSavepoint { savepoint in
                    inner = try await savepoint.query(Self.series(100), mode: .portal(batch: 10))
                    throw Undone()
                }
            }
            var gone = try #require(inner).decode(Int.self).makeAsyncIterator()
            for expected in 1...10 { #expect(try await gone.next() == expected) }
            let error = await failure { _ = try await gone.next() }
            #expect(error?.message == "the portal is gone")
            for expected in 2...100 { #expect(try await rows.next() == expected) }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a portal ends with its transaction`(server: LiveServer) async throws {
        let connection = try await server.connect()
        var kept: RowStream?
        try await connection.withTransaction { transaction in
            kept = try await transaction.query(Self.series(100), mode: .portal(batch: 10))
        }
        var iterator = try #require(kept).decode(Int.self).makeAsyncIterator()
        for expected in 1...10 { #expect(try await iterator.next() == expected) }
        let error = await failure { _ = try await iterator.next() }
        #expect(error?.code == .transactionEnded)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error in a later batch reaches its stream, and fails the transaction`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let error = await failure {
            try await connection.withTransaction { transaction in
                let rows = try await transaction.query(
                    "SELECT 100 / (50 - n) FROM generate_series(1, 100) n", mode: .portal(batch: 10))
                var count = 0
                let error = await failure { for try await _ in rows.decode(Int.self) { count += 1 } }
                #expect(error?.sqlState == .divisionByZero)
                #expect(count == 40)
            }
        }
        #expect(error?.code == .transactionRolledBack)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `values of all kinds come as they do without a portal`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            for mode in [QueryMode.portal(batch: 2), .heldCursor(batch: 2)] {
                let rows = try await transaction.query(
                    """
                    SELECT repeat('x', \(3)) || n, ARRAY[n], acl.x
                    FROM generate_series(1, 5) n, (SELECT 'postgres=r/postgres'::aclitem AS x) acl
                    """, mode: mode)
                var count = 0
                for try await (text, array, item) in rows.decode((String, [Int], String).self) {
                    count += 1
                    #expect(text == "xxx\(count)")
                    #expect(array == [count])
                    #expect(item.hasPrefix("postgres=r"))
                }
                #expect(count == 5)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a memory limit holds for batches of long rows`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            let rows = try await transaction.query(
                "SELECT repeat('x', 100000) FROM generate_series(1, 200)", mode: .portal(),
                options: StreamOptions { $0.memoryMax = 2 << 20 })
            var count = 0
            for try await text in rows.decode(String.self) { count += text.utf8.count / 100_000 }
            #expect(count == 200)
            #expect(rows.statistics.peakBytes <= 2 << 20)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a cursor is held outside of transactions, and closed at its end`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(Self.series(1_000), mode: .heldCursor(batch: 100))
        var iterator = rows.decode(Int.self).makeAsyncIterator()
        var sum = 0
        while let number = try await iterator.next() {
            sum += number
            if number % 250 == 0 { #expect(try await Self.openPortals(connection) == 1) }
        }
        #expect(sum == 500_500)
        #expect(rows.commandTag?.rows == 1_000)
        #expect(try await Self.openPortals(connection) == 0)
        for try await _ in try await connection.query(Self.series(1_000), mode: .heldCursor()).decode(Int.self) {
            break
        }
        #expect(try await Self.openPortals(connection) == 0)
        let error = await failure { _ = try await connection.query("SELECT 1 / 0", mode: .heldCursor()) }
        #expect(error?.sqlState == .divisionByZero)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream that is cancelled within a batch leaves the connection usable`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("BEGIN")
        let error = await failure {
            let rows = try await connection.query(
                "SELECT pg_sleep(0.05) FROM generate_series(1, 1000)", mode: .portal(batch: 1),
                options: StreamOptions { $0.timeout = .milliseconds(120) })
            for try await _ in rows {}
        }
        #expect(error?.code == .queryTimedOut && error?.isConnectionUsable == true)
        try await connection.execute("ROLLBACK")
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }
}
