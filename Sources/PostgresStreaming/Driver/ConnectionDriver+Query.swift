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
        guard case .text(let query, let mode) = request, mode != .simple else { return request }
        if let failure = query.failure { throw failure }
        return .kept(statements.use(query), query.parameters)
    }

    /// Puts a query into words, after commands to run first; nothing of it is said if it cannot be said whole.
    func start(
        _ request: StatementRequest, after commands: [String] = [], by execution: PortalExecution? = nil,
        asksForID: Bool = false
    ) throws(PostgresError) {
        runner.hasLeftTransaction = runner.hasLeftTransaction && session.transactionStatus == .failed
        switch try known(request) {
        case .text(let query, _): try startSimple(query)
        case .kept(let statement, let parameters):
            try start(statement, parameters, after: commands, by: execution, asksForID: asksForID)
        }
    }

    /// Says what runs a statement: its parameters, and before them whatever the server has not got yet.
    ///
    /// - Parameters:
    ///   - commands: what to run first in the same flight, such as BEGIN. Where one of them fails the statement is not run.
    ///   - execution: the portal that runs it; nil for the unnamed one, without a limit.
    ///   - asksForID: whether the transaction's number is asked for afterwards, where the statement says that it writes.
    private func start(
        _ statement: KnownStatement, _ parameters: BoundParameters, after commands: [String],
        by execution: PortalExecution?, asksForID: Bool
    ) throws(PostgresError) {
        if commands.isEmpty, execution == nil, !asksForID || !statement.saysThatItWrites,
            try startAlone(statement, parameters)
        {
            return
        }
        let forgotten = statements.takeForgottenNames()
        var flight = runner.flight(closing: forgotten, after: commands)
        runner.add(statement, parameters, to: &flight, by: execution)
        let question = asksForID && statement.saysThatItWrites ? runner.addQuestionForID(to: &flight) : nil
        try say(
            flight, running: RunningStatement(statement, after: commands.count, askingAfterwards: question),
            closing: forgotten)
    }

    /// As `start`, for a statement that the server has and that nothing else goes with; false where that is not so.
    private func startAlone(
        _ statement: KnownStatement, _ parameters: BoundParameters
    ) throws(PostgresError) -> Bool {
        runner.checkGeneration(of: statement)
        guard statement.isPrepared, statements.hasNothingToForget, runner.portalsToClose.isEmpty,
            statement.expectedResult != .unknown
        else {
            return false
        }
        do throws(FrontendMessageError) {
            try session.start(
                runOf: statement.name, parameters, resultFormats: statement.resultFormats,
                result: statement.expectedResult)
        } catch {
            runner.begin()
            throw PostgresError(error)
        }
        runner.begin(RunningStatement(statement, after: 0))
        return true
    }

    /// Has the values of one column of a statement come in pieces, when it runs.
    ///
    /// - Throws: `columnMismatch` for a column that it does not return.
    func frameValues(of column: String, in statement: KnownStatement) throws(PostgresError) {
        let layout = if case .rows(let layout) = statement.result { layout } else { ColumnLayout([]) }
        channel.frameValues(ofColumn: try layout.index(named: column))
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
        runner.begin()
        do throws(FrontendMessageError) { try session.startSimpleQuery(query.sql) } catch { throw PostgresError(error) }
    }

    /// Reads to the first description of rows, or to the end of a query that has none.
    ///
    /// A query without rows is waited for, because dropping its stream would cancel what was meant to be done.
    nonisolated(nonsending) func readBeginning(_ mode: QueryMode) async throws(PostgresError) -> QueryBeginning {
        var tag: CommandTag?
        var doubtful: ColumnLayout?
        let beginning = try await answer { [self] event throws(PostgresError) -> QueryBeginning? in
            switch event {
            case .columns(let columns):
                let layout = describedLayout ?? ColumnLayout(columns)
                // Whether there is a binary form of everything shows with the first row.
                guard let running = runner.running, !running.doubtfulColumns.isEmpty else {
                    return .rows(layout, first: nil)
                }
                doubtful = layout
            case .bound:
                // The columns of a statement that is prepared are known; what could still be wrong with it is not.
                if let layout = describedLayout { return .rows(layout, first: nil) }
            case .rows, .part, .completed:
                if let doubtful {
                    runner.noteProven()
                    return .rows(doubtful, first: event)
                }
                if case .completed(let completed) = event { tag = completed }
            case .copyRefused where mode != .simple:
                // Not to the end: the data of a COPY may be endless.
                throw .copyRefused
            default: break
            }
            return nil
        }
        return beginning ?? .ended(tag)
    }

    /// The columns of the running statement, as far as they are known.
    private var describedLayout: ColumnLayout? {
        if case .rows(let layout)? = runner.running?.statement.result { layout } else { nil }
    }
}
