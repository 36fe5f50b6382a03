import PostgresWire

/// What is to be run.
enum StatementRequest {
    case text(PostgresQuery, QueryMode)
    /// A statement that is kept by itself, and its parameters.
    case kept(KnownStatement, BoundParameters)

    var mode: QueryMode {
        if case .text(_, let mode) = self { mode } else { .extended }
    }

    /// Whether the types of the parameters are the server's to say, or were.
    var hasInferredTypes: Bool {
        guard case .kept(let statement, _) = self else { return false }
        return statement.isToBeTyped || statement.inferredTypes != nil
    }

    var sql: String {
        switch self {
        case .text(let query, _): query.sql
        case .kept(let statement, _): statement.key.sql
        }
    }
}
