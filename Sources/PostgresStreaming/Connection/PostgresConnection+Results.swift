extension PostgresConnection {
    /// Runs several statements, separated by semicolons, by the simple protocol: without parameters and with values as
    /// text. Leaving the sequence early cancels what is left of them.
    ///
    /// - Throws: as `query`; an error of a statement is thrown where its result would be.
    public nonisolated(nonsending) func results(
        of query: PostgresQuery, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowResults {
        try await RowResults.run(query, options, on: gate)
    }
}
