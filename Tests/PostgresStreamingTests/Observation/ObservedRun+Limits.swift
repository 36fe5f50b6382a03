import PostgresStreaming
import PostgresTestSupport

extension ObservedRun {
    private static let begun = BackendBytes().message("1").message("2").complete("BEGIN").bytes
    private static let beginning: [Step] = [
        .expect("PBEPBDES"), .send(begun + BackendBytes.answer(1...3, status: "T")),
    ]

    /// Has a server answer nothing more in every step of a transaction that has a limit, and in a call without a query.
    func passTransactionLimits() async throws {
        try await wait(for: [.expect("PDS")], { $0.controlTimeout = .milliseconds(50) }) { connection in
            await attempt { () throws(PostgresError) in _ = try await connection.describe("SELECT 1") }
        }
        let statement: [Step] = Self.beginning + [.expect("PBDES")]
        try await wait(for: statement) { connection in
            await transact(on: connection, TransactionOptions { $0.timeout = .milliseconds(50) }, statements: 2)
        }
        let commit: [Step] = Self.beginning + [.expect("PBES")]
        try await wait(for: commit, { $0.commitTimeout = .milliseconds(50) }) { connection in
            await transact(on: connection, TransactionOptions(), statements: 1)
        }
        try await wait(for: commit, { $0.cleanUpTimeout = .milliseconds(50) }) { connection in
            await transact(on: connection, TransactionOptions(), statements: 1, isUndone: true)
        }
    }

    /// Reads a stream that counts as open for long at once.
    func holdSnapshot() async throws {
        let connection = try await open()
        let options = StreamOptions { $0.longSnapshotThreshold = .zero }
        try await read(connection.query("SELECT generate_series(1, 3)", options: options))
        await connection.close()
    }

    private func wait(
        for steps: [Step], _ change: (inout PostgresConfiguration) -> Void = { _ in },
        as body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws {
        let script = [.expectStartup, .send(BackendBytes.welcomeWithoutKey)] + steps + [.expectEnd]
        try await ScriptedServer.run(script) { server in
            let connection = try await PostgresConnection.connect(observed(server.url, change))
            try await body(connection)
            await connection.close()
        }
    }

    private func transact(
        on connection: PostgresConnection, _ options: TransactionOptions, statements: Int, isUndone: Bool = false
    ) async {
        do {
            try await connection.withTransaction(options: options) { transaction in
                for _ in 1...statements { try await read(transaction.query("SELECT n FROM numbers")) }
                if isUndone { throw PostgresError(.invalidState, "it is to be undone") }
            }
        } catch {
            probe()
        }
    }
}
