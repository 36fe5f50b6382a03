import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Takes in what the server says by itself. Returns after one read, at `end`, or when the socket's cell is signalled.
    ///
    /// - Throws: the connection's failure; `cancelled`.
    nonisolated(nonsending) func hear(until end: MonotonicTime) async throws(PostgresError) {
        do throws(PostgresError) {
            try await within(until: end) { driver throws(PostgresError) in
                if try !driver.readOnce() { try await driver.waitForServer() }
            }
        } catch {
            guard error.code == .queryTimedOut else { throw error }
        }
        try takeUnasked()
        if let failure { throw failure }
        if channel.hasReadLong { await Task.yield() }
    }

    /// Runs commands in one transaction, and returns the process ID of the session that they ran in.
    nonisolated(nonsending) func runInOneSession(_ commands: [String]) async throws(PostgresError) -> String? {
        try takeUnasked()
        var flight = ExtendedFlight()
        for command in commands { flight.run(command: command) }
        flight.parse("SELECT pg_catalog.pg_backend_pid()")
        flight.run(BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 1))
        try say(flight)
        return try await readText()
    }
}
