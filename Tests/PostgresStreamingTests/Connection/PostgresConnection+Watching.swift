import PostgresStreaming
import Testing

extension PostgresConnection {
    /// Waits on the server until a query of this application runs `pg_sleep`, or until none does; at most five seconds.
    nonisolated(nonsending) func expectSleeper(
        _ application: String, running: Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 1...100 {
            if try await isSleeping(application) == running { return }
            try await execute("SELECT pg_sleep(0.05)")
        }
        Issue.record("\(application) is\(running ? " not" : "") running", sourceLocation: sourceLocation)
    }

    private nonisolated(nonsending) func isSleeping(_ application: String) async throws -> Bool {
        let row = try await query(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE application_name = \(application) AND wait_event = 'PgSleep' AND state = 'active'
            """
        ).first()
        return try row?.decode(Int.self) ?? 0 > 0
    }
}
