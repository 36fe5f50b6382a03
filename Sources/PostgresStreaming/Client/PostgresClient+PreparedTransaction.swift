extension PostgresClient {
    /// Lends a connection, runs `body` as a transaction on it and prepares that under an identifier; see
    /// `PostgresConnection.prepareTransaction(as:isolation:options:_:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    @discardableResult
    public nonisolated(nonsending) func prepareTransaction<Result, Failure: Error>(
        as id: String, isolation: TransactionOptions.Isolation? = nil,
        options: TransactionOptions = TransactionOptions(),
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection { connection in
            try await connection.prepareTransaction(as: id, isolation: isolation, options: options, body)
        }
    }

    /// Lends a connection and commits a prepared transaction on it; see `PostgresConnection.commitPrepared(_:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    public nonisolated(nonsending) func commitPrepared(_ id: String) async throws(PostgresError) {
        let (connection, home) = try await pool.lend(label: nil, timeout: nil)
        defer { home.takeBack(connection.gate.revoke()) }
        try await connection.commitPrepared(id)
    }

    /// Lends a connection and rolls a prepared transaction back on it; see `PostgresConnection.rollbackPrepared(_:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    public nonisolated(nonsending) func rollbackPrepared(_ id: String) async throws(PostgresError) {
        let (connection, home) = try await pool.lend(label: nil, timeout: nil)
        defer { home.takeBack(connection.gate.revoke()) }
        try await connection.rollbackPrepared(id)
    }
}
