import PostgresTransport

extension PoolStateMachine {
    /// The pause behind a failed attempt is over.
    package mutating func retry(now: Instant) -> [PoolDecision] {
        backoff.noteRetry()
        return settled(now)
    }

    /// Looks after what nobody uses, and at leases that last long.
    package mutating func tick(now: Instant) -> [PoolDecision] {
        guard !isShuttingDown else { return settled(now) }
        lookAfterIdle(now)
        keepsMinimum = true
        if let threshold = configuration.longLeaseThreshold { report(longerThan: threshold, now) }
        return settled(now)
    }

    private mutating func lookAfterIdle(_ now: Instant) {
        // Those that were not used for longest come first.
        for id in idle {
            guard let member = members[id], case .idle(let since) = member.phase else { continue }
            let staying = members.values.count { if case .closing = $0.phase { false } else { true } }
            let isUnused = now - member.unusedSince >= configuration.idleTimeout
            if let reason = unfitness(of: id, now) {
                close(id, reason)
            } else if isUnused, staying > configuration.connectionsMin {
                close(id, .unused)
            } else if now - since >= configuration.checkIdleTime {
                members[id]?.phase = .returning(isSoon: true)
                decisions.append(.check(id))
            }
        }
        idle.removeAll { id in if case .idle? = members[id]?.phase { false } else { true } }
    }

    private mutating func report(longerThan threshold: Duration, _ now: Instant) {
        for (id, member) in members {
            guard case .leased(var lease) = member.phase, !lease.isReported, now - lease.since >= threshold else {
                continue
            }
            lease.isReported = true
            members[id]?.phase = .leased(lease)
            decisions.append(.report(id, lease, now - lease.since))
        }
    }

    /// The pool gets other bounds. What is too much is closed as soon as it is free.
    package mutating func resize(_ range: ClosedRange<Int>, now: Instant) -> [PoolDecision] {
        configuration.connectionsMin = range.lowerBound
        configuration.connectionsMax = range.upperBound
        var surplus = members.count - range.upperBound
        while surplus > 0, !idle.isEmpty {
            close(idle.removeFirst(), .unused)
            surplus -= 1
        }
        return settled(now)
    }

    /// These connections are not what the pool needs any more; they are closed as soon as they are free.
    package mutating func evict(
        _ ids: some Sequence<ConnectionID>, _ reason: PostgresPoolHooks.CloseReason, now: Instant
    ) -> [PoolDecision] {
        for id in ids {
            members[id]?.unfit = reason
            guard let index = idle.firstIndex(of: id) else { continue }
            idle.remove(at: index)
            close(id, reason)
        }
        return settled(now)
    }

    /// No call gets a connection any more; leases go on until they end.
    package mutating func shutDown(now: Instant) -> [PoolDecision] {
        isShuttingDown = true
        for waiter in queue.removeAll() { refuse(waiter.id, .poolClosed) }
        for id in idle { close(id, .shutDown) }
        idle.removeAll()
        return settled(now)
    }

    // MARK: looking

    /// Where the pool stands.
    package var statistics: PoolStatistics {
        var statistics = counts
        for member in members.values {
            switch member.phase {
            case .connecting: statistics.connecting += 1
            case .idle: statistics.idle += 1
            case .leased: statistics.leased += 1
            case .returning, .closing: statistics.returning += 1
            }
        }
        statistics.waiting = queue.count
        statistics.lastConnectError = backoff.lastError?.code
        return statistics
    }
}
