import PostgresWire

extension RowResults {
    /// Runs several statements and returns their results; see `PostgresConnection.results(of:options:)`.
    nonisolated(nonsending) static func run(
        _ query: PostgresQuery, _ options: StreamOptions, on gate: ConnectionGate,
        in scope: (any StatementScope)? = nil
    ) async throws(PostgresError) -> RowResults {
        let driver = try await gate.begin(in: scope)
        do throws(PostgresError) {
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            if let commands = scope?.pending, !commands.isEmpty {
                scope?.noteSent()
                try await driver.control(within: scope?.time) { driver throws(PostgresError) in
                    try await driver.run(commands: commands)
                }
            }
            try driver.start(.text(query, .simple))
        } catch {
            driver.session.isIdle ? gate.finish() : gate.leave()
            scope?.note(error)
            throw await gate.settled(error)
        }
        return RowResults(ResultsSource(gate: gate, driver, query, gate.completed(options), in: scope))
    }
}
