import PostgresWire

/// How far the answer to what was said last was read.
enum AnswerEnd<Result> {
    /// The verb has what it wants; the answer goes on.
    case taken(Result)
    /// As many bytes were read as allowed, or enough was sent; the answer goes on.
    case tooLong
    /// The server is ready. The error is the first that it reported.
    case ready(PostgresError?)
}

extension ConnectionDriver {
    /// Sends what the session wants to say and reads the answer, up to ReadyForQuery or to where the verb has what it wants:
    /// the one loop over events that there is.
    ///
    /// What the server reports as an error is kept until it is ready, and events after it are passed over. May be
    /// called again where the verb had what it wanted, or where waiting was given up.
    ///
    /// - Parameters:
    ///   - bytesMax: how many bytes are read at most.
    ///   - unsentMax: returns where no more than this is left to be sent, and nothing that was read is left to be looked at.
    ///   - take: is given each event, and returns what the verb wanted; nil to read on.
    /// - Throws: the connection's failure, from then on for every call; `cancelled`, or `queryTimedOut` for the deadline, after
    ///   which the session stands where it stood and can be read on; what `take` throws.
    nonisolated(nonsending) func answers<Result>(
        bytesMax: Int = .max, unsentMax: Int = -1, _ take: (SessionEvent) throws(PostgresError) -> Result?
    ) async throws(PostgresError) -> AnswerEnd<Result> {
        let start = channel.receivedBytes
        while true {
            flush()
            if let end = try answersAtHand(bytesMax: bytesMax, since: start, take) { return end }
            guard session.outbound.count > unsentMax else { return .tooLong }
            if let regulator, !channel.isDropping {
                if regulator.demandsPermission { try await permitRead(regulator) }
                if let time = regulator.nap(isMoreCertain: !slab.isFramed) { try await nap(for: time) }
            }
            if try readOnce() {
                if channel.hasReadLong { await Task.yield() }
            } else {
                try await waitForServer()
            }
        }
    }

    /// As `answers`, as far as the bytes at hand go: it sends nothing, reads nothing and never waits.
    ///
    /// - Returns: nil where more has to be read.
    func answersAtHand<Result>(
        bytesMax: Int = .max, since start: Int = 0, _ take: (SessionEvent) throws(PostgresError) -> Result?
    ) throws(PostgresError) -> AnswerEnd<Result>? {
        if let failure { throw failure }
        while let event = try nextEvent() {
            if let end = try end(event, take) { return end }
            guard channel.receivedBytes - start <= bytesMax else { return .tooLong }
        }
        return nil
    }

    /// What one event means for the loop; nil to go on.
    private func end<Result>(
        _ event: SessionEvent, _ take: (SessionEvent) throws(PostgresError) -> Result?
    ) throws(PostgresError) -> AnswerEnd<Result>? {
        switch event {
        case .ready: return .ready(runner.takeFailure())
        case .failed(let fields, _):
            if runner.failure == nil { runner.note(runner.error(fields)) }
            // Nothing else can follow in a pipeline that has no Sync yet; the message has no field that could fail.
            if session.awaitsOwnSync { try? session.sync() }
        default:
            if runner.failure == nil, let result = try take(event) { return .taken(result) }
            switch event {
            case .copyRefused: runner.note(.copyRefused)
            case .copyIn:
                // It was not what the verb waits for, and the server would wait for its data without end.
                runner.note(.severalCopies)
                failCopy("only the first COPY of a statement is carried")
            default: break
            }
        }
        return nil
    }

    /// As `answers(bytesMax:_:)`, for a verb that is over when the server is ready.
    ///
    /// - Returns: what `take` returned; nil where the server is ready and it never did.
    /// - Throws: also the first error of the server, when it is ready again.
    @discardableResult
    @inline(__always)
    nonisolated(nonsending) func answer<Result>(
        _ take: (SessionEvent) throws(PostgresError) -> Result?
    ) async throws(PostgresError) -> Result? {
        switch try await answers(take) {
        case .taken(let result): return result
        case .ready(let failure?): throw failure
        case .ready(nil), .tooLong: return nil
        }
    }

    /// Reads the answer to its end; rows are passed over.
    ///
    /// - Throws: the first error of the server, when it is ready again.
    nonisolated(nonsending) func readToEnd() async throws(PostgresError) {
        try await answer { _ in nil as Void? }
    }

    /// Says a flight; nothing of it is said if it cannot be said whole.
    ///
    /// - Parameters:
    ///   - statement: what runs in it, for those who look at its answer; nil where it is no statement that is kept.
    ///   - forgotten: the statements that it closes.
    func say(
        _ flight: ExtendedFlight, running statement: RunningStatement? = nil, closing forgotten: [String] = []
    ) throws(PostgresError) {
        do throws(FrontendMessageError) {
            try session.start(flight)
        } catch {
            statements.close(forgotten)
            runner.begin()
            throw PostgresError(error)
        }
        runner.begin(statement)
    }

    /// Says a query whose rows have one column, which comes as text, and returns that of the last row.
    nonisolated(nonsending) func ask(_ query: PostgresQuery) async throws(PostgresError) -> String? {
        try sayQuestion(query)
        return try await readText()
    }

    /// Says a query whose rows have one column, which comes as text.
    func sayQuestion(_ query: PostgresQuery) throws(PostgresError) {
        if let failure = query.failure { throw failure }
        var flight = ExtendedFlight()
        flight.parse(query.sql, parameterTypeOIDs: query.parameters.typeOIDs)
        flight.run(query.parameters, resultFormats: [.text], result: .rows(columnCount: 1))
        try say(flight)
    }

    /// Reads the answer to a question: the text of its row; nil where there is none.
    nonisolated(nonsending) func readText() async throws(PostgresError) -> String? {
        var text: String?
        try await answer { [self] event throws(PostgresError) in
            if case .rows(let rows) = event { text = try self.text(in: rows) }
            return nil as Void?
        }
        return text
    }

    /// The text in the first of some rows that were just read.
    func text(in rows: Range<Int>) throws(PostgresError) -> String? {
        try RowChunk.firstRow(of: rows, in: slab, textColumns: "answer")?.decode(String?.self)
    }
}

extension PostgresError {
    /// The error of a simple query in which a second COPY asks for data, or another result follows that of the first.
    static var severalCopies: PostgresError {
        PostgresError(
            .unsupported, "the statement has more than one COPY", hint: "Run the statements one by one.")
    }

    static var copyRefused: PostgresError {
        PostgresError(.unsupported, "cannot run COPY as a query", hint: "Use copyOut or copyIn.")
    }
}
