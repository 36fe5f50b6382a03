extension PostgresTransaction {
    /// Runs several statements in the transaction; see `PostgresConnection.results(of:options:)`.
    ///
    /// - Throws: as `query`; an error of a statement is thrown where its result would be.
    public nonisolated(nonsending) func results(
        of query: PostgresQuery, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowResults {
        try await RowResults.run(query, options, on: scope.gate, in: scope)
    }
}
