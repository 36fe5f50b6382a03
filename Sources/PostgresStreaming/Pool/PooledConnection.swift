import PostgresTransport

/// A connection of a pool between two leases.
struct PooledConnection: Sendable {
    let id: PoolStateMachine.ConnectionID
    let handover: DriverHandover
    /// The same for all leases, so that it is put together once.
    let information: SessionInformation
    let news: SessionNews
    /// Breaks the connection while somebody is at work with it.
    let breaker: SocketBreaker

    init(_ id: PoolStateMachine.ConnectionID, _ driver: consuming sending ConnectionDriver) {
        self.id = id
        information = SessionInformation(driver)
        news = driver.news
        breaker = driver.breaker
        handover = DriverHandover(driver)
    }

    /// Says good-bye to the server and closes the connection.
    func close() { handover.driver.terminate() }

    /// Whether the connection lives as far as is known here.
    var isAlive: Bool { handover.driver.isAliveByLooking() }

    /// Whether the server answers in time.
    @concurrent
    func isHealthy(within limit: Duration) async -> Bool {
        await handover.driver.check(within: limit)
        return handover.driver.failure == nil
    }

    /// Has `hook` see the connection as a lease of its own; false where it throws or turns the connection down.
    nonisolated(nonsending) func isAccepted(
        by hook: nonisolated(nonsending) (PostgresConnection) async throws -> Bool
    ) async throws -> Bool {
        let connection = PostgresConnection(self, closeTimeout: .zero)
        do {
            let isAccepted = try await hook(connection)
            await clean(connection.lease.revoke())
            return isAccepted && handover.driver.failure == nil
        } catch {
            await clean(connection.lease.revoke())
            throw error
        }
    }

    private nonisolated(nonsending) func clean(_ surrendered: SurrenderedDriver) async {
        switch surrendered {
        case .atRest, .nothing: break
        case .atWork: _ = await handover.cleaned(.rollBack)
        case .cleaning(let task): _ = await task.value.cleaned(.rollBack)
        }
    }
}
