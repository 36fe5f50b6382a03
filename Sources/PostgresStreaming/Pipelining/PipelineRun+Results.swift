import PostgresTransport
import PostgresWire

extension PipelineRun {
    /// Waits for the end of a statement, whose rows are read past, and returns what the server said of it.
    nonisolated(nonsending) func commandTag(
        of statement: PipelinedStatement
    ) async throws(PostgresError) -> PostgresCommandTag? {
        if !statement.isAnswered || isolation == .perStatement && statement.outcome == nil {
            try checkOpen()
            statement.discard()
            try await read(to: .end(statement))
        }
        try statement.check()
        return statement.tellEnd()
    }

    /// Waits for the columns of a statement's rows, and returns the rows as a stream.
    nonisolated(nonsending) func stream(of statement: PipelinedStatement) async throws(PostgresError) -> RowStream {
        try statement.check()
        try checkOpen()
        guard !statement.isStreamed else {
            throw PostgresError(.invalidState, "the rows of a statement can be asked for once")
        }
        let asked = MonotonicTime.now.nanoseconds
        let options = gate.completed(statement.options)
        let regulator = driver.makeRegulator(options, statement.takeObservation(), asked: asked, within: time)
        do throws(PostgresError) {
            try await reading(by: regulator) { run throws(PostgresError) in
                try await run.read(to: .description(statement))
                if statement.layout == nil { try await run.read(to: .end(statement)) }
            }
            try statement.check()
        } catch {
            regulator.end(error.code == .cancelled ? .cancelled : .failed, error)
            throw error
        }
        regulator.described()
        statement.isStreamed = true
        guard let layout = statement.layout else {
            return RowStream(StreamSource(ended: gate, regulator: regulator, commandTag: statement.tag))
        }
        let feed = PipelineFeed(self, statement)
        return RowStream(StreamSource(fedBy: feed, gate: gate, layout: layout, regulator: regulator))
    }

    /// Reads within the limits of one stream.
    fileprivate nonisolated(nonsending) func reading(
        by regulator: StreamRegulator,
        _ work: nonisolated(nonsending) (PipelineRun) async throws(PostgresError) -> Void
    ) async throws(PostgresError) {
        driver.regulate(by: regulator)
        defer { driver.regulate(by: nil) }
        try await work(self)
    }
}

/// Feeds the stream of one statement's rows.
private final class PipelineFeed: StreamFeed {
    private let run: PipelineRun
    private let statement: PipelinedStatement

    init(_ run: PipelineRun, _ statement: PipelinedStatement) {
        self.run = run
        self.statement = statement
    }

    var commandTag: PostgresCommandTag? { statement.tag }
    /// The rest has to be read past all the same.
    var isLeftAtOnce: Bool { false }

    nonisolated(nonsending) func nextRows(
        _ regulator: StreamRegulator
    ) async throws(PostgresError) -> (rows: Range<Int>, slab: ReceiveSlab)? {
        try statement.check()
        guard statement.keepsRows else {
            throw PostgresError(
                .invalidState, "the pipeline ended before the stream", hint: "Read it to its end within the closure.")
        }
        if let received = statement.takeReceived() { return received }
        if statement.outcome == nil {
            try run.checkOpen()
            try await run.reading(by: regulator) { run throws(PostgresError) in try await run.read(to: .rows(statement))
            }
            try statement.check()
        }
        return statement.takeReceived()
    }

    func left() { statement.discard() }
}
