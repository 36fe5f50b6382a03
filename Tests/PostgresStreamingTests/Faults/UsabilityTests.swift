import Glibc
import PostgresStreaming
import PostgresTestSupport
import Testing

/// What an error says of its connection is what the next call on it finds.
@Suite(.timeLimit(.minutes(2))) struct UsabilityTests {
    /// Something that fails on a connection, and the code it fails with.
    private struct Failing: Sendable {
        let code: PostgresError.Code
        let run: @Sendable (PostgresConnection) async throws -> Void

        init(
            _ code: PostgresError.Code,
            _ run: nonisolated(nonsending) @escaping @Sendable (PostgresConnection) async throws -> Void
        ) {
            self.code = code
            self.run = run
        }
    }

    private static let endless: PostgresQuery = "SELECT generate_series(1, 100000000000)"

    private static let all = inSession + inTransactions + ofValues

    private static let inSession: [Failing] = [
        Failing(.server) { try await $0.execute("SELECT 1 / 0") },
        Failing(.sessionEndedByServer) { try await $0.execute("SELECT pg_terminate_backend(pg_backend_pid())") },
        Failing(.connectionClosed) { connection in
            await connection.close()
            try await connection.execute("SELECT 1")
        },
        Failing(.connectionBusy) { connection in
            let rows = try await connection.query(endless)
            defer { extendLifetime(rows) }
            try await connection.execute("SELECT 1")
        },
        Failing(.queryTimedOut) { connection in
            try await connection.execute(
                "SELECT pg_sleep(60)", options: StreamOptions { $0.timeout = .milliseconds(50) })
        },
        Failing(.pauseTimedOut) { connection in
            let rows = try await connection.query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)")
            var iterator = rows.makeAsyncIterator()
            _ = try await iterator.next()
            rows.control.pause(for: .milliseconds(20), then: .fail)
            while try await iterator.next() != nil {}
        },
        Failing(.memoryLimitExceeded) { connection in
            let options = StreamOptions { $0.valueBytesMax = 100 }
            try await connection.execute("SELECT repeat('x', 1000)", options: options)
        },
        Failing(.memoryLimitExceeded) { connection in
            let options = StreamOptions { $0.valueBytesMax = 100 }
            try await connection.execute("SELECT repeat('x', 40 << 20)", options: options)
        },
        Failing(.messageTooLarge) { try await $0.execute("SELECT repeat('x', 80 << 20)") },
        Failing(.resultTooLarge) { _ = try await $0.query(endless).collect(rowsMax: 5) },
        Failing(.unexpectedRowCount) { _ = try await $0.query(endless).only() },
        Failing(.invalidState) { connection in
            let rows = try await connection.query("SELECT 1")
            for try await _ in rows {}
            for try await _ in rows {}
        },
        Failing(.queryInvalid) { try await $0.execute("SELECT 'a\0b'") },
        Failing(.unsupported) { try await $0.execute("COPY (SELECT 1) TO STDOUT") },
        Failing(.fileFailed) { try await $0.copyOut("COPY (SELECT 1) TO STDOUT").write(toFile: "/dev/full") },
        Failing(.lockNotAvailable) { connection in
            try await connection.withAdvisoryLock("usability", within: .zero) { _ in }
        },
    ]

    private static let inTransactions: [Failing] = [
        Failing(.transactionLeft) { connection in
            try await connection.execute("BEGIN")
            for try await _ in try await connection.query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)") {
                break
            }
            try await connection.execute("SELECT 1")
        },
        Failing(.transactionRolledBack) { connection in
            try await connection.withTransaction { transaction in
                do { try await transaction.execute("SELECT 1 / 0") } catch {}
            }
        },
        Failing(.transactionEnded) { connection in
            try await connection.withTransaction { transaction in
                try await transaction.execute("COMMIT")
                try await transaction.execute("SELECT 1")
            }
        },
        Failing(.statementOutdated) { connection in
            try await connection.execute("CREATE TEMPORARY TABLE changing (a int)")
            for _ in 0..<3 { try await connection.execute("SELECT * FROM changing") }
            try await connection.execute("ALTER TABLE changing ADD b int")
            try await connection.withTransaction { transaction in
                try await transaction.execute("SELECT 1")
                try await transaction.execute("SELECT * FROM changing")
            }
        },
    ]

    private static let ofValues: [Failing] = [
        Failing(.parameterInvalid) { connection in
            let statement = try await connection.prepare("SELECT $1::int2", parameters: Int.self)
            _ = try await statement.query(70_000)
        },
        Failing(.typeMismatch) { _ = try await $0.query("SELECT 'x'").decode(Int.self).collect() },
        Failing(.unexpectedNull) { _ = try await $0.query("SELECT NULL::int").decode(Int.self).collect() },
        Failing(.columnMismatch) { _ = try await $0.query("SELECT 1, 2").decode(Int.self).collect() },
    ]

    /// Checks what an error says against what the next call finds, which the caller has no time to wait for.
    private func check(_ error: PostgresError?, _ code: PostgresError.Code, _ connection: PostgresConnection) async {
        #expect(error?.code == code, "\(code): \(error?.description ?? "nothing was thrown")")
        let isUsable = error?.isConnectionUsable
        let next: PostgresError?
        do {
            try await connection.execute("ROLLBACK")
            next = nil
        } catch {
            next = error
        }
        #expect(isUsable == (next == nil), "\(code): \(next?.description ?? "usable")")
    }

    @Test(arguments: LiveServer.allCases)
    func `what an error says of its connection is what the next call finds`(server: LiveServer) async throws {
        let holder = try await server.connect()
        try await holder.execute("SELECT pg_advisory_lock(\(Int64("\(PostgresAdvisoryKey(name: "usability"))") ?? 0))")
        for failing in Self.all {
            let connection = try await server.connect()
            let error = await failure(of: { try await failing.run(connection) })
            await check(error, failing.code, connection)
            await connection.close()
        }
        await holder.close()
    }

    @Test func `a server that stopped is found to be unusable before the error comes`() async throws {
        let connection = try await LiveServer.postgres15.connect()
        let backend = Int32(try await connection.processID())
        let options = StreamOptions { $0.timeout = .milliseconds(100) }
        kill(backend, SIGSTOP)
        defer { kill(backend, SIGCONT) }
        let start = ContinuousClock.now
        let error = await failure(of: { try await connection.execute("SELECT 1", options: options) })
        #expect(start.duration(to: .now) < .seconds(2))
        await check(error, .queryTimedOut, connection)
        await connection.close()
    }

    /// Codes of errors that have no connection, or none any more.
    private static let withoutConnection: [PostgresError.Code] = [
        .configurationInvalid, .hostNotFound, .connectFailed, .connectTimedOut, .connectRefusedByServer, .tlsFailed,
        .authenticationFailed, .authenticationMethodRefused, .passwordUnavailable, .serverNotVerified,
        .protocolViolation, .protocolVersionRefused, .connectionLost, .connectionClosed, .sessionEndedByServer,
        .commitUnknown,
    ]

    @Test func `an error that has no connection never says that it is usable`() {
        for code in Self.withoutConnection { #expect(!PostgresError(code, "no").isConnectionUsable, "\(code)") }
    }

    @Test(arguments: LiveServer.allCases)
    func `a transaction goes on after a query in a savepoint that took too long`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE kept (id int)")
        try await connection.withTransaction { transaction async throws in
            try await transaction.execute("INSERT INTO kept VALUES (1)")
            let error = await failure(of: {
                try await transaction.withSavepoint { nested in
                    let options = StreamOptions { $0.timeout = .seconds(3) }
                    try await nested.execute("SELECT pg_sleep(60)", options: options)
                }
            })
            #expect(error?.code == .queryTimedOut && error?.isConnectionUsable == true)
            try await transaction.execute("INSERT INTO kept VALUES (2)")
        }
        #expect(try await connection.query("SELECT count(*) FROM kept").only().decode(Int.self) == 2)
        await connection.close()
    }
}
