import PostgresWire

extension StatementDescription {
    /// Has a query described.
    nonisolated(nonsending) static func of(
        _ query: PostgresQuery, on gate: ConnectionGate
    ) async throws(PostgresError) -> StatementDescription {
        try await describing(on: gate) { driver, scope throws(PostgresError) in
            try await driver.describe(query, after: scope?.pending ?? [], in: scope)
        }
    }

    /// Makes a statement out of SQL and has it described.
    nonisolated(nonsending) static func preparing(
        _ sql: String, as name: String, on gate: ConnectionGate
    ) async throws(PostgresError) -> StatementDescription {
        try await describing(on: gate) { driver, scope throws(PostgresError) in
            try driver.startDescribing(sql, as: name, [], after: scope?.pending ?? [])
            scope?.noteSent()
            return try await driver.readDescription()
        }
    }

    private nonisolated(nonsending) static func describing(
        on gate: ConnectionGate,
        _ body:
            nonisolated(nonsending) (ConnectionDriver, (any StatementScope)?) async throws(PostgresError) ->
            StatementDescription
    ) async throws(PostgresError) -> StatementDescription {
        let driver = try await gate.begin(in: gate.transaction)
        do throws(PostgresError) {
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            let scope = gate.transaction
            let description = try await driver.control(within: scope?.time) { driver throws(PostgresError) in
                try await body(driver, scope)
            }
            gate.finish()
            return description
        } catch {
            driver.session.isIdle ? gate.finish() : gate.leave()
            gate.transaction?.note(error)
            throw await gate.settled(error)
        }
    }
}
