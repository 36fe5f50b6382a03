import PostgresWire

/// A statement that is run for many rows of parameters.
///
/// The rows are written into bytes of their own, which the session is given in one piece, so that a row costs what its bytes
/// cost.
final class ManyStatement {
    let run: PipelineRun
    let known: KnownStatement
    /// The types of its parameters, as the server named them.
    let types: [PostgresType]
    let rows: ManyRows
    let statement: PipelinedStatement
    /// The rows that the session does not know yet; nil where each is said by itself.
    private let runs = Owned<StatementRuns?>(nil)
    private let writer = Owned(PostgresParameterWriter())

    init(_ run: PipelineRun, _ known: KnownStatement, types: [PostgresType]) throws(PostgresError) {
        self.run = run
        self.known = known
        self.types = types
        rows = ManyRows()
        statement = run.makeStatement(rows: rows)
        try makeRuns()
    }

    /// Whether enough rows are written to be handed to the kernel.
    var isToBeSent: Bool {
        guard let runs = runs.value else { return run.isToBeSent }
        return runs.byteCount >= PipelineRun.flushBytes
            || run.queue.unansweredCount + runs.count >= PipelineRun.unansweredMax
    }

    /// Throws where the rows have another number of parameters than the statement.
    func check(parameterCount: Int) throws(PostgresError) {
        guard parameterCount == types.count else {
            throw PostgresError(
                .parameterInvalid, "the statement has \(types.count) parameters and each row has \(parameterCount)")
        }
    }

    /// Writes one row of parameters.
    func write<each Parameter: PostgresEncodableElement>(
        _ parameter: repeat each Parameter, to writer: inout PostgresParameterWriter
    ) throws(PostgresError) {
        var index = 0
        for value in repeat each parameter {
            guard index < types.count else { break }
            try value.bind(as: types[index], to: &writer)
            index += 1
        }
    }

    /// Queues a run with one row of parameters, as `write` writes them.
    func add(
        _ write: (inout PostgresParameterWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        guard runs.value != nil else { return try say(write) }
        runs.value?.begin(&writer.value.parameters)
        do throws(PostgresError) {
            try write(&writer.value)
        } catch {
            runs.value?.cancel(&writer.value.parameters)
            throw refusal(error)
        }
        do throws(FrontendMessageError) {
            try runs.value?.end(&writer.value.parameters)
        } catch {
            throw refusal(PostgresError(error))
        }
        rows.saidCount += 1
    }

    /// Says one run by itself, and before it what the server does not have yet.
    private func say(
        _ write: (inout PostgresParameterWriter) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        var writer = PostgresParameterWriter()
        do throws(PostgresError) {
            try write(&writer)
        } catch {
            throw refusal(error)
        }
        try run.say(known, writer.parameters, for: statement)
        rows.saidCount += 1
    }

    private func refusal(_ error: PostgresError) -> PostgresError {
        let index = rows.saidCount
        return PostgresError(PostgresError(error, message: "row \(index): \(error.message)"), ofStatement: index)
    }

    /// Has the session say the rows that were written.
    func handOver() throws(PostgresError) {
        guard runs.value != nil else { return }
        try run.say(&runs.value!, of: known, for: statement)
    }

    /// Hands what is queued to the kernel.
    ///
    /// - Returns: false where an earlier row has failed, so that none is run any more.
    nonisolated(nonsending) func send() async throws(PostgresError) -> Bool {
        try handOver()
        try await run.send()
        // While answers are read the server may have lost the statement.
        if let runs = runs.value, !known.isPrepared || known.name != runs.statement { try makeRuns() }
        return !run.isAborted
    }

    /// Where the server has the statement under a name, rows are written for that.
    private func makeRuns() throws(PostgresError) {
        runs.value = nil
        // A statement that was made again is known before it is described: the server may take its time between the two.
        guard known.isPrepared, !known.name.isEmpty, known.generation == run.driver.statements.generation,
            !known.mayChangeSettings, known.expectedResult != .unknown
        else { return }
        do throws(FrontendMessageError) {
            runs.value = try StatementRuns(
                of: known.name, parameterCount: types.count, resultFormats: known.resultFormats,
                result: known.expectedResult, andSync: run.isolation == .perStatement)
        } catch {
            throw PostgresError(error)
        }
    }
}
