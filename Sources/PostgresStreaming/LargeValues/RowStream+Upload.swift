import PostgresTransport
import PostgresWire

extension RowStream {
    /// Runs a query one parameter of which is sent in pieces, and returns its rows as a stream.
    nonisolated(nonsending) static func run<Source>(
        _ query: PostgresQuery, sending upload: PostgresUpload<Source>, _ options: StreamOptions,
        on gate: ConnectionGate, in scope: (any StatementScope)? = nil
    ) async throws -> RowStream {
        guard let parameter = query.streamedParameter else { throw PostgresError.noStreamedParameter }
        guard upload.byteCount >= 0 else { throw PostgresError.uploadTooLong }
        let asked = MonotonicTime.now.nanoseconds
        let options = gate.completed(options)
        let observed = gate.observation.map {
            QueryObservation($0, sql: query.sql, name: options.name, options.traits, asked: asked)
        }
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try await gate.begin(in: scope)
        } catch {
            observed?.ended(QueryEnd(error, total: MonotonicTime.now.nanoseconds - asked))
            throw error
        }
        let regulator = driver.makeRegulator(options, observed, asked: asked, within: scope?.time)
        do {
            let statement = try await sayHead(of: query, parameter, upload.byteCount, driver, regulator, in: scope)
            try await upload.send(by: driver)
            let beginning = try await driver.readBeginning(.extended)
            regulator.described()
            return RowStream(
                source(of: beginning, on: gate, driver, regulator, .kept(statement, BoundParameters())))
        } catch {
            throw await leave(after: error, gate, driver, regulator, in: scope)
        }
    }

    /// Says everything up to the value that is sent in pieces. The statement is described before, so that what is wrong with it is
    /// known before anything of the value is asked for.
    private nonisolated(nonsending) static func sayHead(
        of query: PostgresQuery, _ parameter: Int, _ byteCount: Int, _ driver: ConnectionDriver,
        _ regulator: StreamRegulator, in scope: (any StatementScope)?
    ) async throws(PostgresError) -> KnownStatement {
        if let failure = query.failureOfWriting { throw failure }
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        guard !regulator.isTimeOver else { throw PostgresError(lost: .timedOut) }
        driver.regulate(by: regulator)
        var commands = scope?.pending ?? []
        let known = StatementRequest.kept(driver.statements.use(query), query.parameters)
        let typed =
            known.hasInferredTypes
            ? try await driver.typed(known, of: .text(query, .extended), after: &commands, in: scope) : known
        guard case .kept(let statement, let parameters) = typed else { throw .noStreamedParameter }
        if !statement.isPrepared || !statement.isDescribed || !commands.isEmpty {
            try driver.startDescribing(statement, after: commands)
            scope?.noteSent()
            try await driver.finishDescribing(statement)
        }
        driver.session.outbound.announceValue(ofParameter: parameter, byteCount: byteCount)
        let forgotten = driver.statements.takeForgottenNames()
        var flight = driver.runner.flight(closing: forgotten, after: [])
        driver.runner.add(statement, parameters, to: &flight)
        try driver.say(flight, running: RunningStatement(statement, after: 0), closing: forgotten)
        driver.queryToSend = regulator.control.observation
        return statement
    }

    /// Ends a query that has failed, and returns what its caller is told.
    private nonisolated(nonsending) static func leave(
        after error: any Error, _ gate: ConnectionGate, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        in scope: (any StatementScope)?
    ) async -> any Error {
        let reason = error as? PostgresError ?? driver.failure
        regulator.end(reason?.code == .cancelled ? .cancelled : .failed, reason)
        driver.regulate(by: nil)
        let isLost = driver.failure != nil
        driver.session.isIdle || isLost ? gate.finish() : gate.leave(after: regulator.tightestLimit)
        if let reason { scope?.note(reason) }
        guard let error = error as? PostgresError else { return error }
        return isLost ? PostgresError(error, isConnectionUsable: false) : await gate.settled(error)
    }
}

extension PostgresError {
    fileprivate static var noStreamedParameter: PostgresError {
        PostgresError(
            .queryInvalid, "the query has no parameter that is sent in pieces",
            hint: "Write \\(streamed: .bytea) where its value belongs.")
    }

    fileprivate static var uploadTooLong: PostgresError {
        PostgresError(.queryInvalid, "a value that is sent in pieces cannot have fewer than no bytes")
    }
}
