import PostgresTransport

extension ConnectionPool {
    /// Takes a connection back after a lease.
    func takeBack(_ connection: PooledConnection, _ surrendered: SurrenderedDriver, leasedFor time: Duration) {
        observation.returned(after: time)
        switch surrendered {
        case .nothing: ended(connection.id, .lost)
        case .atRest where connection.handover.driver.failure != nil: ended(connection.id, .lost)
        case .atRest: recycle(connection, isSoon: settings.hooks.onRelease == nil) {}
        case .atWork: recycle(connection, isSoon: false) {}
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
        guard driver.failure == nil else { return ended(connection.id, .lost) }
        guard await isReleased(connection) else {
            connection.close()
            return ended(connection.id, .refused)
        }
        await driver.reset(settings.reset, within: settings.checkTimeout)
        observation.reset(driver.failure == nil)
        guard driver.failure == nil else { return ended(connection.id, .resetFailed) }
        free(connection)
    }

    /// Lets the hook, if there is one, have a lease's end for as long as a check may take.
    @concurrent
    private func isReleased(_ connection: PooledConnection) async -> Bool {
        guard settings.hooks.onRelease != nil else { return true }
        let work = Task { [settings] in
            guard let hook = settings.hooks.onRelease else { return true }
            return try await connection.isAccepted(by: hook)
        }
        let timer = Task {
            try await Task.sleep(for: settings.checkTimeout)
            work.cancel()
        }
        defer { timer.cancel() }
        return (try? await work.value) == true
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
            isHealthy ? free(connection) : ended(connection.id, .unhealthy)
        }
    }

    func ended(_ id: PoolStateMachine.ConnectionID, _ reason: PostgresPoolHooks.CloseReason) {
        observation.closed(reason)
        handle {
            $0.ended(id, now: $1)
        } alongside: {
            $0.breakers[id] = nil
        }
        settings.hooks.onClose?(reason)
    }
}
