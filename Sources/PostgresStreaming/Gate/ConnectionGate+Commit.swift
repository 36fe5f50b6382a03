import PostgresTransport
import PostgresWire

extension ConnectionGate {
    /// Waits for the answer to what ends a transaction and was just said, also where the task is cancelled meanwhile, and
    /// ends the verb.
    ///
    /// - Returns: what the server answered.
    nonisolated(nonsending) func settleCommit(
        on driver: ConnectionDriver, within limit: Duration
    ) async -> CommitProgress {
        let end = MonotonicTime.now + limit
        do throws(PostgresError) {
            try await driver.within(until: end) { driver throws(PostgresError) in try await driver.readCommit() }
        } catch {
            // No caller should have to guess what became of a commit, so where the task was cancelled its answer is waited
            // for all the same.
            if driver.failure == nil { await shield(.commit(until: end)) }
        }
        finish()
        let outcome = driver.runner.commit
        if outcome.isContradictory { driver.fail(.contradictoryCommit(outcome.ending)) }
        if driver.failure == nil, driver.session.transactionStatus != .idle { await shield(.rollBack) }
        return outcome
    }
}
