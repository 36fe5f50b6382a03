import PostgresTransport

extension ConnectionPool {
    /// Lends a connection, when one is free.
    ///
    /// - Parameters:
    ///   - isImpatient: whether the first attempt to connect that fails ends the call.
    ///   - isForStream: whether the lease ends with one stream.
    nonisolated(nonsending) func lend(
        label: String?, timeout: Duration?, isImpatient: Bool = false, isForStream: Bool = false
    ) async throws(PostgresError) -> (PostgresConnection, PoolHome) {
        do throws(PostgresError) {
            if let misconfiguration { throw misconfiguration }
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            warnOfMissingUpkeep()
            // Before the call is known to the pool: where this fails no call may be left behind in the queue.
            let loop = try EventLoop.forWaiting()
            var waiter = makeWaiter(label, isForStream: isForStream)
            waiter.loop = loop.isCurrent ? loop.number : nil
            waiter.isImpatient = isImpatient
            let deadline = waiter.asked + (timeout ?? settings.leaseTimeout).asLimit
            let connection = try await connection(for: waiter, on: loop, until: deadline)
            let now = MonotonicTime.now
            observation.leased(after: now - waiter.asked)
            connection.news.clear()
            return (
                connection.lent(closeTimeout: configuration.closeTimeout),
                PoolHome(pool: self, connection: connection, since: now, task: isForStream ? waiter.task : nil)
            )
        } catch {
            observation.failed(error)
            throw error
        }
    }

    private nonisolated(nonsending) func connection(
        for waiter: PoolWaiter, on loop: EventLoop, until deadline: MonotonicTime
    ) async throws(PostgresError) -> PooledConnection {
        var call = ask(waiter, on: loop) { $0.ask(waiter, now: $1) }
        var isFirst = true
        while true {
            let (connection, isToBeChecked) = try await outcome(of: call, of: waiter, until: deadline)
            // After connections that did not work there may be more of them than there is time for.
            guard isFirst || MonotonicTime.now < deadline else { throw decline(connection, .noneThatWorks) }
            guard let reason = try await defect(of: connection, isToBeChecked, until: deadline) else {
                return connection
            }
            // One that a hook did not accept is closed already, or still with the hook.
            if reason != .refused { close(connection) }
            tell(of: reason)
            isFirst = false
            // In one step, so that the call keeps its place before all others.
            call = ask(waiter, on: loop) { machine, now in
                machine.ended(connection.id, now: now) + machine.askAgain(waiter, now: now)
            } alongside: {
                $0.whereabouts[connection.id] = nil
            }
        }
    }

    /// Why a connection cannot be lent; nil where it can.
    private nonisolated(nonsending) func defect(
        of connection: PooledConnection, _ isToBeChecked: Bool, until deadline: MonotonicTime
    ) async throws(PostgresError) -> PostgresPoolHooks.CloseReason? {
        guard !Task.isCancelled else { throw decline(connection, .leaseCancelled) }
        guard connection.isAlive else { return .lost }
        let left = max(MonotonicTime.now.duration(to: deadline), Self.lendingTimeMin)
        switch await finishReset(of: connection, within: min(settings.checkTimeout, left)) {
        case .clean: break
        case .failed: return .resetFailed
        case .cancelled: throw decline(connection, .leaseCancelled)
        }
        guard connection.seemsToFit(configuration.targetSession) else {
            evict(connection.whereabouts.endpoint)
            return .demoted
        }
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

    /// The call does not want the connection that it was granted any more.
    private func decline(_ connection: PooledConnection, _ reason: PostgresError) -> PostgresError {
        handle { machine, now in
            machine.declined(connection.id, now: now)
        } alongside: {
            $0.connections[connection.id] = connection
        }
        return reason
    }

    // MARK: asking and waiting

    /// A call that the pool knows.
    private enum Call: Sendable {
        case answered(LeaseOutcome)
        case waiting(ReadinessCell)
    }

    /// Asks for a connection by an event; the call is known to the pool from then on, unless it is answered at once.
    private func ask(
        _ waiter: PoolWaiter, on loop: EventLoop,
        _ event: (inout PoolStateMachine, MonotonicTime) -> [PoolDecision],
        alongside change: (inout State) -> Void = { _ in }
    ) -> Call {
        handle(event, alongside: change) { state in
            if let outcome = state.takeOutcome(of: waiter.id) { return .answered(outcome) }
            let cell = ReadinessCell(loop: loop)
            state.cells[waiter.id] = cell
            return .waiting(cell)
        }
    }

    /// Waits for what becomes of a call. The end of the wait, for whatever reason, is decided in the same critical section
    /// in which the answer is looked for: an answer that came first is never thrown away.
    private nonisolated(nonsending) func outcome(
        of call: Call, of waiter: PoolWaiter, until deadline: MonotonicTime
    ) async throws(PostgresError) -> (PooledConnection, isToBeChecked: Bool) {
        let outcome: LeaseOutcome
        switch call {
        case .answered(let answer): outcome = answer
        case .waiting(let cell):
            if await cell.wait(for: .readable, deadline: deadline) == .cancelled {
                handle { machine, now in
                    machine.cancelled(waiter.id, now: now)
                } alongside: {
                    $0.cells[waiter.id] = nil
                }
                throw PostgresError.leaseCancelled
            }
            outcome = withdraw(waiter.id)
        }
        switch outcome {
        case .granted(let connection, let isToBeChecked): return (connection, isToBeChecked)
        case .refused(let error): throw error
        }
    }

    /// Ends a call whose wait is over.
    private func withdraw(_ id: PoolWaiter.ID) -> LeaseOutcome {
        state.withLock { state in
            state.cells[id] = nil
            defer { observation.note(state.machine.statistics, &state.reported) }
            let answer = state.machine.withdraw(id, underWay: state.attempts.values.map(\.description), now: .now)
            return state.outcome(answer)
        }
    }

    private func makeWaiter(_ label: String?, isForStream: Bool) -> PoolWaiter {
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        return PoolWaiter(id: ticket, asked: .now, label: label, task: .current, isForStream: isForStream)
    }
}

extension ConnectionPool.State {
    /// What became of a call, if that is known; it is forgotten by that.
    fileprivate mutating func takeOutcome(of id: PoolWaiter.ID) -> LeaseOutcome? {
        machine.takeAnswer(to: id).map { outcome($0) }
    }

    /// Hands the connection of an answer over.
    fileprivate mutating func outcome(_ answer: PoolAnswer) -> LeaseOutcome {
        switch answer {
        case .refused(let error): return .refused(error)
        case .granted(let id, let isToBeChecked):
            guard let connection = connections.removeValue(forKey: id) else {
                preconditionFailure("a connection that is granted is in the pool's hands until its call takes it")
            }
            return .granted(connection, isToBeChecked: isToBeChecked)
        }
    }
}

/// What one call gets: a connection, or a word why there is none.
private enum LeaseOutcome: Sendable {
    case granted(PooledConnection, isToBeChecked: Bool)
    case refused(PostgresError)
}
