import PostgresTransport
import PostgresWire

extension AdvisoryLock {
    /// Gets a lock for the session, or throws and leaves none behind.
    nonisolated(nonsending) func acquire(on gate: ConnectionGate, within limit: Duration) async throws(PostgresError) {
        let attempt = AdvisoryLockAttempt(self, limit: limit.asLimit)
        let driver = try await gate.begin()
        do throws(PostgresError) {
            try Self.checkMayLock(driver)
            if let count = gate.holds[self] {
                // The server would count as well; here there is no doubt about the count.
                gate.holds[self] = count + 1
                return gate.finish()
            }
            try driver.sayQuestion(attempt.query)
        } catch {
            gate.finish()
            throw error
        }
        do throws(PostgresError) {
            // The server keeps the limit; where it does not answer at all, this does.
            try await driver.within(attempt.limit + gate.times.cleanUp) { driver throws(PostgresError) in
                try await attempt.read(from: driver)
            }
        } catch {
            // Also the answer that comes while the call is given up counts.
            await gate.shield(attempt.givingUp)
            throw gate.stamped(error.code == .queryTimedOut ? .advisoryLockUnanswered(key) : error)
        }
        gate.finish()
        if attempt.progress.withLock({ $0.error }) != nil { await gate.shield(attempt.givingUp) }
        do throws(PostgresError) { try attempt.check() } catch { throw gate.stamped(error) }
        gate.holds[self] = 1
    }

    private static func checkMayLock(_ driver: ConnectionDriver) throws(PostgresError) {
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
    nonisolated(nonsending) func release(on gate: ConnectionGate) async -> PostgresError? {
        let outerCount = (gate.holds[self] ?? 1) - 1
        gate.holds[self] = outerCount > 0 ? outerCount : nil
        gate.cutOffStream(.advisoryLockReleased)
        let answer = Locked(true)
        if outerCount > 0 {
            await gate.shield(.rollBack)
        } else {
            await gate.shield(givingBack { wasHeld in answer.withLock { $0 = wasHeld } })
        }
        do throws(PostgresError) {
            if let failure = try gate.held().failure { return PostgresError(lostBy: failure, key) }
        } catch {
            return PostgresError(lostBy: error, key)
        }
        return answer.withLock { $0 } ? nil : .advisoryLockGone(key)
    }
}
