import PostgresWire

/// How a query's answer begins.
enum QueryBeginning {
    /// Rows with these columns follow, the first of them as the event that came already.
    case rows(ColumnLayout, first: SessionEvent?)
    /// The query is over and had no rows.
    case ended(CommandTag?)
}

extension ConnectionDriver {
    /// Returns what is to be run, with all that is known of the statement.
    func known(_ request: StatementRequest) throws(PostgresError) -> StatementRequest {
        guard case .text(let query, .extended) = request else { return request }
        if let failure = query.failure { throw failure }
        let key = KnownStatement.Key(sql: query.sql, types: query.parameters.types)
        return .kept(statements.use(key), query.parameters)
    }

    /// Puts a query into words, behind commands to run first; nothing of it is said if it cannot be said whole.
    func start(
        _ request: StatementRequest, behind commands: [String] = [], asksForID: Bool = false
    ) throws(PostgresError) {
        hasLeftTransaction = hasLeftTransaction && session.transactionStatus == .failed
        running = nil
        remedy = nil
        switch try known(request) {
        case .text(let query, _): try startSimple(query)
        case .kept(let statement, let parameters):
            try say { driver throws(FrontendMessageError) in
                try driver.start(statement, parameters, behind: commands, asksForID: asksForID)
            }
        }
    }

    private func say(_ message: (ConnectionDriver) throws(FrontendMessageError) -> Void) throws(PostgresError) {
        do throws(FrontendMessageError) { try message(self) } catch { throw PostgresError(error) }
    }

    func startSimple(_ query: PostgresQuery) throws(PostgresError) {
        if let failure = query.failure { throw failure }
        guard query.parameterCount == 0 else {
            throw PostgresError(
                .unsupported, "the simple protocol carries no parameters",
                hint: "Use the default mode; values are never spliced into SQL here.")
        }
        // Scripts may set anything, and only their tags are told.
        statements.searchPath.noteUnknown()
        try say { driver throws(FrontendMessageError) in try driver.session.startSimpleQuery(query.sql) }
    }

    /// Reads to the first description of rows, or to the end of a query that has none.
    ///
    /// A query without rows is waited for, because dropping its stream would cancel what was meant to be done.
    nonisolated(nonsending) func readBeginning(_ mode: QueryMode) async throws(PostgresError) -> QueryBeginning {
        var tag: CommandTag?
        var failure: PostgresError?
        var doubtful: ColumnLayout?
        while true {
            let event = try await advance()
            switch event {
            case .columns(let columns) where failure == nil:
                let layout = describedLayout ?? ColumnLayout(columns)
                // Whether there is a binary form of everything shows with the first row.
                guard let running, !running.doubtfulColumns.isEmpty else { return .rows(layout, first: nil) }
                doubtful = layout
            case .bound:
                // The columns of a statement that is prepared are known; what could still be wrong with it is not.
                if let layout = describedLayout { return .rows(layout, first: nil) }
            case .rows, .completed:
                if let doubtful {
                    running?.noteProven()
                    return .rows(doubtful, first: event)
                }
                if case .completed(let completed) = event { tag = completed }
            case .copyRefused:
                // Not to the end: the data of a COPY may be endless.
                guard mode == .simple else { throw .copyRefused }
                failure = failure ?? .copyRefused
            case .failed(let fields, _):
                failure = failure ?? statementError(fields)
            case .ready:
                if let failure { throw failure }
                return .ended(tag)
            default: break
            }
        }
    }

    /// The columns of the running statement, as far as they are known.
    private var describedLayout: ColumnLayout? {
        if case .rows(let layout)? = running?.statement.result { layout } else { nil }
    }
}
