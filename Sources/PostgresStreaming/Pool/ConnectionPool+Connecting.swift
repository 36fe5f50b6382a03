import PostgresTransport

extension ConnectionPool {
    func connect(_ id: PoolStateMachine.ConnectionID) {
        let progress = ConnectProgress()
        let task = Task.detached { [self] in
            do throws(PostgresError) {
                let connection = try await makeConnection(id, progress)
                handle { machine, now in
                    machine.connected(id, onLoop: connection.loop, jitter: .random(in: 0..<1), now: now)
                } alongside: { state in
                    state.attempts[id] = nil
                    state.connections[id] = connection
                    state.whereabouts[id] = connection.whereabouts
                }
            } catch {
                handle { machine, now in
                    machine.connectFailed(id, error, jitter: .random(in: 0..<1), now: now)
                } alongside: {
                    $0.attempts[id] = nil
                }
            }
        }
        state.withLock { state in
            // It may be over already.
            guard case .connecting? = state.machine.members[id]?.phase else { return }
            state.attempts[id] = PoolAttempt(task: task, progress: progress)
            if state.machine.isShuttingDown { task.cancel() }
        }
    }

    private func makeConnection(
        _ id: PoolStateMachine.ConnectionID, _ progress: ConnectProgress
    ) async throws(PostgresError) -> PooledConnection {
        let number = state.withLock { $0.machine.loop(of: id) }
        let connector = try Connector(configuration, hosts: hosts, progress: progress, onLoop: number)
        let connection = PooledConnection(id, try await connector.connect())
        guard let hook = settings.hooks.configure else { return connection }
        do {
            let isUsable = try await connection.isAccepted(within: configuration.hookTimeout) { connection in
                try await hook(connection)
                return true
            }
            if isUsable { return connection }
        } catch {
            // A hook that was cut short is another thing than a call that was cancelled.
            if let error = error as? PostgresError, error.code != .cancelled { throw error }
        }
        throw PostgresError(
            .connectFailed, "the pool's configure hook failed, or took too long",
            hint: "See PostgresPoolHooks.configure.", isConnectionUsable: false)
    }
}

extension PostgresConfiguration {
    /// The time for a hook that prepares a connection: as long as one address has.
    fileprivate var hookTimeout: Duration { min(addressTimeout ?? connectTimeout, connectTimeout) }
}
