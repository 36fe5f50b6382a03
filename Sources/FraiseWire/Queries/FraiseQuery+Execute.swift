public import PostgresStreaming

extension FraiseQuery {
    /// Sends the query and returns its documents as a stream.
    ///
    /// Returns when the server has described the result. On a connection that ran the query before, this and the first
    /// documents cost one round trip.
    ///
    /// - Throws: `queryInvalid`, as `sql()`; `schemaInvalid` where the result is not one column of type `json` or `jsonb`;
    ///   `server` with the server's words; what getting a connection meets, see `PostgresClient.withConnection(_:)`.
    public nonisolated(nonsending) func execute() async throws(PostgresError) -> FraiseStream<Document> {
        let rows = try await client.rows(of: sql(), streamOptions)
        guard rows.columns.count == 1, let type = rows.columns.first?.type, type == .json || type == .jsonb else {
            let columns = rows.columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
            throw PostgresError(
                .schemaInvalid, "cannot read documents out of \(name): its column is \(columns)",
                hint: "A document is one column of type json or jsonb; documentColumn says which.")
        }
        return FraiseStream(rows, of: self)
    }

    private var name: String { entity.names.joined(separator: ".") }

    private var streamOptions: StreamOptions {
        var options = options
        if options.name == nil { options.name = name }
        options.traits.hasWhereSQL = QueryTrait(!conditions.isEmpty)
        options.traits.hasWherePredicate = QueryTrait(!predicates.isEmpty)
        options.traits.hasOrderBy = QueryTrait(!orders.isEmpty)
        return options
    }
}
