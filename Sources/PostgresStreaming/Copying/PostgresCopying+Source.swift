extension PostgresCopying {
    /// Runs a COPY of a table or of a query's result to the client, and returns its data as a stream.
    ///
    /// ```swift
    /// let data = try await connection.copyOut(from: .table("orders"), as: .csv)
    /// ```
    ///
    /// - Parameters:
    ///   - source: what is copied.
    ///   - format: how the data is written. `copyRows` decodes rows.
    ///   - options: limits of memory and time, and the stream's name.
    /// - Throws: `queryInvalid` for options that the server would refuse, and for a query with parameters; otherwise as
    ///   `copyOut` of a statement.
    public nonisolated(nonsending) func copyOut(
        from source: PostgresCopySource, as format: PostgresCopyFormat = .text,
        options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresCopyStream {
        let sql = try source.statement(as: format)
        var stream = try await copyOut("\(unsafeSQL: sql)", mode: .extended, options: options)
        stream.hasHeader = format.hasHeader
        return stream
    }
}

extension PostgresConnection {
    /// Runs a COPY in the binary format and returns its tuples as a stream of rows: a table or a long result at the least cost
    /// to the server, which plans nothing for a table and encodes no row descriptions.
    ///
    /// ```swift
    /// for try await (id, name) in try await connection.copyRows(from: .table("orders")).decode((Int, String).self) {
    ///     print(id, name)
    /// }
    /// ```
    ///
    /// The columns are asked for first, in a round trip of their own. A column of a type without a binary form fails it with
    /// 42883; select such a column as text.
    ///
    /// - Parameters:
    ///   - source: what is copied.
    ///   - options: as for a query.
    /// - Throws: as `copyOut`; `columnMismatch` for a column that the table does not have.
    public nonisolated(nonsending) func copyRows(
        from source: PostgresCopySource, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        let columns = try await source.columns(on: gate, in: nil)
        return try await source.rows(of: columns, options, on: gate, in: nil)
    }
}

extension PostgresTransaction {
    /// Runs a COPY in the transaction and returns its tuples as rows; see `PostgresConnection.copyRows(from:options:)`.
    ///
    /// - Throws: as the connection's own; `transactionEnded` if a statement has ended the transaction.
    public nonisolated(nonsending) func copyRows(
        from source: PostgresCopySource, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        let columns = try await source.columns(on: scope.gate, in: scope)
        return try await source.rows(of: columns, options, on: scope.gate, in: scope)
    }
}

extension PostgresClient {
    /// Lends a connection for a COPY whose tuples are rows; see `PostgresConnection.copyRows(from:options:)`. It goes back
    /// when the stream ends, is left, dropped or cancelled.
    ///
    /// - Throws: as `query`, and as the connection's own.
    public nonisolated(nonsending) func copyRows(
        from source: PostgresCopySource, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        let (connection, home) = try await pool.lend(label: options.name, timeout: nil, isForStream: true)
        let columns: ColumnLayout
        do throws(PostgresError) {
            columns = try await source.columns(on: connection.gate, in: nil)
        } catch {
            home.takeBack(connection.gate.revoke())
            throw error
        }
        connection.gate.endsWithNextVerb(home)
        do throws(PostgresError) {
            return try await source.rows(of: columns, options, on: connection.gate, in: nil)
        } catch {
            connection.gate.goBack()
            throw error
        }
    }
}
