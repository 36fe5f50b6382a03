import PostgresWire

extension ConnectionDriver {
    /// Runs commands without parameters and rows in one flight; the first that fails is the last that is run.
    nonisolated(nonsending) func run(commands: [String]) async throws(PostgresError) {
        running = nil
        try takeUnasked()
        var flight = ExtendedFlight()
        for command in commands { flight.run(command: command) }
        do throws(FrontendMessageError) {
            try session.start(flight)
        } catch {
            throw PostgresError(error)
        }
        try await readToEnd()
    }

    /// Reads the answer to what was started to its end; rows are nobody's business.
    ///
    /// - Throws: the first error of the server, when it is ready again.
    nonisolated(nonsending) func readToEnd() async throws(PostgresError) {
        var failure: PostgresError?
        while true {
            switch try await advance() {
            case .failed(let fields, _):
                failure = failure ?? PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
            case .ready:
                if let failure { throw failure }
                return
            default: break
            }
        }
    }

    /// Undoes the transaction that is open, or what was done behind a savepoint of it; where that cannot be done within
    /// the time for cleaning up the connection is closed, and the server undoes it.
    nonisolated(nonsending) func rollBack(to savepoint: String? = nil) async {
        guard let savepoint else { return await end(by: ["ROLLBACK"]) }
        // The tag of either is the same, and the transaction keeps its number.
        let transactionID = commit.transactionID
        await end(by: ["ROLLBACK TO SAVEPOINT \(savepoint)", "RELEASE SAVEPOINT \(savepoint)"])
        commit.transactionID = transactionID
    }

    /// Ends the transaction that is open, or a part of it; where that cannot be done within the time for cleaning up the
    /// connection is closed.
    nonisolated(nonsending) func end(by commands: [String]) async {
        guard failure == nil, session.isIdle, session.transactionStatus != .idle else { return }
        do throws(PostgresError) {
            try await run(commands: commands)
        } catch {
            fail(
                PostgresError(
                    .connectionLost, "connection closed: a transaction could not be ended: \(error.message)",
                    isConnectionUsable: false))
        }
    }

    // MARK: commit

    /// Says COMMIT, behind what is still to be said before.
    ///
    /// - Parameter asksForID: whether the transaction's number is asked for first, because no statement has brought it. The
    ///   server sends it before it begins to commit, so it may be known even where the commit's own answer is lost.
    func startCommit(behind commands: [String], asksForID: Bool) {
        running = nil
        var flight = ExtendedFlight()
        let question = asksForID ? askForID(in: &flight) : nil
        commit = CommitProgress(transactionID: commit.transactionID, question: question)
        commit.isUnderWay = true
        commit.isAnnounced = asksForID && !statements.isBehindPooler
        for command in commands { flight.run(command: command) }
        if asksForID { flight.flush() }
        flight.run(command: "COMMIT")
        // Our own words hold no NUL and are short.
        try? session.start(flight)
    }

    /// Reads the answer to COMMIT; may be called again where waiting for it was given up.
    nonisolated(nonsending) func readCommit() async throws(PostgresError) {
        while !commit.isOver {
            switch try await advance() {
            case .rows(let rows): commit.transactionID = transactionID(in: rows)
            case .parsed: commit.noteParsed()
            case .completed(let tag):
                commit.tag = tag.text
                commit.hasBegun = commit.hasBegun || tag.text.hasPrefix("SELECT")
            case .failed(let fields, _):
                guard commit.error == nil else { continue }
                if let question = commit.question, !commit.hasBegun {
                    commit.error = questionError(fields, question)
                } else {
                    commit.error = PostgresError(server: fields, isFatal: false)
                }
            case .ready(let status):
                commit.status = status
                commit.isOver = true
            default: break
            }
        }
    }

    /// Takes note of rows that are the answer to the question for the transaction's number; false where they are not.
    func noteAnswer(_ rows: Range<Int>) -> Bool {
        guard running?.questionAsked != nil else { return false }
        commit.transactionID = transactionID(in: rows)
        return true
    }

    private func transactionID(in rows: Range<Int>) -> PostgresTransactionID? {
        guard let row = firstRow(of: rows, textColumns: "number", "timeline", "recovery"),
            let (number, timeline, mark) = try? row.decode((String?, String?, String?).self)
        else { return nil }
        return PostgresTransactionID(number, timeline: timeline, recoveryMark: mark)
    }

    /// The first of some rows that were just read, whose columns are text.
    func firstRow(of rows: Range<Int>, textColumns names: String...) -> Row? {
        let layout = ColumnLayout(names.map(ColumnDescription.init(textColumn:)))
        return RowChunk(slab: slab, layout: layout, rows: rows, firstRowNumber: 0).first
    }

    /// Waits for the answer to a commit whose caller does not wait any more. Where there is none in time the connection
    /// is closed, and the outcome is not known.
    ///
    /// The server is not asked to cancel: a commit that waits for a standby would then be reported as done without it.
    nonisolated(nonsending) func finishCommit(until end: ContinuousClock.Instant) async {
        try? await within(until: end) { driver throws(PostgresError) in try await driver.readCommit() }
        guard failure == nil, !commit.isOver else { return }
        if ContinuousClock.now >= end { observation?.passed(.commit) }
        fail(
            PostgresError(
                .connectionLost, "connection closed: the server did not answer a commit in time",
                isConnectionUsable: false))
    }
}

extension ColumnDescription {
    /// A column of type `text` in the text format.
    fileprivate init(textColumn name: String) {
        self.init(
            name: name, tableOID: 0, columnNumber: 0, typeOID: PostgresType.text.rawValue, typeSize: -1,
            typeModifier: -1, format: .text)
    }
}
