/// Statements that are sent one after the other without waiting for the answers in between; see
/// `PostgresConnection.withPipeline(_:options:_:)`.
///
/// A statement is queued by `query` or `execute`, which hand back a result to be awaited later. Statements run on the server
/// in the order in which they were queued. Results may be awaited in any order: what comes earlier is kept meanwhile, up to
/// `PipelineOptions.receivedBytesMax`. A result that is dropped is read past.
///
/// Sending and reading go on together wherever one of the calls waits, so no amount of statements or results brings the two
/// sides to wait for each other.
public final class PostgresPipeline {
    let run: PipelineRun

    init(_ run: PipelineRun) { self.run = run }

    /// Queues a query whose rows are wanted.
    ///
    /// Returns without waiting, unless more is queued than the server takes at present.
    ///
    /// - Throws: `queryInvalid` and `parameterInvalid` for what cannot be sent; `unsupported` for COPY and LISTEN;
    ///   `memoryLimitExceeded` beyond the pipeline's limits; the connection's failure; `cancelled`; `queryTimedOut`.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PipelinedRows {
        let statement = run.makeStatement(options, keepsRows: true)
        try await run.add(query, statement)
        return PipelinedRows(run, statement)
    }

    /// Queues a statement of which only the command tag is wanted; its rows, if there are any, are read past.
    ///
    /// - Throws: as `query(_:options:)`.
    @discardableResult
    public nonisolated(nonsending) func execute(_ query: PostgresQuery) async throws(PostgresError) -> PipelinedCommand
    {
        let statement = run.makeStatement()
        try await run.add(query, statement)
        return PipelinedCommand(run, statement)
    }

    /// Ends a group of statements that stand or fall together, and waits for nothing: outside of a transaction block they are
    /// committed. What is queued next begins a new group, also after a failure. Where each statement stands by itself this
    /// has no effect.
    ///
    /// - Throws: as `query(_:options:)`.
    public nonisolated(nonsending) func sync() async throws(PostgresError) {
        try run.checkOpen()
        try run.endGroup()
        if run.isToBeSent { try await run.send() }
    }

    /// Hands what is queued to the server without waiting for an answer, and has it answer what it has run. Without it that
    /// happens when 32 KiB are queued, or a result is awaited.
    ///
    /// - Throws: as `query(_:options:)`.
    public nonisolated(nonsending) func flush() async throws(PostgresError) {
        try run.checkOpen()
        try run.demandAnswers()
        try await run.send()
    }
}

/// The result of a command in a pipeline.
public final class PipelinedCommand {
    let run: PipelineRun
    private let statement: PipelinedStatement

    init(_ run: PipelineRun, _ statement: PipelinedStatement) {
        self.run = run
        self.statement = statement
    }

    /// The statement's place in the pipeline, from 0.
    public var statementIndex: Int { statement.index }

    /// What became of the statement; nil as long as that is not known, which it is when the answer to its Sync was read: at
    /// the latest when the pipeline has ended.
    public var outcome: PipelineOutcome? { statement.outcome }

    /// Waits for the end of the command and returns what the server said about it; nil for a query without a command.
    ///
    /// Where statements stand or fall together a later failure may still undo it: `outcome` tells.
    ///
    /// - Throws: `server` where the statement failed; `pipelineAborted` where another one did, so that this one had no effect;
    ///   the connection's failure; `cancelled`, `queryTimedOut`, `memoryLimitExceeded`.
    @discardableResult
    public nonisolated(nonsending) func commandTag() async throws(PostgresError) -> PostgresCommandTag? {
        try await run.commandTag(of: statement)
    }
}

/// The result of a query in a pipeline.
public final class PipelinedRows {
    let run: PipelineRun
    private let statement: PipelinedStatement

    init(_ run: PipelineRun, _ statement: PipelinedStatement) {
        self.run = run
        self.statement = statement
    }

    deinit {
        if !statement.isStreamed { statement.discard() }
    }

    /// The statement's place in the pipeline, from 0.
    public var statementIndex: Int { statement.index }

    /// What became of the statement; nil as long as that is not known, which it is when the answer to its Sync was read: at
    /// the latest when the pipeline has ended.
    public var outcome: PipelineOutcome? { statement.outcome }

    /// Waits for the description of the rows and returns them as a stream, once. Leaving the stream early leaves those of
    /// other statements as they are: its rest is read past.
    ///
    /// The options' limits begin to run with this call.
    ///
    /// - Throws: as `PipelinedCommand.commandTag()`; `invalidState` for a second call, and after the pipeline's end.
    public nonisolated(nonsending) func rows() async throws(PostgresError) -> RowStream {
        try await run.stream(of: statement)
    }
}
