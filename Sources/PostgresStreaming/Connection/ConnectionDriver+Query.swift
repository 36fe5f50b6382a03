import PostgresWire

/// How a query's answer begins.
enum QueryBeginning {
    /// Rows with these columns follow.
    case rows([ColumnDescription])
    /// The query is over and had no rows.
    case ended(CommandTag?)
}

extension ConnectionDriver {
    /// Puts a query into words; nothing of it is said if it cannot be said whole.
    func start(_ query: PostgresQuery, mode: QueryMode) throws(PostgresError) {
        if let failure = query.failure { throw failure }
        hasLeftTransaction = hasLeftTransaction && session.transactionStatus == .failed
        do throws(FrontendMessageError) {
            switch mode {
            case .socket:
                try session.startExtendedQuery(query.sql, parameters: query.parameters)
            case .simple:
                guard query.parameterCount == 0 else { throw FrontendMessageError.tooManyParameters }
                try session.startSimpleQuery(query.sql)
            }
        } catch {
            guard mode == .socket || error != .tooManyParameters else {
                throw PostgresError(
                    .unsupported, "the simple protocol carries no parameters",
                    hint: "Use the default mode; values are never spliced into SQL here.")
            }
            throw PostgresError(error)
        }
    }

    /// Reads to the first description of rows, or to the end of a query that has none.
    ///
    /// A query without rows is waited for, because dropping its stream would cancel what was meant to be done.
    nonisolated(nonsending) func readBeginning(_ mode: QueryMode) async throws(PostgresError) -> QueryBeginning {
        var tag: CommandTag?
        var failure: PostgresError?
        while true {
            switch try await advance() {
            case .columns(let columns) where failure == nil: return .rows(columns)
            case .completed(let completed): tag = completed
            case .copyRefused:
                // Not to the end: the data of a COPY may be endless.
                guard mode == .simple else { throw .copyRefused }
                failure = failure ?? .copyRefused
            case .failed(let fields, _):
                failure = failure ?? PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
            case .ready:
                if let failure { throw failure }
                return .ended(tag)
            default: break
            }
        }
    }
}
