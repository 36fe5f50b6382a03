/// A transaction as its scope sees it; see `PostgresConnection.withTransaction(isolation:options:_:)`.
///
/// Functions and types that take part in a transaction take it as `some PostgresQuerying`, or keep it as `any
/// PostgresQuerying` for as long as the closure runs. It stays in the task that runs the closure. What is kept for longer
/// does no harm: once the transaction has ended every call throws `transactionEnded`.
public struct PostgresTransaction {
    let scope: TransactionScope

    init(_ scope: TransactionScope) { self.scope = scope }

    /// Which attempt this is, from 1, where the transaction is run by `withRetryingTransaction`.
    public var attempt: Int { scope.attempt }

    /// Runs a query in the transaction and returns its rows as a stream, which ends with the transaction at the latest.
    ///
    /// The first one takes BEGIN along in its flight.
    ///
    /// - Throws: as `PostgresConnection.query(_:mode:options:)`; `transactionEnded` if a statement has ended it.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        try await RowStream.run(.text(query, mode), options, on: scope.gate, in: scope)
    }

    /// Runs `body` in a savepoint: where it throws, what it did is undone and the transaction goes on.
    ///
    /// - Throws: what `body` throws; `transactionRolledBack` if `body` returned although a statement in it had failed,
    ///   and what it did is undone; `connectionBusy` within the closure of a COPY or a pipeline.
    @discardableResult
    public mutating nonisolated(nonsending) func withSavepoint<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        let savepoint = try scope.openSavepoint()
        let portalCount = scope.gate.portals.count
        var nested = PostgresTransaction(scope)
        do {
            let result: Result
            do {
                result = try await body(&nested)
            } catch {
                await scope.rollBack(to: savepoint)
                throw error
            }
            try await scope.release(savepoint)
            return result
        } catch {
            scope.gate.portals.lose(openedAfter: portalCount)
            throw error
        }
    }

    /// Lets other transactions see what this one sees, for as long as it is open.
    ///
    /// - Throws: as `query`; `queryTimedOut` after the configuration's `controlTimeout`.
    public nonisolated(nonsending) func exportSnapshot() async throws(PostgresError) -> PostgresExportedSnapshot {
        let rows = try await query("SELECT pg_catalog.pg_export_snapshot()", options: scope.gate.controlOptions)
        let identifier = try await rows.only().decode(String.self)
        return try PostgresExportedSnapshot(identifier: identifier)
    }
}

extension PostgresTransaction: PostgresQuerying {}
