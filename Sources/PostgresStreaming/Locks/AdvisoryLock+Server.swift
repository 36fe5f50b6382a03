import PostgresTransport
import PostgresWire

extension AdvisoryLockAttempt {
    /// Reads the server's answer; may be called again where waiting for it was given up.
    nonisolated(nonsending) func read(from driver: ConnectionDriver) async throws(PostgresError) {
        guard !progress.withLock({ $0.isOver }) else { return }
        let end = try await driver.answers { event throws(PostgresError) in
            guard case .rows(let rows) = event else { return nil as Void? }
            let isGranted = try driver.text(in: rows) == "t"
            progress.withLock { $0.isGranted = isGranted }
            return nil
        }
        guard case .ready(let failure) = end else { return }
        progress.withLock { progress in
            progress.error = failure
            if failure != nil { progress.isGranted = false }
            progress.isOver = true
        }
    }

    /// Sees to it that an attempt which the caller gave up leaves no lock behind; where that cannot be done in time the
    /// connection is closed, and the server unlocks.
    var givingUp: CleanUp { .other { driver, time in await self.giveUp(on: driver, within: time) } }

    private nonisolated(nonsending) func giveUp(on driver: ConnectionDriver, within time: Duration) async {
        if driver.failure == nil, !progress.withLock({ $0.isOver }) {
            // A request of which it is not known whether it has arrived could cancel what comes next.
            do throws(TransportError) {
                try await driver.requestCancel()
            } catch {
                return driver.fail(.unlockFailed("the wait for it could not be cancelled"))
            }
            try? await read(from: driver)
        }
        guard driver.failure == nil else { return }
        guard progress.withLock({ $0.isOver }) else {
            return driver.fail(.unlockFailed("the server did not end the wait for it in time"))
        }
        if mayBeGranted { _ = await lock.giveBack(by: lock.unlockingIfHeld, on: driver, within: time) }
    }
}

extension AdvisoryLock {
    /// Gives the lock back; `answer` is told whether the session held it.
    func givingBack(_ answer: @escaping @Sendable (Bool) -> Void) -> CleanUp {
        .other { driver, time in answer(await giveBack(by: unlocking, on: driver, within: time)) }
    }

    /// Gives the lock back after what its scope left open: streams and transaction blocks are ended first. Where that
    /// cannot be done in time the connection is closed, and the server unlocks.
    ///
    /// - Parameter time: the time for all of it, which the caller keeps.
    /// - Returns: whether the session held the lock.
    fileprivate nonisolated(nonsending) func giveBack(
        by query: PostgresQuery, on driver: ConnectionDriver, within time: Duration
    ) async -> Bool {
        await driver.leaveQuery(within: time)
        await driver.rollBack()
        guard driver.failure == nil else { return false }
        do throws(PostgresError) {
            return try await driver.ask(query) == "t"
        } catch {
            driver.fail(.unlockFailed(error.message))
            return false
        }
    }
}

extension PostgresError {
    fileprivate static func unlockFailed(_ reason: String) -> PostgresError {
        PostgresError(
            .connectionLost, "connection closed: an advisory lock could not be given back: \(reason)",
            isConnectionUsable: false)
    }
}
