import PostgresWire

extension PipelineRun {
    /// Makes and describes the statement that is to be run for many rows, in one round trip.
    nonisolated(nonsending) func prepareMany(_ query: PostgresQuery) async throws(PostgresError) -> ManyStatement {
        if let failure = query.failure { throw failure }
        guard query.parameterCount == 0 else {
            throw PostgresError(
                .queryInvalid, "a statement to run for many rows has values in it",
                hint: "Write $1 where a parameter stands; its values come with the rows.")
        }
        let sql = query.sql
        let statements = driver.statements
        // With a transaction pooler a name means nothing in the next transaction.
        let name = statements.isBehindTransactionPooler ? "" : statements.nextName()
        let commands = scope?.pending ?? []
        let description = try await driver.control(within: time) { driver throws(PostgresError) in
            try driver.startDescribing(sql, as: name, [], after: commands)
            scope?.noteSent()
            return try await driver.readDescription()
        }
        let types = description.parameterTypes
        let known = KnownStatement(KnownStatement.Key(sql: sql, types: types.map { ParameterType($0.rawValue) }))
        try Self.check(known)
        known.name = name
        known.isPrepared = !name.isEmpty
        known.isOwn = true
        known.generation = statements.generation
        try await driver.control(within: time) { driver throws(PostgresError) in
            try await driver.note(description.descriptions, of: known)
        }
        return try ManyStatement(self, known, types: types)
    }

    /// Says runs of a statement that the server has, after what the transaction around it has to say yet.
    func say(
        _ runs: inout StatementRuns, of known: KnownStatement, for statement: PipelinedStatement
    ) throws(PostgresError) {
        guard runs.count > 0, !isAborted else { return }
        let count = runs.count
        let commands = scope?.pending ?? []
        let forgotten = driver.statements.takeForgottenNames()
        let sync = driver.session.syncsSaid
        do throws(FrontendMessageError) {
            if !commands.isEmpty || !forgotten.isEmpty {
                try driver.session.start(driver.runner.flight(closing: forgotten, after: commands), andSync: false)
            }
            try driver.session.start(&runs)
        } catch {
            driver.statements.close(forgotten)
            throw PostgresError(error)
        }
        if !commands.isEmpty {
            announced.overwriteUnnamed()
            scope?.noteSent()
        }
        let hasSyncs = isolation == .perStatement
        var item = PipelinedRun(
            statement: statement, known: known, layout: known.knownLayout, leadingCount: commands.count)
        if !commands.isEmpty {
            note(item, sync)
            item = PipelinedRun(statement: statement, known: known, layout: item.layout, leadingCount: 0)
        }
        let leading = commands.isEmpty ? 0 : 1
        if count > leading { note(item, sync + (hasSyncs ? leading : 0), count: count - leading) }
    }

    /// Ends what `prepareMany` began: all is said and answered, and the statement is closed with the next flight.
    nonisolated(nonsending) func finishMany(_ many: ManyStatement) async throws(PostgresError) {
        try many.handOver()
        try endGroup()
        try await read(to: .idle)
        forget(many)
        guard isolation == .allOrNothing else {
            failures.removeAll { $0 === many.statement }
            return
        }
        try many.statement.check()
    }

    /// Has the statement closed with the connection's next flight.
    func forget(_ many: ManyStatement) {
        guard many.known.isPrepared else { return }
        many.known.isPrepared = false
        driver.statements.close([many.known.name])
    }

    /// Takes note of answers to runs of the statement that comes next, which all went well.
    func take(_ answered: RunsAnswered) {
        guard let item = queue.current else { return }
        item.statement.ran(answered.runCount, affected: answered.affectedCount)
        queue.currentRan(answered.runCount, syncCount: answered.syncCount) { settled in
            note(settled, nil, isOwnFailure: false)
        }
        if answered.syncCount > 0 { announced.settle(sync: driver.session.syncsAnswered - 1) }
        // A run that has a Sync of its own is not over before that is answered.
        driver.runner.begin(item.running)
        if answered.isWithinRun { driver.runner.noteBound() }
    }
}
