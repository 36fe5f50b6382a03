/// What can run a query: a connection, a transaction, a pool of connections.
///
/// Write functions that only run queries against this, and they work with all of them:
///
/// ```swift
/// nonisolated(nonsending) func addCustomer(
///     _ name: String, to database: some PostgresQuerying
/// ) async throws(PostgresError) {
///     try await database.execute("INSERT INTO customer (name) VALUES (\(name))")
/// }
/// ```
///
/// A type of your own, such as a repository, keeps one as `any PostgresQuerying`.
public protocol PostgresQuerying {
    /// Runs a query and returns its rows as a stream; see `PostgresConnection.query(_:mode:options:)`.
    nonisolated(nonsending) func query(
        _ query: PostgresQuery, mode: QueryMode, options: StreamOptions
    ) async throws(PostgresError) -> RowStream
}

extension PostgresQuerying {
    /// Runs a query and returns its rows as a stream; see `PostgresConnection.query(_:mode:options:)`.
    @_disfavoredOverload
    public nonisolated(nonsending) func query(_ query: PostgresQuery) async throws(PostgresError) -> RowStream {
        try await self.query(query, mode: .extended, options: StreamOptions())
    }

    /// Runs a query and returns its rows as a stream; see `PostgresConnection.query(_:mode:options:)`.
    @_disfavoredOverload
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, options: StreamOptions
    ) async throws(PostgresError) -> RowStream {
        try await self.query(query, mode: .extended, options: options)
    }

    /// Runs a statement to its end and returns what the server said about it: the command, and the rows that it
    /// returned or touched. Rows, if there are any, are dropped; nil for a query string without a command.
    ///
    /// In `simple` mode the string may hold several statements, such as a file of a schema; the last of them counts.
    ///
    /// - Throws: as `query`.
    @discardableResult
    public nonisolated(nonsending) func execute(
        _ query: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresCommandTag? {
        try await self.query(query, mode: mode, options: options.ignoringRows).finish()
    }
}

extension RowStream {
    /// Reads past all rows to the end, and returns what the server said about the command.
    @inline(__always)
    nonisolated(nonsending) func finish() async throws(PostgresError) -> PostgresCommandTag? {
        var chunks = self.chunks.makeAsyncIterator()
        while try await chunks.next(isolation: #isolation) != nil {}
        return commandTag
    }
}
