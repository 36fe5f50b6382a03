import PostgresTransport

/// One session of a listener: says LISTEN, waits for notifications, and asks now and then whether the server still listens.
struct ListenerSession {
    private let core: ListenerCore
    private let handover: DriverHandover
    /// The process ID of the session that listens.
    private var processID: String?

    init(_ core: ListenerCore, _ handover: DriverHandover) {
        self.core = core
        self.handover = handover
    }

    private var driver: ConnectionDriver { handover.driver }

    /// Listens until that ends, which it does with an error; then the connection is closed.
    mutating func run() async throws(PostgresError) -> Never {
        defer { driver.terminate() }
        driver.news.deliverNotifications(to: core)
        core.begin(driver.channel.socket.cell)
        var heartbeat = MonotonicTime.now
        while true {
            if let change = core.nextChange {
                try await apply(change)
                heartbeat = .now + patience
            }
            if MonotonicTime.now >= heartbeat {
                try await ask()
                heartbeat = .now + patience
            }
            try await core.waitForRoom()
            try await driver.hear(until: heartbeat)
        }
    }

    /// Half of the time within which a dead link is noticed.
    private var patience: Duration { core.options.silenceMax.asLimit / 2 }

    private mutating func apply(_ change: ListenerStateMachine.Change) async throws(PostgresError) {
        let start = PostgresTimestampTZ.now
        let commands = change.removed.map { "UNLISTEN \($0.sql)" } + change.added.map { "LISTEN \($0.sql)" }
        let process = try await limited { driver throws(PostgresError) in try await driver.runInOneSession(commands) }
        guard processID == nil || processID == process else { throw .sessionChanged }
        processID = process
        core.confirm(change.channels, since: start)
    }

    /// Asks which session this is and what it listens to.
    private func ask() async throws(PostgresError) {
        let start = PostgresTimestampTZ.now
        let channels = core.channels.map(\.text)
        let query: PostgresQuery = """
            SELECT pg_catalog.pg_backend_pid()::text WHERE (SELECT count(*) = cardinality(\(channels)::text[])
                AND count(*) = count(*) FILTER (WHERE channel = ANY (\(channels)::text[]))
                FROM pg_catalog.pg_listening_channels() AS channel)
            """
        let process = try await limited { driver throws(PostgresError) in try await driver.ask(query) }
        guard process == processID else { throw .sessionChanged }
        core.answered(since: start)
    }

    /// Does what the server has to answer to within `patience`.
    private func limited<Result>(
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        do throws(PostgresError) {
            return try await driver.within(patience, work)
        } catch {
            guard error.code == .queryTimedOut else { throw error }
            throw PostgresError(
                .connectionLost, "the server did not answer a listener within \(patience.forReading)",
                isConnectionUsable: false)
        }
    }
}

extension PostgresError {
    fileprivate static var sessionChanged: PostgresError {
        PostgresError(
            .unsupported, "the session that listened was replaced by another, or listens no more",
            hint: "A pooler that changes sessions cannot listen; connect the listener to the server itself.",
            isConnectionUsable: false)
    }
}
