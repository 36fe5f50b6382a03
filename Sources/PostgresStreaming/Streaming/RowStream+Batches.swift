import PostgresWire

extension RowStream {
    /// Runs a query by a portal of its own, reads the first batch of its rows, and frees the connection.
    nonisolated(nonsending) static func batchedSource(
        _ request: StatementRequest, _ driver: ConnectionDriver, _ regulator: StreamRegulator, on gate: ConnectionGate,
        in scope: (any StatementScope)?
    ) async throws(PostgresError) -> StreamSource {
        guard !gate.isForOneVerb else { throw .batchesWithoutConnection }
        if regulator.options.reportsSerialPlans, let observed = regulator.control.observation,
            case .text(let query, .portal) = request, canBeExplained(query),
            try await isParallel(query, driver, regulator, in: scope)
        {
            observed.runsSerially()
        }
        let portal = try Portal(request.mode, regulator.options, on: gate, in: scope)
        let beginning: QueryBeginning
        if case .text(let query, .heldCursor) = request {
            beginning = try await declare(portal, for: query, driver, regulator, in: scope)
        } else {
            guard scope != nil || driver.session.transactionStatus != .idle else { throw .portalOutsideTransaction }
            beginning = try await begin(request, driver, regulator, in: scope, by: portal.execution(regulator))
        }
        regulator.described()
        switch beginning {
        case .rows(let layout, let first):
            try await portal.readBatch(of: layout, from: driver, regulator, after: first)
            driver.regulate(by: nil)
            gate.finish()
            return StreamSource(fedBy: portal, gate: gate, layout: layout, regulator: regulator)
        case .ended(let tag):
            driver.regulate(by: nil)
            gate.finish()
            return StreamSource(ended: gate, regulator: regulator, commandTag: tag.map(PostgresCommandTag.init))
        }
    }

    /// Whether the statement has a plan: EXPLAIN of what has none fails, and a transaction with it.
    private static func canBeExplained(_ query: PostgresQuery) -> Bool {
        ["select", "with", "values", "table"].contains(KnownStatement.firstWord(of: query.sql))
    }

    /// Whether the server would run a query in parallel, as its plan says.
    private nonisolated(nonsending) static func isParallel(
        _ query: PostgresQuery, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        in scope: (any StatementScope)?
    ) async throws(PostgresError) -> Bool {
        guard scope != nil || driver.session.transactionStatus != .idle else { throw .portalOutsideTransaction }
        var isParallel = false
        func look(at event: SessionEvent?, _ layout: ColumnLayout) throws(PostgresError) {
            guard case .rows(let rows)? = event else { return }
            for row in RowChunk(slab: driver.slab, layout: layout, rows: rows, firstRowNumber: 1) where !isParallel {
                isParallel = try row.decode(column: 0, as: String.self).contains("Workers Planned: ")
            }
        }
        let beginning = try await begin(.text("EXPLAIN \(query)", .extended), driver, regulator, in: scope)
        guard case .rows(let layout, let first) = beginning else { return false }
        try look(at: first, layout)
        try await driver.answer { event throws(PostgresError) in
            try look(at: event, layout)
            return nil as Void?
        }
        return isParallel
    }

    /// Declares a cursor for a query and asks it for its first rows.
    private nonisolated(nonsending) static func declare(
        _ portal: Portal, for query: PostgresQuery, _ driver: ConnectionDriver, _ regulator: StreamRegulator,
        in scope: (any StatementScope)?
    ) async throws(PostgresError) -> QueryBeginning {
        guard !driver.statements.isBehindTransactionPooler else { throw .heldCursorBehindPooler }
        let name = PostgresIdentifier(portal.name)
        let declaration: PostgresQuery = "DECLARE \(name) NO SCROLL CURSOR WITH HOLD FOR \(query)"
        _ = try await begin(.text(declaration, .extended), driver, regulator, in: scope)
        if scope == nil, driver.session.transactionStatus == .idle { regulator.releaseSnapshot() }
        let first = StatementRequest.kept(portal.becomeCursor(regulator), BoundParameters())
        return try await begin(first, driver, regulator, in: scope)
    }
}

extension PostgresError {
    fileprivate static var portalOutsideTransaction: PostgresError {
        PostgresError(
            .invalidState, "a portal needs a transaction",
            hint: "Query it within withTransaction, or use .heldCursor, whose rows the server keeps.")
    }

    fileprivate static var batchesWithoutConnection: PostgresError {
        PostgresError(
            .unsupported, "rows in batches need a connection that is kept between them",
            hint: "Query them within withConnection or withTransaction.")
    }

    fileprivate static var heldCursorBehindPooler: PostgresError {
        PostgresError(
            .unsupported, "a cursor that is held needs a session of its own",
            hint: "A transaction pooler changes sessions; use .portal within a transaction.")
    }
}
