import PostgresWire

extension PostgresConnection {
    /// Asks the server what a statement takes and returns, without running it.
    ///
    /// - Throws: as `query`, the server's errors included; `queryTimedOut` after the configuration's `controlTimeout`.
    public nonisolated(nonsending) func describe(
        _ query: PostgresQuery
    ) async throws(PostgresError) -> StatementDescription {
        if let failure = query.failure { throw failure }
        return try await StatementDescription.of(query, on: gate)
    }

    /// Prepares a statement for parameters of these types; they stand in the SQL as `$1`, `$2` and so on.
    ///
    /// ```swift
    /// let find = try await connection.prepare("SELECT name FROM customer WHERE region = $1", parameters: String.self)
    /// for try await name in try await find.query("north").decode(String.self) { print(name) }
    /// ```
    ///
    /// The server infers the parameters' types, and each value is written as the type that the server named.
    ///
    /// - Throws: as `query`; `queryTimedOut` after the configuration's `controlTimeout`; `parameterInvalid` for another
    ///   number of parameters; `unsupported` behind a transaction pooler.
    public nonisolated(nonsending) func prepare<each Parameter: PostgresEncodable>(
        _ query: PostgresQuery, parameters: (repeat each Parameter).Type
    ) async throws(PostgresError) -> PreparedStatement<RowStream, repeat each Parameter> {
        try await PreparedStatement(gate, query)
    }

    /// Prepares a statement for parameters of these types, and checks that its rows can be decoded into these.
    ///
    /// - Throws: as `prepare(_:parameters:)`; `columnMismatch` or `typeMismatch` where the statement's columns are others.
    public nonisolated(nonsending) func prepare<each Parameter: PostgresEncodable, each Value: PostgresDecodable>(
        _ query: PostgresQuery, parameters: (repeat each Parameter).Type, rows: (repeat each Value).Type
    ) async throws(PostgresError) -> PreparedStatement<
        DecodedTuples<Columns<repeat each Value>>, repeat each Parameter
    > {
        try await PreparedStatement(gate, query)
    }
}
