extension RowStream {
    /// As `run`, after a BEGIN that allows no writing; the block is left to what gets the connection back.
    nonisolated(nonsending) static func runReadOnly(
        _ query: PostgresQuery, _ options: StreamOptions, on gate: ConnectionGate,
        goingBack wayBack: any ConnectionWayBack
    ) async throws(PostgresError) -> RowStream {
        let scope: TransactionScope
        do throws(PostgresError) {
            scope = try await TransactionScope.open(on: gate, TransactionOptions { $0.access = .readOnly })
        } catch {
            gate.endsWithNextVerb(wayBack)
            gate.goBack()
            throw error
        }
        gate.endsWithNextVerb(wayBack, isReading: true)
        // The scope and the gate know each other, and only the query needs the scope.
        defer { gate.exit(scope) }
        do throws(PostgresError) {
            return try await run(.text(query, .extended), options, on: gate, in: scope)
        } catch {
            gate.goBack()
            throw error
        }
    }
}
