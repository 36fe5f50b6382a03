extension ConnectionGate {
    /// As `query`, behind a BEGIN that allows no writing; the block is left to what gets the connection back.
    nonisolated(nonsending) func queryReadOnly(
        _ query: PostgresQuery, _ options: StreamOptions, goingBack wayBack: any ConnectionWayBack
    ) async throws(PostgresError) -> RowStream {
        let scope: TransactionScope
        do throws(PostgresError) {
            scope = try await TransactionScope.open(on: self, TransactionOptions { $0.access = .readOnly })
        } catch {
            endsWithNextVerb(wayBack)
            goBack()
            throw error
        }
        endsWithNextVerb(wayBack, isReading: true)
        // The scope and the gate know each other, and only the query needs the scope.
        defer { leave(scope) }
        do throws(PostgresError) {
            return try await self.query(.text(query, .extended), options, in: scope)
        } catch {
            goBack()
            throw error
        }
    }
}
