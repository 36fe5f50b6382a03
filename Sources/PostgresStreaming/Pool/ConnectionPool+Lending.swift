import PostgresTransport

extension ConnectionPool {
    /// Lends a connection, when one is free.
    ///
    /// - Parameter isImpatient: whether the first attempt to connect that fails ends the call.
    nonisolated(nonsending) func lend(
        label: String?, timeout: Duration?, isImpatient: Bool = false
    ) async throws(PostgresError) -> (PostgresConnection, PoolHome) {
        do throws(PostgresError) {
            if let misconfiguration { throw misconfiguration }
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            warnOfMissingUpkeep()
            var waiter = makeWaiter(label)
            waiter.isImpatient = isImpatient
            let deadline = waiter.asked + (timeout ?? settings.leaseTimeout).asLimit
            let connection = try await connection(for: waiter, until: deadline)
            let now = ContinuousClock.now
            observation.leased(after: now - waiter.asked)
            connection.news.clear()
            return (
                PostgresConnection(connection, closeTimeout: configuration.closeTimeout),
                PoolHome(pool: self, connection: connection, since: now)
            )
        } catch {
            observation.failed(error)
            throw error
        }
    }

    private nonisolated(nonsending) func connection(
        for waiter: PoolWaiter, until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> PooledConnection {
        var isAgain = false
        while true {
            var outcome = ask(waiter, again: isAgain)
            if outcome == nil { outcome = try await self.outcome(of: waiter, until: deadline) }
            switch outcome {
            case .granted(let connection, let isToBeChecked):
                // After connections that did not work there may be more of them than there is time for.
                guard !isAgain || ContinuousClock.now < deadline else {
                    decline(connection)
                    throw PostgresError.poolTimedOut("no connection that works was found in time")
                }
                if let reason = try await defect(of: connection, isToBeChecked, until: deadline) {
                    // One that a hook did not accept is closed already, or still with the hook.
                    if reason != .refused { connection.close() }
                    // Whoever asks again goes before those who wait, so the place in the queue is kept.
                    isAgain = true
                    ended(connection.id, reason)
                } else {
                    return connection
                }
            case .refused(let error): throw error
            case nil: throw PostgresError.poolClosed
            }
        }
    }

    /// Why a connection cannot be lent; nil where it can.
    private nonisolated(nonsending) func defect(
        of connection: PooledConnection, _ isToBeChecked: Bool, until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> PostgresPoolHooks.CloseReason? {
        guard !Task.isCancelled else {
            decline(connection)
            throw PostgresError(.cancelled, "the task was cancelled while it waited for a connection")
        }
        guard connection.isAlive else { return .lost }
        guard connection.seemsToFit(configuration.targetSession) else {
            evict(connection.whereabouts.endpoint)
            return .demoted
        }
        let left = max(ContinuousClock.now.duration(to: deadline), Self.lendingTimeMin)
        if isToBeChecked {
            let isHealthy = await connection.isHealthy(within: min(settings.checkTimeout, left))
            observation.checked(isHealthy)
            guard isHealthy else { return .unhealthy }
        }
        guard let hook = settings.hooks.beforeLease else { return nil }
        return (try? await connection.isAccepted(within: left, by: hook)) == true ? nil : .refused
    }

    /// What a connection has to show that it works, also for a call that has no time to wait for one.
    private static let lendingTimeMin = Duration.milliseconds(100)

    private func decline(_ connection: PooledConnection) {
        handle { machine, now in
            machine.declined(connection.id, now: now)
        } alongside: {
            $0.connections[connection.id] = connection
        }
    }

    /// Asks for a connection; nil where the call has to wait.
    private func ask(_ waiter: PoolWaiter, again isAgain: Bool) -> PoolWait.Outcome? {
        handle { machine, now in isAgain ? machine.askAgain(waiter, now: now) : machine.ask(waiter, now: now) }
        return state.withLock { $0.takeOutcome(of: waiter.id) }
    }

    /// Waits for what becomes of a call.
    private nonisolated(nonsending) func outcome(
        of waiter: PoolWaiter, until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> PoolWait.Outcome {
        let cell = ReadinessCell(loop: try EventLoop.started())
        let early = state.withLock { state in
            if let outcome = state.takeOutcome(of: waiter.id) { return outcome as PoolWait.Outcome? }
            state.waits[waiter.id] = PoolWait(cell: cell)
            return nil
        }
        if let early { return early }
        let ending = await cell.wait(for: .readable, deadline: deadline)
        if let outcome = state.withLock({ $0.takeOutcome(of: waiter.id) }) {
            return outcome
        }
        return .refused(withdraw(waiter.id, isCancelled: ending == .cancelled))
    }

    private func withdraw(_ id: PoolWaiter.ID, isCancelled: Bool) -> PostgresError {
        let error = state.withLock { state in
            state.waits[id] = nil
            let error = state.machine.withdraw(id, now: .now)
            observation.note(state.machine.statistics, &state.reported)
            return error
        }
        guard isCancelled else { return error }
        return PostgresError(.cancelled, "the task was cancelled while it waited for a connection")
    }

    private func makeWaiter(_ label: String?) -> PoolWaiter {
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        return PoolWaiter(id: ticket, asked: .now, label: label, task: .current)
    }
}

extension ConnectionPool.State {
    /// What became of a call, if that is known; it is forgotten by that.
    fileprivate mutating func takeOutcome(of id: PoolWaiter.ID) -> PoolWait.Outcome? {
        guard let outcome = waits[id]?.outcome else { return nil }
        waits[id] = nil
        return outcome
    }
}
