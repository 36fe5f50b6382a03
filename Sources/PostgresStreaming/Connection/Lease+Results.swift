import PostgresWire

extension Lease {
    /// Runs several statements and returns their results; see `PostgresConnection.results(of:options:)`.
    nonisolated(nonsending) func results(
        of query: PostgresQuery, _ options: StreamOptions, in scope: TransactionScope? = nil
    ) async throws(PostgresError) -> RowResults {
        let driver = try await begin(in: scope)
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
            driver.session.isIdle ? finish() : leave()
            scope?.note(error)
            throw await settled(error)
        }
        return RowResults(ResultsSource(lease: self, driver, query, completed(options), in: scope))
    }
}
