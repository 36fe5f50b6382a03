import PostgresStreaming
import Testing

/// What another session sees of one: the tests ask the server itself.
struct Backend: Hashable, Sendable {
    /// `active`, `idle`, `idle in transaction` …; nil where the session is gone.
    var state: String?
    /// What it waits for, such as `ClientWrite`.
    var waitEvent: String?
}

extension PostgresConnection {
    /// The process ID of this connection's own backend.
    nonisolated(nonsending) func processID() async throws -> Int {
        try #require(try await query("SELECT pg_backend_pid()").first()?.decode(Int.self))
    }

    /// Looks at another session.
    nonisolated(nonsending) func backend(_ processID: Int) async throws -> Backend {
        let row = try await query(
            "SELECT state, wait_event FROM pg_stat_activity WHERE pid = \(Int32(processID))"
        ).first()
        guard let row else { return Backend() }
        let (state, waitEvent) = try row.decode((String?, String?).self)
        return Backend(state: state, waitEvent: waitEvent)
    }

    /// Waits on the server until another session is as `condition` wants it; at most ten seconds.
    @discardableResult
    nonisolated(nonsending) func expectBackend(
        _ processID: Int, sourceLocation: SourceLocation = #_sourceLocation, _ condition: (Backend) -> Bool
    ) async throws -> Backend {
        var last = Backend()
        for _ in 1...500 {
            last = try await backend(processID)
            if condition(last) { return last }
            try await execute("SELECT pg_sleep(0.02)")
        }
        Issue.record("the backend stays \(last)", sourceLocation: sourceLocation)
        return last
    }

    /// Waits on the server until another session runs nothing.
    nonisolated(nonsending) func expectIdle(
        _ processID: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expectBackend(processID, sourceLocation: sourceLocation) { $0.state == "idle" }
    }

    /// Expects that this connection answers, and with its own answer.
    nonisolated(nonsending) func expectUsable(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let number = Int.random(in: 0...1_000_000)
        let answer = try await query("SELECT \(number)").first()?.decode(Int.self)
        #expect(answer == number, sourceLocation: sourceLocation)
    }
}

/// Reads a stream of numbers to its end and returns how many there were and their sum.
nonisolated(nonsending) func total(_ rows: RowStream) async throws(PostgresError) -> (count: Int, sum: Int) {
    var (count, sum) = (0, 0)
    for try await number in rows.decode(Int.self) {
        count += 1
        sum += number
    }
    return (count, sum)
}
