import PostgresTransport

extension ConnectionPool {
    /// Takes a connection back after a lease.
    func takeBack(_ connection: PooledConnection, _ surrendered: SurrenderedDriver, leasedFor time: Duration) {
        observation.returned(after: time)
        switch surrendered {
        case .nothing: lost(connection)
        case .atRest: recycle(connection, isSoon: settings.hooks.onRelease == nil) {}
        case .atWork: recycle(connection, isSoon: false) {}
        case .reading(let handover): recycle(connection, isSoon: false) { _ = await handover.cleaned(.commitReading) }
        case .cleaning(let task): recycle(connection, isSoon: false) { _ = await task.value }
        }
    }

    private func recycle(
        _ connection: PooledConnection, isSoon: Bool, behind work: @escaping @Sendable () async -> Void
    ) {
        handle { $0.released(connection.id, isSoon: isSoon, now: $1) }
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
        await driver.reset(settings.reset, within: settings.checkTimeout)
        observation.reset(driver.failure == nil)
        guard driver.failure == nil else { return ended(connection.id, .resetFailed) }
        await freeIfFit(connection, asks: false)
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
            evict(connection.whereabouts.endpoint)
        }
    }

    /// Nothing that leads to this server is lent any more.
    func evict(_ endpoint: PostgresConfiguration.Endpoint?) {
        guard let endpoint else { return }
        hosts.memory.note(.lost, of: endpoint)
        let ids = state.withLock { state in
            state.whereabouts.filter { $0.value.endpoint == endpoint }.map(\.key)
        }
        handle { $0.evict(ids, .demoted, now: $1) }
    }

    /// A connection ended in its lease. Its server may be on its way down, and another one about to take its place.
    private func lost(_ connection: PooledConnection) {
        if let endpoint = connection.whereabouts.endpoint { hosts.memory.note(.lost, of: endpoint) }
        ended(connection.id, .lost)
    }

    func ended(_ id: PoolStateMachine.ConnectionID, _ reason: PostgresPoolHooks.CloseReason) {
        observation.closed(reason)
        // First, so that a pool that is closed has told of everything.
        settings.hooks.onClose?(reason)
        handle {
            $0.ended(id, now: $1)
        } alongside: {
            $0.whereabouts[id] = nil
        }
    }
}
