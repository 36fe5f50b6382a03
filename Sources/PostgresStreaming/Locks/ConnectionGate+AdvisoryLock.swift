import PostgresTransport
import PostgresWire

extension ConnectionGate {
    /// Gets a lock for the session, or throws and leaves none behind.
    nonisolated(nonsending) func acquire(_ lock: AdvisoryLock, within limit: Duration) async throws(PostgresError) {
        let attempt = AdvisoryLockAttempt(lock, limit: limit.asLimit)
        let driver = try await begin()
        do throws(PostgresError) {
            try checkMayLock(driver)
            if let count = holds[lock] {
                // The server would count as well; here there is no doubt about the count.
                holds[lock] = count + 1
                return finish()
            }
            try driver.sayQuestion(attempt.query)
        } catch {
            finish()
            throw error
        }
        do throws(PostgresError) {
            // The server keeps the limit; where it does not answer at all, this does.
            try await driver.within(attempt.limit + times.cleanUp) { driver throws(PostgresError) in
                try await attempt.read(from: driver)
            }
        } catch {
            // Also the answer that comes while the call is given up counts.
            await shield(attempt.givingUp)
            throw stamped(error.code == .queryTimedOut ? .advisoryLockUnanswered(lock.key) : error)
        }
        finish()
        if attempt.progress.withLock({ $0.error }) != nil { await shield(attempt.givingUp) }
        do throws(PostgresError) { try attempt.check() } catch { throw stamped(error) }
        holds[lock] = 1
    }

    private func checkMayLock(_ driver: ConnectionDriver) throws(PostgresError) {
        guard !driver.statements.isBehindTransactionPooler else { throw .advisoryLockBehindPooler }
        guard driver.session.transactionStatus == .idle else {
            throw PostgresError(
                .invalidState, "a transaction block is open already",
                hint: "A lock that is given back before the end of a transaction does not protect what it did. "
                    + "Use PostgresTransaction.acquireAdvisoryLock(_:mode:within:).")
        }
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
    }

    /// Gives back a lock of the session, whatever its scope left open and also if the task was cancelled.
    ///
    /// - Returns: why the lock may have been lost before; nil where it was not.
    nonisolated(nonsending) func release(_ lock: AdvisoryLock) async -> PostgresError? {
        let outerCount = (holds[lock] ?? 1) - 1
        holds[lock] = outerCount > 0 ? outerCount : nil
        cutOffStream(.advisoryLockReleased)
        let answer = Locked(true)
        if outerCount > 0 {
            await shield(.rollBack)
        } else {
            await shield(lock.givingBack { wasHeld in answer.withLock { $0 = wasHeld } })
        }
        do throws(PostgresError) {
            if let failure = try held().failure { return PostgresError(lostBy: failure, lock.key) }
        } catch {
            return PostgresError(lostBy: error, lock.key)
        }
        return answer.withLock { $0 } ? nil : .advisoryLockGone(lock.key)
    }
}
