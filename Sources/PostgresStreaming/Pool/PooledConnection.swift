import PostgresTransport

/// A connection of a pool between two leases.
struct PooledConnection: Sendable {
    let id: PoolStateMachine.ConnectionID
    let handover: DriverHandover
    /// The same for all leases, so that it is put together once.
    let information: SessionInformation
    let news: SessionNews
    let whereabouts: Whereabouts

    /// What may be known and done of a connection that is in somebody else's hands.
    struct Whereabouts: Sendable {
        /// The connection's number in events; nil where nobody listens.
        let number: Int?
        /// The place in the configuration that led to its server.
        let endpoint: PostgresConfiguration.Endpoint?
        /// Breaks the connection while somebody is at work with it.
        let breaker: SocketBreaker
    }

    init(_ id: PoolStateMachine.ConnectionID, _ driver: consuming sending ConnectionDriver) {
        self.id = id
        information = SessionInformation(driver)
        news = driver.news
        whereabouts = Whereabouts(
            number: driver.observation?.id, endpoint: driver.seat?.endpoint, breaker: driver.breaker)
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

    /// Whether the server is still what is asked for, as far as it says so by itself.
    func seemsToFit(_ target: PostgresConfiguration.TargetSession) -> Bool {
        guard target != .any, let role = handover.driver.reportedRole else { return true }
        return role.mismatch(target) == nil
    }

    /// Whether the server is still what is asked for; it is asked where it refused to write, or where nobody heard of its
    /// role for long.
    @concurrent
    func fits(_ target: PostgresConfiguration.TargetSession, within limit: Duration, asks: Bool) async -> Bool {
        let driver = handover.driver
        guard target != .any else { return true }
        guard asks || driver.hasRefusedToWrite || driver.reportedRole != nil else { return true }
        driver.hasRefusedToWrite = false
        driver.deadline = .now + limit
        defer { driver.deadline = nil }
        guard let role = try? await driver.role() else { return false }
        return role.mismatch(target) == nil
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

    /// As `isAccepted(by:)`; a hook that takes longer is cancelled.
    nonisolated(nonsending) func isAccepted(
        within limit: Duration,
        by hook: @escaping @Sendable (PostgresConnection) async throws -> Bool
    ) async throws -> Bool {
        let work = Task { try await isAccepted(by: hook) }
        let timer = Task {
            try await Task.sleep(for: limit.asLimit)
            work.cancel()
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }

    private nonisolated(nonsending) func clean(_ surrendered: SurrenderedDriver) async {
        switch surrendered {
        case .atRest, .nothing: break
        case .atWork, .reading: _ = await handover.cleaned(.rollBack)
        case .cleaning(let task): _ = await task.value.cleaned(.rollBack)
        }
    }
}
