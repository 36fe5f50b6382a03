/// What can run a COPY: a connection, a transaction, a pool of connections.
public protocol PostgresCopying: PostgresQuerying {
    /// Runs a COPY to the client; see `PostgresConnection.copyOut(_:mode:options:)`.
    nonisolated(nonsending) func copyOut(
        _ statement: PostgresQuery, mode: QueryMode, options: StreamOptions
    ) async throws(PostgresError) -> PostgresCopyStream

    /// Runs a COPY and returns its tuples as rows; see `PostgresConnection.copyRows(from:options:)`.
    nonisolated(nonsending) func copyRows(
        from source: PostgresCopySource, options: StreamOptions
    ) async throws(PostgresError) -> RowStream

    /// Runs a COPY from the client; see `PostgresConnection.copyIn(_:mode:options:_:)`.
    nonisolated(nonsending) func copyIn<Failure: Error>(
        _ statement: PostgresQuery, mode: QueryMode, options: PostgresCopyInput,
        _ body: nonisolated(nonsending) (PostgresCopyDataWriter) async throws(Failure) -> Void
    ) async throws -> PostgresCopyResult
}

extension PostgresConnection: PostgresCopying {
    /// Runs a COPY to the client and returns its data as a stream, in the format that the statement says.
    ///
    /// ```swift
    /// let data = try await connection.copyOut("COPY orders TO STDOUT (FORMAT csv, HEADER)")
    /// for try await chunk in data { print(chunk.byteCount) }
    /// ```
    ///
    /// Returns when the server has said that data follows. The connection is busy until the stream has ended or is left.
    ///
    /// - Parameters:
    ///   - statement: `COPY … TO STDOUT`; insert names as `\(PostgresIdentifier(…))`, because COPY has no parameters.
    ///   - mode: the protocol that carries the statement.
    ///   - options: limits of memory and time, and the stream's name. `chunkSize` counts rows.
    /// - Throws: `queryInvalid` for another statement, `unsupported` for parameters; otherwise as `query`.
    public nonisolated(nonsending) func copyOut(
        _ statement: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresCopyStream {
        PostgresCopyStream(try await CopyStatement(statement, mode, .toClient).run(options, on: gate))
    }

    /// Runs a COPY from the client: `body` sends its data, in the format that the statement says.
    ///
    /// ```swift
    /// try await connection.copyIn("COPY orders (id, name) FROM STDIN (FORMAT csv)") { writer in
    ///     try await writer.write("1,first\n")
    ///     try await writer.write("2,second\n")
    /// }
    /// ```
    ///
    /// All rows take effect when `body` has returned, or none: where it throws, the server is told to give the COPY up, and
    /// the connection goes on. Data is gathered, and sent while the server's words are read, so `write` throws an error of the
    /// server soon after the row that is wrong. A COPY from a file or program of the server runs without data from here: `body`
    /// is not called.
    ///
    /// - Parameters:
    ///   - statement: `COPY … FROM STDIN`; insert names as `\(PostgresIdentifier(…))`, because COPY has no parameters.
    ///   - mode: the protocol that carries the statement.
    ///   - options: limits, and the name in metrics.
    ///   - body: what sends the data.
    /// - Throws: what `body` throws; `server` for data that the server refuses, with the line and column that it names;
    ///   `commitUnknown` where the connection is lost after all data was sent, and no transaction block is open;
    ///   `queryInvalid` for another statement, `unsupported` for parameters; the connection's failure, `cancelled`,
    ///   `queryTimedOut`.
    @discardableResult
    public nonisolated(nonsending) func copyIn<Failure: Error>(
        _ statement: PostgresQuery, mode: QueryMode = .extended, options: PostgresCopyInput = PostgresCopyInput(),
        _ body: nonisolated(nonsending) (PostgresCopyDataWriter) async throws(Failure) -> Void
    ) async throws -> PostgresCopyResult {
        let copy = try CopyStatement(statement, mode, .fromClient)
        return try await CopyInRun.run(copy, options, on: gate) { run async throws(Failure) in
            try await body(PostgresCopyDataWriter(run))
        }
    }
}

extension PostgresTransaction: PostgresCopying {
    /// Runs a COPY to the client in the transaction; see `PostgresConnection.copyOut(_:mode:options:)`.
    ///
    /// - Throws: as the connection's own; `transactionEnded` if a statement has ended the transaction.
    public nonisolated(nonsending) func copyOut(
        _ statement: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresCopyStream {
        PostgresCopyStream(
            try await CopyStatement(statement, mode, .toClient).run(options, on: scope.gate, in: scope))
    }

    /// Runs a COPY from the client in the transaction; see `PostgresConnection.copyIn(_:mode:options:_:)`. Where it fails,
    /// so does the transaction; what comes after it needs a savepoint around it.
    ///
    /// - Throws: as the connection's own; `transactionEnded` if a statement has ended the transaction.
    @discardableResult
    public nonisolated(nonsending) func copyIn<Failure: Error>(
        _ statement: PostgresQuery, mode: QueryMode = .extended, options: PostgresCopyInput = PostgresCopyInput(),
        _ body: nonisolated(nonsending) (PostgresCopyDataWriter) async throws(Failure) -> Void
    ) async throws -> PostgresCopyResult {
        let copy = try CopyStatement(statement, mode, .fromClient)
        return try await CopyInRun.run(copy, options, on: scope.gate, in: scope) { run async throws(Failure) in
            try await body(PostgresCopyDataWriter(run))
        }
    }
}

extension PostgresClient: PostgresCopying {
    /// Lends a connection for a COPY to the client; see `PostgresConnection.copyOut(_:mode:options:)`. It goes back when the
    /// stream ends, is left, dropped or cancelled.
    ///
    /// - Throws: as `query`, and as the connection's own.
    public nonisolated(nonsending) func copyOut(
        _ statement: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresCopyStream {
        let copy = try CopyStatement(statement, mode, .toClient)
        let (connection, home) = try await pool.lend(label: options.name, timeout: nil, isForStream: true)
        connection.gate.endsWithNextVerb(home)
        do throws(PostgresError) {
            return PostgresCopyStream(try await copy.run(options, on: connection.gate))
        } catch {
            connection.gate.goBack()
            throw error
        }
    }

    /// Lends a connection for a COPY from the client; see `PostgresConnection.copyIn(_:mode:options:_:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the connection's own.
    @discardableResult
    public nonisolated(nonsending) func copyIn<Failure: Error>(
        _ statement: PostgresQuery, mode: QueryMode = .extended, options: PostgresCopyInput = PostgresCopyInput(),
        _ body: nonisolated(nonsending) (PostgresCopyDataWriter) async throws(Failure) -> Void
    ) async throws -> PostgresCopyResult {
        try await withConnection { connection in
            try await connection.copyIn(statement, mode: mode, options: options, body)
        }
    }
}
