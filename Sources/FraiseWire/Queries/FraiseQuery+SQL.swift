public import PostgresStreaming

extension FraiseQuery {
    /// The query as it is sent.
    ///
    /// - Throws: `queryInvalid` for a negative limit or offset, a continuation that does not fit the order, or a name or
    ///   value that cannot be sent.
    public func sql() throws(PostgresError) -> PostgresQuery {
        if let limit, limit < 0 { throw Self.invalid("limit is negative") }
        if let offset, offset < 0 { throw Self.invalid("offset is negative") }
        if let continuation, continuation.count != orders.count {
            throw Self.invalid(
                "startingAfter has \(continuation.count) values for an order of \(orders.count) fields")
        }
        let context = FraiseContext(document: "\(PostgresIdentifier(documentColumn))", entity: "\(entity)")
        var query: PostgresQuery = "SELECT \(selected(context)) AS \"data\" FROM \(entity)"
        var conditions = conditions.map { $0.sql(context) }
        if let continuation, !orders.isEmpty {
            conditions.append(FraiseContinuation.condition(continuation, orders, context))
        }
        if !conditions.isEmpty { query.append(" WHERE \(conditions.joined(separator: " AND "))") }
        if !orders.isEmpty { query.append(" ORDER BY \(orders.map { $0.sql(context) }.joined())") }
        if let limit { query.append(" LIMIT \(limit)") }
        if let offset { query.append(" OFFSET \(offset)") }
        guard !query.sql.utf8.contains(0) else { throw Self.invalid("a name holds a NUL") }
        return query
    }

    /// The query's SQL, and its parameters' number; nothing is sent.
    ///
    /// - Throws: as `sql()`.
    public func explain() throws(PostgresError) -> FraiseExplanation {
        FraiseExplanation(try sql(), predicateCount: predicates.count)
    }

    private func selected(_ context: FraiseContext) -> PostgresQuery {
        if let projection { return "(\(projection))" }
        guard let fields else { return context.document }
        let members = fields.map { name in
            let literal = PostgresQuery(unsafeSQL: SQLLiteral(name).text)
            return "\(literal), \(context.document)->\(literal)" as PostgresQuery
        }
        return "jsonb_build_object(\(members.joined()))"
    }

    private static func invalid(_ problem: String) -> PostgresError {
        PostgresError(.queryInvalid, "cannot send the query: \(problem)")
    }
}

/// What a query says to the server.
public struct FraiseExplanation: Sendable, CustomStringConvertible {
    /// The SQL, with `$1`, `$2` and so on where the parameters stand.
    public let sql: String
    /// The parameters' values as text, in their order, for eyes that may see them: they are not in the description.
    public let parameters: [String]
    /// The conditions in Swift that look at what the server sends.
    public let predicateCount: Int

    init(_ query: PostgresQuery, predicateCount: Int) {
        sql = query.sql
        parameters = query.parameterTexts
        self.predicateCount = predicateCount
    }

    /// The SQL, and how many parameters and predicates there are.
    public var description: String {
        "\(sql) -- \(parameters.count) parameters" + (predicateCount > 0 ? ", \(predicateCount) filters in Swift" : "")
    }
}
