import PostgresTransport

/// The task of a client's listeners: opens one session after the other until the last listener is over.
struct ListenerRun {
    private let core: ListenerConnection
    private var backoff: PoolBackoff

    init(_ core: ListenerConnection) {
        self.core = core
        backoff = PoolBackoff(core.pool)
    }

    mutating func run() async {
        defer { core.finish() }
        while !core.isOver {
            let start = MonotonicTime.now
            let error = await endOfSession()
            guard !core.isOver else { return }
            if error.code == .unsupported {
                core.lose(.sessionChanged)
            } else {
                core.lose(.connectionLost(error))
            }
            guard !error.isLasting else { return core.fail(error) }
            core.expire()
            // A session that ends soon after it began is as good as an attempt that failed.
            let now = MonotonicTime.now
            if start.duration(to: now) > core.pool.backoffMax { backoff.reset() }
            backoff.note(error, of: backoff.round, jitter: .random(in: 0..<1), now: now)
            if let end = backoff.timeToSchedule() { try? await Task.sleep(for: now.duration(to: end)) }
            backoff.noteRetry()
        }
    }

    /// Connects and listens until that ends, which it does with an error.
    private func endOfSession() async -> PostgresError {
        do throws(PostgresError) {
            async let opened = Self.open(core)
            var session = ListenerSession(core, try await opened.get())
            try await session.run()
        } catch {
            return error
        }
    }

    /// Connects, in a task of its own, as `PostgresConnection.connect` does.
    @concurrent
    static func open(_ core: ListenerConnection) async -> Result<DriverHandover, PostgresError> {
        do throws(PostgresError) {
            let connector = try Connector(core.configuration, hosts: core.hosts, onLoop: core.loop.number)
            return .success(DriverHandover(try await connector.connect()))
        } catch {
            return .failure(error)
        }
    }
}
