import PostgresTransport

/// One session of the listeners of a client: says LISTEN, waits for notifications, and asks now and then whether the server
/// still listens.
struct ListenerSession {
    private let core: ListenerConnection
    private let handover: DriverHandover
    /// The process ID of the session that listens.
    private var processID: Substring?

    init(_ core: ListenerConnection, _ handover: DriverHandover) {
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
            if let change = core.takeChange() {
                try await apply(change)
                heartbeat = .now + patience
            }
            let now = MonotonicTime.now
            if now >= heartbeat {
                if core.isSuspended { try await watchQueue() } else { try await ask() }
                heartbeat = .now + patience
            }
            // A listener that joined may be less patient.
            heartbeat = min(heartbeat, now + patience)
            if core.isSuspended {
                try await core.waitForRoom(until: heartbeat)
            } else {
                try await driver.hear(until: heartbeat)
            }
        }
    }

    /// Half of the time within which a dead link is noticed.
    private var patience: Duration { core.silenceMax.asLimit / 2 }

    private mutating func apply(_ change: ListenerGroup.Change) async throws(PostgresError) {
        let start = PostgresTimestampTZ.now
        let commands = change.removed.map { "UNLISTEN \($0.sql)" } + change.added.map { "LISTEN \($0.sql)" }
        try driver.sayInOneSession(commands)
        let process = try await answer()?[...]
        guard processID == nil || processID == process else { throw .sessionChanged }
        core.confirm(change.channels, since: start, isFirst: processID == nil)
        processID = process
    }

    /// Asks which session this is, what it listens to, and how full the queue is where that may be a danger.
    private func ask() async throws(PostgresError) {
        let start = PostgresTimestampTZ.now
        let channels = core.channels.map(\.text)
        let usage: PostgresQuery = core.mayFillQueue ? "pg_catalog.pg_notification_queue_usage()::text" : "''"
        try driver.sayQuestion(
            """
            SELECT pg_catalog.pg_backend_pid()::text || ' ' || \(usage)
            WHERE (SELECT count(*) = cardinality(\(channels)::text[])
                AND count(*) = count(*) FILTER (WHERE channel = ANY (\(channels)::text[]))
                FROM pg_catalog.pg_listening_channels() AS channel)
            """)
        let parts = try await answer()?.split(separator: " ") ?? []
        guard let process = parts.first, process == processID else { throw .sessionChanged }
        core.answered(since: start)
        if parts.count > 1 { core.observation.queueUsage(parts[1]) }
    }

    /// Reads an answer, which the server has to give within `patience`; the time that consumers take does not count.
    private func answer() async throws(PostgresError) -> String? {
        var text: String?
        while true {
            try await core.waitForRoom(until: nil)
            let part = try await limited { driver throws(PostgresError) in
                try await driver.readTextWhileThereIsRoom()
            }
            text = part.text ?? text
            if part.isLast { return text }
        }
    }

    /// Asks on another connection how full the queue is, because this one is not read meanwhile.
    private func watchQueue() async throws(PostgresError) {
        guard case .success(let other) = await ListenerRun.open(core) else { return }
        defer { other.driver.terminate() }
        let usage = try? await other.driver.within(patience) { driver throws(PostgresError) in
            try await driver.ask("SELECT pg_catalog.pg_notification_queue_usage()::text")
        }
        if let usage = usage.flatMap(\.self) { core.observation.queueUsage(usage) }
    }

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
