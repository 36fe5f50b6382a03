import PostgresStreaming

/// What the scenarios have in common.
enum Scenario {
    /// The server of the world.
    static let configuration = try? PostgresConfiguration(
        connectionString: "postgres://app@127.0.0.1/app?sslmode=disable")

    /// Lets so much time pass for the running task, or less where it is cancelled.
    nonisolated(nonsending) static func pass(milliseconds: Int) async {
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }

    /// A statement with rows, the numbers from 1; the server takes its time in the middle of some.
    static func rows(_ count: Int, stalls: Bool) -> PostgresQuery {
        PostgresQuery(unsafeSQL: stalls ? "SELECT rows \(count) stall \(count / 2)" : "SELECT rows \(count)")
    }

    /// Reads up to so many rows, which have to come in order and be as many as they should.
    nonisolated(nonsending) static func read(
        _ stream: RowStream, of count: Int, upTo limit: Int, _ ledger: Ledger
    ) async throws(PostgresError) {
        var last = 0
        var rows = stream.makeAsyncIterator()
        while last < limit, let row = try await rows.next(isolation: nil) {
            let number = try row.decode(Int.self)
            if number != last + 1 { ledger.fail("row \(number) came after row \(last)") }
            last = number
        }
        if last < min(limit, count) { ledger.fail("a result of \(count) rows ended after \(last)") }
    }

    /// Whether a call that failed so has failed as it may, where no server does anything wrong.
    static func isExpected(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        switch error.code {
        case .cancelled, .poolTimedOut, .poolClosed, .poolQueueFull, .pauseTimedOut, .leaseNested: return true
        default: return error.sqlState == .undefinedTable
        }
    }
}
