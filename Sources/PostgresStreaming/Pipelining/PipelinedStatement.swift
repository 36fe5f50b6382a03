import PostgresWire

/// One statement of a pipeline as its result sees it.
final class PipelinedStatement {
    /// Its place in the pipeline, from 0.
    let index: Int
    let options: StreamOptions
    /// Whether rows are kept until they are asked for; else they are read past.
    private(set) var keepsRows: Bool
    /// Whether a stream of its rows was made.
    var isStreamed = false
    /// Whether it may be said a second time: that was not done yet, and its caller was not told of its end.
    private(set) var mayBeSaidAgain = true
    /// The columns of its rows, as soon as they are known.
    private(set) var layout: ColumnLayout?
    /// The types of its parameters, where that was the question.
    private(set) var parameterTypes: [UInt32]?
    private var received = ReceivedRows()
    /// What the server said of the command.
    private(set) var tag: PostgresCommandTag?
    /// Whether its own answer has ended; that to its Sync may still come.
    private(set) var isAnswered = false
    /// What became of it; nil as long as that is not known.
    private(set) var outcome: PipelineOutcome?
    /// Why it failed, was undone or was not run.
    private(set) var error: PostgresError?
    /// Whether its caller knows of the error.
    private(set) var isErrorKnown = false
    /// What is counted, where it runs once for each of many rows of parameters; nil elsewhere.
    let rows: ManyRows?
    /// What it was made of, where it may be said again; nil where that is not kept.
    var query: PostgresQuery?
    /// What is recorded of it; nil where nothing is, and once its stream has taken that over or it has ended.
    private var observation: QueryObservation?

    init(
        index: Int, options: StreamOptions = StreamOptions(), keepsRows: Bool = false,
        rows: ManyRows? = nil
    ) {
        self.index = index
        self.options = options
        self.keepsRows = keepsRows
        self.rows = rows
    }

    deinit { endObservation() }

    /// Whether its rows can be told of: their columns are known, or there are none.
    var isDescribed: Bool { layout != nil || isAnswered || outcome != nil }

    /// Whether it may be said again without contradicting what was told of it.
    var isUnseen: Bool { !isStreamed && mayBeSaidAgain && rows == nil }

    /// Whether there are rows to hand out.
    var hasReceived: Bool { !received.isEmpty }

    // MARK: what the server says

    /// It had no effect, and is said again.
    func beginAgain() {
        mayBeSaidAgain = false
        layout = nil
        tag = nil
        isAnswered = false
        received.removeAll()
    }

    func describe(_ layout: ColumnLayout) { self.layout = layout }

    func describe(parameterTypes: [UInt32]) { self.parameterTypes = parameterTypes }

    /// Takes rows, where they are wanted.
    func take(_ rows: Range<Int>, in pin: @autoclosure () -> PinnedSlab) {
        if keepsRows { received.append(rows, in: pin()) }
    }

    /// The command has ended.
    func end(_ tag: PostgresCommandTag?) {
        guard let rows else {
            self.tag = tag
            isAnswered = true
            return
        }
        rows.noteRan(1, affected: tag?.rows ?? 0)
    }

    /// It has run with so many further rows of parameters.
    func ran(_ count: Int, affected: Int) { rows?.noteRan(count, affected: affected) }

    /// It is known what became of the statement.
    ///
    /// - Parameters:
    ///   - failure: the error that decided it; nil where there was none.
    ///   - isOwnFailure: whether the error is this statement's.
    func settle(_ outcome: PipelineOutcome, count: Int = 1, _ failure: PostgresError?, isOwnFailure: Bool) {
        rows?.settle(outcome, count: count, isOwnFailure ? failure : nil)
        isAnswered = true
        self.outcome = outcome
        if !keepsRows, outcome == .tookEffect, rows == nil { endObservation() }
        guard let failure, outcome != .tookEffect, isOwnFailure || error == nil else { return }
        if isOwnFailure {
            let failedIndex = rows.map(\.failedIndex) ?? index
            error = failedIndex.map { PostgresError(failure, ofStatement: $0) } ?? failure
        } else {
            error = outcome == .unknown ? failure : PostgresError(abortedBy: failure, isNotRun: outcome == .notRun)
        }
        received.removeAll()
        if rows == nil { endObservation() }
    }

    // MARK: what is recorded

    /// It was said for the first time, and is recorded from now on.
    func observe(_ make: () -> QueryObservation?) {
        if observation == nil, mayBeSaidAgain { observation = make() }
    }

    /// Hands what is recorded on to the stream of the rows.
    func takeObservation() -> QueryObservation? { observation.take() }

    /// Nothing more is recorded. Until it is known what became of it, it counts as left.
    func endObservation(rowCount: Int = 0, _ failure: PostgresError? = nil) {
        guard let observation = takeObservation() else { return }
        // Rows of parameters that stand by themselves may fail; that is told by their result.
        let failure = failure ?? (rows == nil ? error : nil)
        guard let failure, failure.code != .pipelineAborted else {
            let isComplete = failure == nil && (rows != nil || outcome == .tookEffect)
            var end = QueryEnd(isComplete: isComplete, nil, isDecoding: false)
            end.rows = rowCount
            end.total = observation.elapsed
            return observation.ended(end)
        }
        observation.ended(QueryEnd(failure, total: observation.elapsed))
    }

    // MARK: what its caller asks

    /// Hands out rows that are here already; nil where there are none.
    func takeReceived() -> (rows: Range<Int>, slab: ReceiveSlab)? { received.next() }

    /// The rows are not wanted: those to come are read past.
    func discard() {
        keepsRows = false
        received.removeAll()
        if outcome != nil, rows == nil { endObservation() }
    }

    /// Its end is told to its caller.
    func tellEnd() -> PostgresCommandTag? {
        mayBeSaidAgain = false
        return tag
    }

    /// Throws why the statement has no effect.
    func check() throws(PostgresError) {
        guard let error else { return }
        isErrorKnown = true
        throw error
    }
}

extension PostgresError {
    /// The error of a statement that another one took with it.
    fileprivate init(abortedBy failure: PostgresError, isNotRun: Bool) {
        let what = isNotRun ? "the statement was not run" : "the statement was undone"
        self.init(
            .pipelineAborted, "\(what): another one of the pipeline failed: \(failure.message)",
            hint:
                "Statements that should not stand or fall together go into a pipeline that is isolated per statement.",
            isConnectionUsable: failure.isConnectionUsable)
    }
}
