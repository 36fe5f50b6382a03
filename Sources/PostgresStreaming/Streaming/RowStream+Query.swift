import PostgresTransport
import PostgresWire

extension RowStream {
    /// Runs a query and returns its rows as a stream.
    ///
    /// Returns when the server has described the result, or, for a statement that returns no rows, when it has run.
    nonisolated(nonsending) static func run(
        _ request: StatementRequest, _ options: StreamOptions, on gate: ConnectionGate,
        in scope: (any StatementScope)? = nil
    ) async throws(PostgresError) -> RowStream {
        let asked = MonotonicTime.now.nanoseconds
        let options = gate.completed(options)
        let observed = gate.observation.map {
            QueryObservation($0, sql: request.sql, name: options.name, options.traits, asked: asked)
        }
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try await gate.begin(in: scope)
        } catch {
            observed?.ended(QueryEnd(error, total: MonotonicTime.now.nanoseconds - asked))
            throw error
        }
        let regulator = driver.makeRegulator(options, observed, asked: asked, within: scope?.time)
        do throws(PostgresError) {
            if request.mode.batch != nil {
                return RowStream(try await batchedSource(request, driver, regulator, on: gate, in: scope))
            }
            let beginning = try await begin(request, driver, regulator, in: scope)
            regulator.described()
            return RowStream(source(of: beginning, on: gate, driver, regulator, request))
        } catch {
            regulator.end(error.code == .cancelled ? .cancelled : .failed, error)
            driver.regulate(by: nil)
            driver.session.isIdle ? gate.finish() : gate.leave(after: regulator.tightestLimit)
            scope?.note(error)
            throw await gate.settled(error)
        }
    }

    /// Sends a query and reads to where its rows begin; once more for a statement that had to be prepared again.
    ///
    /// - Parameter execution: the portal that runs it; nil for the unnamed one, without a limit.
    @inline(__always)
    nonisolated(nonsending) static func begin(
        _ request: StatementRequest, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        in scope: (any StatementScope)?, by execution: PortalExecution? = nil
    ) async throws(PostgresError) -> QueryBeginning {
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        guard !regulator.isTimeOver else { throw PostgresError(lost: .timedOut) }
        var failures: [PostgresError] = []
        var asked: [FormatCode] = []
        driver.regulate(by: regulator)
        var known = try driver.known(request)
        while true {
            var commands = scope?.pending ?? []
            if request.mode == .simple, !commands.isEmpty {
                scope?.noteSent()
                try await driver.run(commands: commands)
                commands = []
            }
            var typed = known
            // Which nearly all queries have not.
            if known.hasInferredTypes {
                typed = try await driver.typed(known, of: request, after: &commands, in: scope)
            }
            let pieces = regulator.options.pieceColumn
            if case .kept(let statement, _) = typed,
                driver.hasToDescribe(statement) || pieces != nil && statement.result.isUnknown
            {
                try driver.startDescribing(statement, after: commands)
                scope?.noteSent()
                commands = []
                try await driver.finishDescribing(statement)
                // Where nothing else can be asked for the failure was about something else.
                if let failure = failures.last, driver.runner.remedy == .askForText, asked == statement.resultFormats {
                    throw failure
                }
            }
            if case .kept(let statement, _) = typed {
                asked = statement.resultFormats
                if let pieces { try driver.frameValues(of: pieces, in: statement) }
            }
            let asksForID = execution == nil && scope?.wantsID(driver) ?? false
            try driver.start(typed, after: commands, by: execution, asksForID: asksForID)
            scope?.noteSent()
            if failures.isEmpty { driver.queryToSend = regulator.control.observation }
            do throws(PostgresError) {
                return try await driver.readBeginning(request.mode)
            } catch {
                guard driver.session.isIdle, let remedy = driver.runner.remedy,
                    failures.isEmpty || remedy == .askForText && failures.count < Self.attemptsMax
                else { throw error }
                // Inside a transaction block nothing can be done any more, unless all of it was in this flight.
                guard driver.session.transactionStatus == .idle || scope?.beginAgain(commands) ?? false else {
                    throw error
                }
                failures.append(error)
                if remedy == .prepareAnew { known = try driver.known(request) }
            }
        }
    }

    /// How often a statement is tried: as it is, with some values as text, and with records as text too.
    private static var attemptsMax: Int { 3 }

    /// Returns the source of the rows of a query that has begun, or has ended already.
    static func source(
        of beginning: QueryBeginning, on gate: ConnectionGate, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        _ request: StatementRequest
    ) -> StreamSource {
        switch beginning {
        case .rows(let layout, let first):
            return StreamSource(
                gate: gate, number: gate.becomeStream(), layout: layout, regulator: regulator, first: first,
                isWriting: driver.runner.running?.statement.saysThatItWrites
                    ?? KnownStatement.saysThatItWrites(request.sql),
                pieces: driver.channel.framesValues ? RowPieces() : nil)
        case .ended(let tag):
            driver.regulate(by: nil)
            gate.finish()
            return StreamSource(ended: gate, regulator: regulator, commandTag: tag.map(PostgresCommandTag.init))
        }
    }
}
