import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Transactions on real servers.
@Suite(.timeLimit(.minutes(1))) struct TransactionTests {
    private struct Refusal: Error {}

    /// A connection with an empty temporary table `entry (n int PRIMARY KEY)`.
    private func connection(to live: LiveServer) async throws -> sending PostgresConnection {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE entry (n int PRIMARY KEY)")
        return connection
    }

    private func entries(_ connection: PostgresConnection) async throws -> [Int] {
        try await connection.query("SELECT n FROM entry ORDER BY n").decode(Int.self).collect()
    }

    private nonisolated(nonsending) func insert(
        _ number: Int, _ database: some PostgresQuerying
    ) async throws(PostgresError) {
        try await database.execute("INSERT INTO entry VALUES (\(number)::int8)")
    }

    @Test(arguments: LiveServer.allCases)
    func `what returns is committed, what throws is rolled back`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        let count = try await connection.withTransaction { transaction in
            try await insert(1, transaction)
            try await insert(2, transaction)
            return try await transaction.query("SELECT n FROM entry").collect().count
        }
        #expect(count == 2)
        await #expect(throws: Refusal.self) {
            try await connection.withTransaction { transaction in
                try await insert(3, transaction)
                throw Refusal()
            }
        }
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await insert(4, transaction)
                try await insert(1, transaction)
            }
        }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(connection.transactionStatus == .idle)
        #expect(try await entries(connection) == [1, 2])
    }

    @Test(arguments: LiveServer.allCases)
    func `the options are what the server shows`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for isolation in TransactionOptions.Isolation.allCases {
            for access in TransactionOptions.Access.allCases {
                let options = TransactionOptions {
                    $0.access = access; $0.isDeferrable = true
                }
                let shown = try await connection.withTransaction(isolation: isolation, options: options) {
                    transaction in
                    try await transaction.query(
                        """
                        SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'),
                            current_setting('transaction_deferrable')
                        """
                    ).only().decode((String, String, String).self)
                }
                #expect(shown.0 == isolation.rawValue.lowercased())
                #expect(shown.1 == (access == .readOnly ? "on" : "off") && shown.2 == "on")
            }
        }
        let error = await failure {
            try await connection.withTransaction(options: TransactionOptions { $0.access = .readOnly }) { transaction in
                try await transaction.execute("CREATE TABLE never (n int)")
            }
        }
        #expect(error?.sqlState == "25006")
    }

    @Test(arguments: LiveServer.allCases)
    func `a savepoint undoes what threw in it and the transaction goes on`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        try await connection.withTransaction { transaction in
            try await insert(1, transaction)
            try await transaction.withSavepoint { try await insert(2, $0) }
            let error = await failure {
                try await transaction.withSavepoint { outer in
                    try await insert(3, outer)
                    try await outer.withSavepoint { inner in
                        try await insert(4, inner)
                        try await insert(1, inner)
                    }
                }
            }
            #expect(error?.sqlState == .uniqueViolation)
            try await transaction.withSavepoint { outer in
                try await insert(5, outer)
                await #expect(throws: Refusal.self) {
                    try await outer.withSavepoint { inner in
                        try await insert(6, inner)
                        throw Refusal()
                    }
                }
                try await outer.withSavepoint { _ in }
            }
        }
        #expect(try await entries(connection) == [1, 2, 5])
    }

    @Test(arguments: LiveServer.allCases)
    func `a failure that was caught leaves nothing to commit`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await insert(1, transaction)
                _ = await failure { try await insert(1, transaction) }
            }
        }
        #expect(error?.code == .transactionRolledBack && error?.sqlState == .uniqueViolation)
        let inner = await failure {
            try await connection.withTransaction { transaction in
                try await transaction.withSavepoint { savepoint in
                    _ = await failure { try await savepoint.execute("SELECT 1/0") }
                }
            }
        }
        #expect(inner?.code == .transactionRolledBack && inner?.sqlState == .divisionByZero)
        #expect(try await entries(connection).isEmpty)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error of the commit itself is thrown and nothing is left`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE entry (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        let error = await failure {
            try await connection.withTransaction { transaction in
                for _ in 1...2 { try await insert(1, transaction) }
            }
        }
        #expect(error?.sqlState == .uniqueViolation && error?.isConnectionUsable == true)
        #expect(try await entries(connection).isEmpty)
    }

    @Test(arguments: LiveServer.allCases)
    func `a stream ends with its transaction`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        let rows = try await connection.withTransaction { transaction in
            try await insert(1, transaction)
            return try await transaction.query("SELECT generate_series(1, 1000)")
        }
        #expect(await failure { try await rows.collect() }?.code == .transactionEnded)
        #expect(try await entries(connection) == [1], "what was done is committed")
        // An iterator that had begun is cut off as well, rows in hand or not.
        var iterator = try await connection.withTransaction { transaction in
            var iterator = try await transaction.query("SELECT generate_series(1, 1000)").chunks.makeAsyncIterator()
            _ = try await iterator.next(isolation: #isolation)
            return iterator
        }
        #expect(try await entries(connection) == [1])
        #expect(await failure { try await iterator.next(isolation: #isolation) }?.code == .transactionEnded)
        #expect(try await entries(connection) == [1])
    }

    @Test(arguments: LiveServer.allCases)
    func `in a transaction the connection is busy, and a block cannot be opened twice`(_ live: LiveServer) async throws
    {
        let connection = try await connection(to: live)
        try await connection.withTransaction { transaction in
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionBusy)
            #expect(await failure { try await connection.withTransaction { _ in } }?.code == .connectionBusy)
            try await insert(1, transaction)
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionBusy)
        }
        try await connection.execute("BEGIN")
        #expect(await failure { try await connection.withTransaction { _ in } }?.code == .invalidState)
        try await connection.execute("ROLLBACK")
        #expect(try await entries(connection) == [1])
    }

    @Test(arguments: LiveServer.allCases)
    func `a transaction that a statement ended takes no more of them`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await insert(1, transaction)
                try await transaction.execute("ROLLBACK")
                try await insert(2, transaction)
            }
        }
        #expect(error?.code == .transactionEnded)
        let other = await failure {
            try await connection.withTransaction { transaction in
                try await insert(3, transaction)
                try await transaction.execute("ROLLBACK")
            }
        }
        #expect(other?.code == .transactionEnded)
        #expect(try await entries(connection).isEmpty)
    }

    @Test(arguments: LiveServer.allCases)
    func `a cancelled task rolls back, also where its body ends well`(_ live: LiveServer) async throws {
        let url = try await live.server.url
        let (begun, cancelled) = (Gate(), Gate())
        let task = Task {
            let connection = try await PostgresConnection.connect(url)
            try await connection.execute("CREATE TEMPORARY TABLE entry (n int PRIMARY KEY)")
            let error = await failure {
                try await connection.withTransaction { transaction in
                    try await insert(1, transaction)
                    begun.open()
                    await cancelled.wait()
                }
            }
            let status = connection.transactionStatus
            await connection.close()
            return (error?.code, status)
        }
        await begun.wait()
        task.cancel()
        cancelled.open()
        let (code, status) = try await task.value
        #expect(code == .cancelled && status == .idle)
    }

    @Test(arguments: LiveServer.allCases)
    func `a table that changed is no matter for a transaction's first statement`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        let query: PostgresQuery = "SELECT * FROM entry"
        for _ in 1...3 { _ = try await connection.query(query).collect() }
        try await connection.execute("ALTER TABLE entry ADD COLUMN m int")
        try await connection.withTransaction { transaction in
            #expect(try await transaction.query(query).columns.count == 2)
            try await transaction.execute("INSERT INTO entry VALUES (1, 1)")
        }
        #expect(try await entries(connection) == [1])
    }

    @Test(arguments: LiveServer.allCases)
    func `an exported snapshot shows another transaction the same`(_ live: LiveServer) async throws {
        let (first, second) = (try await live.connect(), try await live.connect())
        let name = "snapshot_\(live.rawValue)_\(UInt32.random(in: 0 ... .max))"
        try await first.execute("CREATE TABLE \(identifier: name) (n int)")
        try await first.withTransaction(isolation: .repeatableRead) { exporting in
            let snapshot = try await exporting.exportSnapshot()
            try await second.execute("INSERT INTO \(identifier: name) VALUES (1)")
            let count = try await second.withTransaction(
                options: TransactionOptions { $0.snapshot = snapshot }
            ) { importing in
                try await importing.query("SELECT count(*) FROM \(identifier: name)").only().decode(Int.self)
            }
            #expect(count == 0)
        }
        try await first.execute("DROP TABLE \(identifier: name)")
        #expect(throws: PostgresError.self) { try PostgresExportedSnapshot(identifier: "1'; --") }
    }

    @Test(arguments: LiveServer.allCases)
    func `the outcome of a transaction can be asked for`(_ live: LiveServer) async throws {
        let (first, second) = (try await live.connect(), try await live.connect())
        let query: PostgresQuery = "SELECT pg_current_xact_id()::text"
        let committed = try await first.query(query).only().decode(String.self)
        let id = try #require(try await PostgresTransactionID.known(committed, on: first))
        #expect(try await second.outcome(of: id) == .committed)
        try await first.execute("BEGIN")
        let open = try await first.query(query).only().decode(String.self)
        let openID = try #require(try await PostgresTransactionID.known(open, on: first))
        #expect(try await second.outcome(of: openID) == .inProgress)
        try await first.execute("ROLLBACK")
        #expect(try await second.outcome(of: openID) == .aborted)
        let elsewhere = PostgresTransactionID(number: id.number, timeline: "00000099", recoveryMark: id.recoveryMark)
        #expect(try await second.outcome(of: elsewhere) == .unknown)
        let recovered = PostgresTransactionID(number: id.number, timeline: id.timeline, recoveryMark: "1")
        #expect(try await second.outcome(of: recovered) == .unknown)
    }

    /// As a repository would: keeps what runs its queries.
    private struct Entries {
        let database: any PostgresQuerying

        func add(_ number: Int) async throws {
            try await database.execute("INSERT INTO entry VALUES (\(number)::int8)")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a transaction that is kept beyond its scope runs nothing`(_ live: LiveServer) async throws {
        let connection = try await connection(to: live)
        var kept: Entries?
        try await connection.withTransaction { transaction in
            kept = Entries(database: transaction)
            try await kept?.add(1)
        }
        #expect(await failure { try await kept?.add(2) }?.code == .transactionEnded)
        try await connection.withTransaction { transaction in
            try await transaction.execute("SELECT 1")
            #expect(await failure { try await kept?.add(3) }?.code == .transactionEnded, "not in another one either")
        }
        #expect(try await entries(connection) == [1])
    }
}

extension PostgresTransactionID {
    /// The number of a transaction of the server that a connection leads to.
    nonisolated(nonsending) static func known(
        _ number: String, on connection: PostgresConnection
    ) async throws -> PostgresTransactionID? {
        let row = try await connection.query(
            """
            SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),
                (EXTRACT(epoch FROM stats_reset) * 1000000)::int8::text FROM pg_stat_bgwriter
            """
        ).only()
        let (timeline, mark) = try row.decode((String, String).self)
        return UInt64(number).map { PostgresTransactionID(number: $0, timeline: timeline, recoveryMark: mark) }
    }
}
