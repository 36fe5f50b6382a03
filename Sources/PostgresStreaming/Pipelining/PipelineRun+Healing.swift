import PostgresWire

/// What a query by itself has as well: a statement that is out of date is prepared again and run once more, where nothing had
/// an effect and no result was seen.
extension PipelineRun {
    /// Keeps a query for the case that it has to be said again; nil where it is not kept.
    func retained(_ query: PostgresQuery) -> PostgresQuery? {
        let bytes = query.parameters.cells.count + Self.bytesBeside
        guard !isInBlock, retainedBytes + bytes <= Self.retainedBytesMax else { return nil }
        retainedBytes += bytes
        return query
    }

    /// Lets go of what was kept.
    func letGo(_ item: PipelinedRun, count: Int = 1) {
        if let query = item.statement.query {
            retainedBytes -= (query.parameters.cells.count + Self.bytesBeside) * count
        }
    }

    private static var retainedBytesMax: Int { 1 << 20 }
    private static var bytesBeside: Int { 256 }

    /// Takes back what a Sync has undone, where it may be said again.
    func takeBack() -> [PipelinedRun]? {
        guard !isInBlock, driver.runner.remedy != nil, driver.session.isIdle, driver.session.transactionStatus == .idle
        else { return nil }
        var mayBeSaidAgain = true
        queue.forEach { mayBeSaidAgain = mayBeSaidAgain && $0.statement.query != nil && $0.statement.isUnseen }
        guard mayBeSaidAgain else { return nil }
        return queue.takeBack(sync: driver.session.syncsAnswered - 1)
    }

    /// Says statements again that were undone, the one among them that was out of date as it is now.
    nonisolated(nonsending) func sayAgain(_ items: [PipelinedRun], after failure: PostgresError)
        async throws(PostgresError)
    {
        let isGroupOpen = group.count > 0
        group = PipelineGroup()
        for item in items {
            item.statement.beginAgain()
            letGo(item)
        }
        do throws(PostgresError) {
            for item in items { if let query = item.statement.query { try await prepare(query) } }
            for item in items {
                guard let query = item.statement.query else { continue }
                let known = driver.statements.use(KnownStatement.Key(sql: query.sql, types: query.parameters.types))
                let (typed, parameters) = try await typed(known, query)
                try say(typed, parameters, of: query, for: item.statement)
            }
            if !isGroupOpen { try endGroup() }
        } catch {
            guard driver.failure == nil, error.code == .server else { throw error }
            for item in items { item.statement.settle(.undone, failure, isOwnFailure: true) }
        }
    }

    /// Asks for what has to be known of a query before the first of them is said.
    private nonisolated(nonsending) func prepare(_ query: PostgresQuery) async throws(PostgresError) {
        try await settleTypes(of: query)
        try await describeFirst(
            driver.statements.use(KnownStatement.Key(sql: query.sql, types: query.parameters.types)))
    }
}
