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
            number: driver.observation?.id, endpoint: driver.peer.seat?.endpoint, breaker: driver.breaker)
        handover = DriverHandover(driver)
    }

    /// The connection as a lease sees it.
    func lent(closeTimeout: Duration) -> PostgresConnection {
        PostgresConnection(handover, information, news, closeTimeout: closeTimeout)
    }

    /// Says good-bye to the server and closes the connection.
    func close() { handover.driver.terminate() }

    /// The event loop that it lives on.
    var loop: Int? { handover.driver.loop.number }

    /// Whether the connection lives as far as is known here.
    var isAlive: Bool { handover.driver.isAliveByLooking() }

    /// Whether the server answers in time.
    @concurrent
    func isHealthy(within limit: Duration) async -> Bool {
        await handover.driver.check(within: limit)
        return handover.driver.failure == nil
    }

    /// Whether it is not known yet what became of a reset of its session.
    var isBeingReset: Bool { handover.driver.runner.reset.isUnsettled }

    /// Reads the answer to a reset of its session.
    @concurrent
    func finishReset(within limit: Duration) async -> ConnectionDriver.ResetOutcome {
        await handover.driver.finishReset(within: limit)
    }

    /// Whether the server is still what is asked for, as far as it says so by itself.
    func seemsToFit(_ target: PostgresConfiguration.TargetSession) -> Bool {
        guard target != .any, let role = ServerRole(handover.driver.parameters) else { return true }
        return role.mismatch(target) == nil
    }

    /// Whether the server is still what is asked for; it is asked where it refused to write, or where nothing was heard of
    /// its role for long. Where any server will do, one that refused to write and only reads is not.
    @concurrent
    func fits(_ target: PostgresConfiguration.TargetSession, within limit: Duration, asks: Bool) async -> Bool {
        let driver = handover.driver
        let hasRefusedToWrite = driver.runner.hasRefusedToWrite
        driver.runner.hasRefusedToWrite = false
        guard target != .any || hasRefusedToWrite else { return true }
        guard asks || hasRefusedToWrite || ServerRole(driver.parameters) != nil else { return true }
        if asks || hasRefusedToWrite {
            // What the server reports of its role comes with the answer.
            guard await driver.finishReset(within: limit) == .clean else { return false }
        }
        guard
            let role = try? await driver.within(
                limit, { driver throws(PostgresError) in try await driver.role() })
        else { return false }
        return target == .any ? !role.isReadOnly : role.mismatch(target) == nil
    }

    /// Has `hook` see the connection as a lease of its own; false where it throws or turns the connection down.
    nonisolated(nonsending) func isAccepted(
        by hook: nonisolated(nonsending) (PostgresConnection) async throws -> Bool
    ) async throws -> Bool {
        let connection = lent(closeTimeout: .zero)
        do {
            let isAccepted = try await hook(connection)
            await clean(connection.gate.revoke())
            return isAccepted && handover.driver.failure == nil
        } catch {
            await clean(connection.gate.revoke())
            throw error
        }
    }

    /// As `isAccepted(by:)`, in a task of its own, and closes a connection that is not accepted.
    ///
    /// A hook that takes longer is cancelled. One that has not ended when the time for cleaning up is over as well is left
    /// to itself: its connection is broken, and goes away with it.
    nonisolated(nonsending) func isAccepted(
        within limit: Duration,
        by hook: @escaping @Sendable (PostgresConnection) async throws -> Bool
    ) async throws -> Bool {
        let driver = handover.driver
        let (limit, cleanUp) = (limit.asLimit, driver.times.cleanUp)
        let verdict: Result<Bool, any Error>
        do throws(TransportError) {
            verdict = try await ForeignWork.run(on: driver.loop, deadline: .now + limit + cleanUp) {
                await self.verdict(within: limit, of: hook)
            }
        } catch {
            // The hook may be inside the driver, which nobody else may touch now.
            whereabouts.breaker.breakConnection()
            throw error
        }
        guard case .success(true) = verdict else {
            close()
            return try verdict.get()
        }
        return true
    }

    private func verdict(
        within limit: Duration, of hook: @escaping @Sendable (PostgresConnection) async throws -> Bool
    ) async -> Result<Bool, any Error> {
        let work = Task { try await isAccepted(by: hook) }
        let timer = Task {
            try await Task.sleep(for: limit)
            work.cancel()
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await work.result
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
