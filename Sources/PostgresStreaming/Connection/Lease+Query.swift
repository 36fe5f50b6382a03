import PostgresTransport
import PostgresWire

/// What is to be run.
enum StatementRequest {
    case text(PostgresQuery, QueryMode)
    /// A statement that is kept by itself, and its parameters.
    case kept(KnownStatement, BoundParameters)

    var mode: QueryMode {
        if case .text(_, let mode) = self { mode } else { .extended }
    }

    /// Whether the types of the parameters are the server's to say, or were.
    var hasInferredTypes: Bool {
        guard case .kept(let statement, _) = self else { return false }
        return statement.isToBeTyped || statement.inferredTypes != nil
    }

    var sql: String {
        switch self {
        case .text(let query, _): query.sql
        case .kept(let statement, _): statement.key.sql
        }
    }
}

extension Lease {
    /// Runs a query and returns its rows as a stream.
    ///
    /// Returns when the server has described the result, or, for a statement that returns no rows, when it has run.
    nonisolated(nonsending) func query(
        _ request: StatementRequest, _ options: StreamOptions, in scope: TransactionScope? = nil
    ) async throws(PostgresError) -> RowStream {
        let asked = MonotonicTime.now
        let options = completed(options)
        let observed = observation.map {
            QueryObservation($0, sql: request.sql, name: options.name, options.traits, asked: asked)
        }
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try await begin(in: scope)
        } catch {
            observed?.ended(QueryEnd(error, total: MonotonicTime.now - asked))
            throw error
        }
        let regulator = driver.makeRegulator(options, observed, asked: asked, within: scope?.time)
        do throws(PostgresError) {
            let beginning = try await begin(request, driver, regulator, in: scope)
            regulator.described()
            return RowStream(source(of: beginning, driver, regulator, request))
        } catch {
            regulator.end(error.code == .cancelled ? .cancelled : .failed, error)
            driver.regulator = nil
            driver.session.isIdle ? finish() : leave(after: regulator.tightestLimit)
            scope?.note(error)
            throw await settled(error)
        }
    }

    /// Sends a query and reads to where its rows begin; once more for a statement that had to be prepared anew.
    private nonisolated(nonsending) func begin(
        _ request: StatementRequest, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        in scope: TransactionScope?
    ) async throws(PostgresError) -> QueryBeginning {
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        guard !regulator.isTimeOver else { throw PostgresError(lost: .timedOut) }
        var failures: [PostgresError] = []
        var asked: [FormatCode] = []
        driver.regulator = regulator
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
                typed = try await driver.typed(known, of: request, behind: &commands, in: scope)
            }
            if case .kept(let statement, _) = typed, driver.hasToDescribe(statement) {
                try driver.startDescribing(statement, behind: commands)
                scope?.noteSent()
                commands = []
                try await driver.finishDescribing(statement)
                // Where nothing else can be asked for the failure was about something else.
                if let failure = failures.last, driver.remedy == .askForText, asked == statement.resultFormats {
                    throw failure
                }
            }
            if case .kept(let statement, _) = typed { asked = statement.resultFormats }
            try driver.start(typed, behind: commands, asksForID: scope?.wantsID(driver) ?? false)
            scope?.noteSent()
            if failures.isEmpty { driver.queryToSend = regulator.control.observation }
            do throws(PostgresError) {
                return try await driver.readBeginning(request.mode)
            } catch {
                guard driver.session.isIdle, let remedy = driver.remedy,
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

    private func source(
        of beginning: QueryBeginning, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        _ request: StatementRequest
    ) -> StreamSource {
        switch beginning {
        case .rows(let layout, let first):
            return StreamSource(
                lease: self, number: becomeStream(), layout: layout, regulator: regulator, first: first,
                isWriting: driver.running?.statement.saysThatItWrites ?? KnownStatement.saysThatItWrites(request.sql))
        case .ended(let tag):
            driver.regulator = nil
            finish()
            return StreamSource(ended: self, regulator: regulator, commandTag: tag.map(PostgresCommandTag.init))
        }
    }
}

extension ConnectionDriver {
    /// Makes what regulates the stream of one query, for whoever listens to it.
    ///
    /// - Parameter time: the time for more than the query, of which it has no more than what is left.
    func makeRegulator(
        _ options: StreamOptions, _ observed: QueryObservation?, asked: Int64? = nil, within time: TimeAllowed? = nil
    ) -> StreamRegulator {
        var options = options
        options.timeout = options.timeout ?? times.query
        let control = StreamControl(
            cell: flowCell, account: account, observation: observed, stallNanoseconds: stallNanoseconds)
        return StreamRegulator(options, control: control, account: account, asked: asked, within: time)
    }
}
