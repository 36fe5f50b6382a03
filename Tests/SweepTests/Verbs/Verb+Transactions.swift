import PostgresStreaming

extension Verb {
    /// The ways to run transactions on a connection.
    static let transactions: [Verb] = [
        Verb(
            "transaction",
            ["PostgresConnection.withTransaction(isolation:options:_:)", "PostgresTransaction.query(_:mode:options:)"],
            .transaction,
            .connection { connection, number in
                try await connection.withTransaction { transaction async throws in
                    try await transaction.execute(insertion(number))
                    try expect(await transaction.query(query).decode((Int64, String).self).collect())
                }
            }),
        Verb(
            "portals", ["PostgresTransaction.query(_:mode:options:)"], .transaction,
            .connection { connection, number in
                try await connection.withTransaction { transaction async throws in
                    let left = try await transaction.query(query, mode: .portal(batch: 1))
                    var first = left.decode((Int64, String).self).makeAsyncIterator()
                    _ = try await first.next()
                    try await transaction.execute(insertion(number))
                    let rows = try await transaction.query(query, mode: .portal(batch: 2))
                    try expect(await rows.decode((Int64, String).self).collect())
                    _ = try await first.next()
                }
            }),
        Verb(
            "heldCursor", ["PostgresConnection.query(_:mode:options:)"], .statement,
            .connection { connection, number in
                let rows = try await connection.query(query, mode: .heldCursor(batch: 2))
                var iterator = rows.decode((Int64, String).self).makeAsyncIterator()
                var collected: [(Int64, String)] = []
                while let row = try await iterator.next() {
                    collected.append(row)
                    if collected.count == 1 { try await connection.execute(insertion(number)) }
                }
                try expect(collected)
            }),
        Verb(
            "trackedTransaction", ["PostgresConnection.outcome(of:)"], .transaction,
            .connection { connection, number in
                let options = TransactionOptions { $0.tracksCommit = true }
                // Asked before: what fails after the commit says nothing of it.
                let id = try await connection.query(knownID).only().decode((String, String, String).self)
                let known = UInt64(id.0).map { PostgresTransactionID(number: $0, timeline: id.1, recoveryMark: id.2) }
                if let known { try expect(await connection.outcome(of: known), .committed) }
                try await connection.withTransaction(isolation: .serializable, options: options) {
                    transaction async throws in
                    try await transaction.execute(insertion(number))
                }
            }),
        Verb(
            "savepoint", ["PostgresTransaction.withSavepoint(_:)", "PostgresTransaction.results(of:options:)"],
            .transaction,
            .connection { connection, number in
                try await connection.withTransaction { transaction async throws in
                    do {
                        try await transaction.withSavepoint { savepoint async throws in
                            try await savepoint.execute(insertion(number))
                            try await savepoint.execute("SELECT 1/0")
                        }
                    } catch {
                        guard (error as? PostgresError)?.sqlState == .divisionByZero else { throw error }
                    }
                    try await transaction.withSavepoint { savepoint async throws in
                        try await savepoint.execute(insertion(number))
                    }
                    var count = 0
                    for try await rows in try await transaction.results(of: "SELECT 1; SELECT 2") {
                        count += try await rows.collect().count
                    }
                    try expect(count, 2)
                }
            }),
        Verb(
            "transactionTools",
            ["PostgresTransaction.acquireAdvisoryLock(_:mode:within:)", "PostgresTransaction.exportSnapshot()"],
            .transaction,
            .connection { connection, number in
                try await connection.withTransaction(isolation: .repeatableRead) { transaction async throws in
                    try await transaction.acquireAdvisoryLock(PostgresAdvisoryKey(number), within: .seconds(1))
                    try expect(await transaction.exportSnapshot().identifier.isEmpty, false)
                    try await transaction.execute(insertion(number))
                }
            }),
        Verb(
            "preparedTransaction",
            [
                "PostgresConnection.prepareTransaction(as:isolation:options:_:)",
                "PostgresConnection.commitPrepared(_:)",
                "PostgresQuerying.preparedTransactions(inAllDatabases:)",
            ],
            .transaction,
            .connection { connection, number in
                try await connection.prepareTransaction(as: "sweep \(number)") { transaction async throws in
                    try await transaction.execute(insertion(number))
                }
                let listed = try await connection.preparedTransactions()
                try expect(listed.count { $0.id == "sweep \(number)" }, 1)
                try await connection.commitPrepared("sweep \(number)")
            }),
        Verb(
            "rolledBackPrepared", ["PostgresConnection.rollbackPrepared(_:)"],
            .connection { connection, number in
                try await connection.prepareTransaction(as: "undone \(number)") { _ in }
                try await connection.rollbackPrepared("undone \(number)")
            }),
        Verb(
            "failedTransaction", [],
            .connection { connection, number in
                var error: PostgresError?
                do {
                    try await connection.withTransaction { transaction async throws in
                        try await transaction.execute(insertion(number))
                        try await transaction.execute("SELECT 1/0")
                    }
                } catch {
                    guard let failure = error as? PostgresError, failure.sqlState == .divisionByZero else {
                        throw error
                    }
                    return try await expectNothing(number, failure, on: connection)
                }
                throw WrongResult(description: "the block did not fail: \(String(describing: error))")
            }),
    ]

    /// A transaction that was committed, by its number and what goes with it.
    private static let knownID: PostgresQuery = """
        SELECT pg_current_xact_id()::text, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8),
            (EXTRACT(epoch FROM stats_reset) * 1000000)::int8::text FROM pg_stat_bgwriter
        """

    private static func expectNothing(
        _ number: Int64, _ failure: PostgresError, on connection: PostgresConnection
    ) async throws {
        guard failure.isConnectionUsable else { return }
        let count = try await connection.query("SELECT count(*) FROM written WHERE n = \(number)").only()
        try expect(count.decode(Int.self), 0)
    }
}
