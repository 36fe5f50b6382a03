import PostgresTransport

extension ConnectionPool {
    /// Takes a connection back after a lease.
    func takeBack(_ connection: PooledConnection, _ surrendered: SurrenderedDriver, leasedFor time: Duration) {
        observation.returned(after: time)
        switch surrendered {
        case .nothing: lost(connection)
        case .atRest: if mayReturnAtOnce(connection) { returnAtOnce(connection) } else { recycle(connection) {} }
        case .atWork: recycle(connection) {}
        case .reading(let handover): recycle(connection) { _ = await handover.cleaned(.commitReading) }
        case .cleaning(let task): recycle(connection) { _ = await task.value }
        }
    }

    /// What is done with a session before it is lent again.
    private enum Reset { case none, deferred, discardAll }

    private func reset(of driver: ConnectionDriver) -> Reset {
        guard !driver.statements.isBehindTransactionPooler else { return .none }
        return switch settings.reset {
        case .nothing: .none
        case .keepStatements where !driver.statements.hasForeignStatements: .deferred
        case .keepStatements, .discardAll: .discardAll
        }
    }

    /// Whether a connection on which nothing is under way can be lent again without anything to be waited for.
    private func mayReturnAtOnce(_ connection: PooledConnection) -> Bool {
        let driver = connection.handover.driver
        guard settings.hooks.onRelease == nil, !driver.runner.hasRefusedToWrite, reset(of: driver) != .discardAll else {
            return false
        }
        return connection.seemsToFit(configuration.targetSession)
    }

    private func returnAtOnce(_ connection: PooledConnection) {
        let driver = connection.handover.driver
        if reset(of: driver) == .deferred { driver.startReset() }
        guard driver.failure == nil else { return lost(connection) }
        handle { machine, now in
            machine.released(connection.id, isSoon: true, now: now) + machine.returned(connection.id, now: now)
        } alongside: {
            $0.connections[connection.id] = connection
        }
    }

    private func recycle(_ connection: PooledConnection, after work: @escaping @Sendable () async -> Void) {
        handle { $0.released(connection.id, isSoon: false, now: $1) }
        Task.detached(executorPreference: connection.handover.driver.loop) { [self] in
            await work()
            await bringBack(connection)
        }
    }

    @concurrent
    private func bringBack(_ connection: PooledConnection) async {
        let driver = connection.handover.driver
        await driver.cleanUp(.rollBack)
        guard driver.failure == nil else { return lost(connection) }
        guard await isReleased(connection) else { return ended(connection.id, .refused) }
        switch reset(of: driver) {
        case .none: break
        case .deferred: driver.startReset()
        case .discardAll:
            await driver.discardAll(within: settings.checkTimeout)
            observation.reset(PoolOutcome(driver.failure == nil))
        }
        guard driver.failure == nil else { return ended(connection.id, .resetFailed) }
        await freeIfFit(connection, asks: false)
    }

    /// The stream for which the connection is lent is read by this task from now on.
    func handedOn(_ connection: PooledConnection, to task: TaskIdentity) {
        state.withLock { $0.machine.handedOn(connection.id, to: task) }
    }

    /// Reads the answer to the reset that was sent when the last lease ended, if there is one.
    nonisolated(nonsending) func finishReset(
        of connection: PooledConnection, within limit: Duration
    ) async -> ConnectionDriver.ResetOutcome {
        guard connection.isBeingReset else { return .clean }
        let outcome = await connection.finishReset(within: limit)
        if outcome != .cancelled { observation.reset(PoolOutcome(outcome == .clean)) }
        return outcome
    }

    /// Closes a connection of which the call or the pool has no use.
    func close(_ connection: PooledConnection) {
        // What became of its reset is of no interest any more.
        if connection.isBeingReset { observation.reset(.abandoned) }
        connection.close()
    }

    /// Lets the hook, if there is one, have a lease's end for as long as a check may take.
    private nonisolated(nonsending) func isReleased(_ connection: PooledConnection) async -> Bool {
        guard let hook = settings.hooks.onRelease else { return true }
        return (try? await connection.isAccepted(within: settings.checkTimeout, by: hook)) == true
    }

    /// The connection can be lent again.
    private func free(_ connection: PooledConnection) {
        handle { machine, now in
            machine.returned(connection.id, now: now)
        } alongside: {
            $0.connections[connection.id] = connection
        }
    }

    func check(_ connection: PooledConnection) {
        Task.detached(executorPreference: connection.handover.driver.loop) { [self] in
            var isHealthy = connection.isAlive
            if isHealthy { isHealthy = await finishReset(of: connection, within: settings.checkTimeout) == .clean }
            if isHealthy { isHealthy = await connection.isHealthy(within: settings.checkTimeout) }
            observation.checked(isHealthy)
            guard isHealthy else { return ended(connection.id, .unhealthy) }
            await freeIfFit(connection, asks: true)
        }
    }

    /// Frees a connection whose server is still what the pool needs; else all that lead there go.
    ///
    /// - Parameter asks: whether a server that does not report its role is asked.
    private nonisolated(nonsending) func freeIfFit(_ connection: PooledConnection, asks: Bool) async {
        if await connection.fits(configuration.targetSession, within: settings.checkTimeout, asks: asks) {
            free(connection)
        } else {
            connection.close()
            ended(connection.id, .demoted)
            // Where any server will do, only this session was found to be of no use.
            if configuration.targetSession != .any { evict(connection.whereabouts.endpoint) }
        }
    }

    /// Nothing that leads to this server is lent any more.
    func evict(_ endpoint: PostgresConfiguration.Endpoint?) {
        guard let endpoint else { return }
        hosts.memory.note(.lost, of: endpoint)
        var ids: [PoolStateMachine.ConnectionID] = []
        handle { machine, now in
            machine.evict(ids, .demoted, now: now)
        } alongside: { state in
            ids = state.whereabouts.filter { $0.value.endpoint == endpoint }.map(\.key)
        }
    }

    /// A connection ended in its lease. Its server may be on its way down, and another one about to take its place.
    private func lost(_ connection: PooledConnection) {
        if let endpoint = connection.whereabouts.endpoint { hosts.memory.note(.lost, of: endpoint) }
        ended(connection.id, .lost)
    }

    /// Tells of a connection that ends, before the pool knows: one that is closed has told of everything.
    func tell(of reason: PostgresPoolHooks.CloseReason) {
        observation.closed(reason)
        settings.hooks.onClose?(reason)
    }

    func ended(_ id: PoolStateMachine.ConnectionID, _ reason: PostgresPoolHooks.CloseReason) {
        tell(of: reason)
        handle {
            $0.ended(id, now: $1)
        } alongside: {
            $0.whereabouts[id] = nil
        }
    }
}
