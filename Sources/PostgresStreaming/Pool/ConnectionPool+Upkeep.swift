import PostgresTransport

extension ConnectionPool {
    /// Does what is due for as long as the task lives and the pool is open.
    ///
    /// - Parameter other: a pool that is looked after as well, if there is one by then.
    nonisolated(nonsending) func lookAfter(alongside other: () -> ConnectionPool?) async {
        guard misconfiguration == nil else { return }
        state.withLock { $0.upkeepCount += 1 }
        defer { state.withLock { $0.upkeepCount -= 1 } }
        while !Task.isCancelled, !isShuttingDown {
            handle { $0.tick(now: $1) }
            other()?.tickAlongside()
            try? await Task.sleep(for: upkeepInterval)
        }
    }

    /// Does what is due, on behalf of another pool's upkeep.
    private func tickAlongside() {
        state.withLock { $0.hasWarned = true }
        handle { $0.tick(now: $1) }
    }

    /// Often enough for the shortest of the limits that are looked after.
    private var upkeepInterval: Duration {
        let limits = [
            settings.idleTimeout, settings.lifetimeMax, settings.checkIdleTime,
            settings.longLeaseThreshold ?? .seconds(4),
        ]
        return min(max((limits.min() ?? .zero) / 4, .milliseconds(5)), .seconds(1))
    }

    /// A program that never looks after its pool is told once.
    func warnOfMissingUpkeep() {
        guard begun.duration(to: .now) > .seconds(1) else { return }
        let isToWarn = state.withLock { state in
            guard state.upkeepCount == 0, !state.hasWarned else { return false }
            state.hasWarned = true
            return true
        }
        if isToWarn { observation.isNotLookedAfter() }
    }

    /// Gives the pool other bounds.
    func resize(_ range: ClosedRange<Int>) { handle { $0.resize(range, now: $1) } }

    // MARK: the end

    /// Whether nothing is lent any more.
    var isShuttingDown: Bool { state.withLock { $0.machine.isShuttingDown } }

    /// Lends nothing any more, and ends what nobody uses.
    func shutDown() {
        handle { machine, now in
            machine.shutDown(now: now)
        } alongside: { state in
            for attempt in state.attempts.values { attempt.task.cancel() }
        }
    }

    /// Shuts down and waits for the leases to end; false where some did not in time, and were cut off.
    nonisolated(nonsending) func close(within limit: Duration) async -> Bool {
        shutDown()
        if await waitForEnd(within: limit) { return true }
        for breaker in state.withLock({ $0.whereabouts.values.map(\.breaker) }) { breaker.breakConnection() }
        _ = await waitForEnd(within: Self.cutOffTimeMax)
        return false
    }

    /// How long those whose connection was broken may take to notice.
    private static let cutOffTimeMax = Duration.seconds(1)

    private nonisolated(nonsending) func waitForEnd(within limit: Duration) async -> Bool {
        guard let loop = try? EventLoop.forWaiting() else { return true }
        let cell = ReadinessCell(loop: loop)
        let isFinished = state.withLock { state in
            if !state.isFinished { state.closers.append(cell) }
            return state.isFinished
        }
        if isFinished { return true }
        _ = await cell.wait(for: .readable, deadline: .now + limit.asLimit)
        return state.withLock { state in
            state.closers.removeAll { $0 === cell }
            return state.isFinished
        }
    }
}
