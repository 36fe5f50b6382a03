import PostgresStreaming
import PostgresTransport

extension Registry {
    /// Checks connections, all at the same time, each by a session of its own that is closed again. Pools are left alone.
    ///
    /// It takes as long as the slowest of them, and no longer than `limit` and the half second that closing may take. A
    /// tunnel that a pool has open is used; otherwise one is opened for the check.
    ///
    /// - Parameters:
    ///   - names: the connections to check; nil for all.
    ///   - limit: the time for each of them. 5 seconds by default.
    /// - Throws: `nameUnknown`, `closed`.
    public nonisolated(nonsending) func health(
        of names: [String]? = nil, within limit: Duration = .seconds(5)
    ) async throws(RegistryError) -> HealthReport {
        let start = MonotonicTime.now
        var probes: [ConnectionProbe] = []
        let document = try checkOpen()
        for name in names ?? document.names {
            probes.append(try probe(document.profile(named: name), limit))
        }
        let found = await Self.run(probes)
        return HealthReport(connections: found, duration: start.duration(to: .now))
    }

    @concurrent
    private static func run(_ probes: [ConnectionProbe]) async -> [ConnectionHealth] {
        await withTaskGroup(of: ConnectionHealth.self) { group in
            for probe in probes { group.addTask { await probe.run() } }
            var found: [ConnectionHealth] = []
            for await health in group { found.append(health) }
            return found.sorted { $0.name < $1.name }
        }
    }

    private func probe(_ profile: ConnectionProfile, _ limit: Duration) -> ConnectionProbe {
        var (configuration, pool) = (profile.configuration, profile.pool)
        options.configure?(profile.name, &configuration, &pool)
        if let tunnel = profile.tunnel {
            if let open = route(of: profile) {
                (configuration.endpoints, configuration.route) = (open.endpoints, open.route)
            } else {
                tunnel.lead(&configuration, hiding: profile.secrets)
            }
        }
        // A probe is no query of the application: it counts and shows nowhere.
        (configuration.metrics, configuration.observer) = (nil, nil)
        return ConnectionProbe(name: profile.name, configuration: configuration, secrets: profile.secrets, limit: limit)
    }

    /// Checks connections again and again, and gives those whose state changed.
    ///
    /// There is no task and no queue: a round of checks runs when the next change is asked for, `interval` after the last
    /// one began. The first round gives every connection.
    ///
    /// - Parameters:
    ///   - names: the connections to check; nil for all that the document has at each round.
    ///   - interval: the time from one round to the next.
    ///   - limit: the time for each connection. 5 seconds by default.
    public func monitor(
        _ names: [String]? = nil, every interval: Duration, within limit: Duration = .seconds(5)
    ) -> HealthChanges {
        HealthChanges(registry: self, names: names, interval: interval, limit: limit)
    }
}

/// One connection whose state is another than at the check before.
public struct HealthChange: Sendable {
    /// What the check before found; nil at the first.
    public let before: ConnectionHealth?
    /// What the check found; nil where the document has no such connection any more.
    public let after: ConnectionHealth?

    /// The name of the connection.
    public var name: String { after?.name ?? before?.name ?? "" }
}

/// The changes of state of a registry's connections, as they are found; see `Registry.monitor(_:every:within:)`. It ends
/// when its task is cancelled or the registry is closed.
public struct HealthChanges: AsyncSequence, Sendable {
    /// A change.
    public typealias Element = HealthChange
    /// It does not fail.
    public typealias Failure = Never

    let registry: Registry
    let names: [String]?
    let interval: Duration
    let limit: Duration

    /// Begins to check.
    public func makeAsyncIterator() -> Iterator { Iterator(changes: self) }

    /// Checks, and keeps what was found until it is asked for: one entry for each connection at most.
    public struct Iterator: AsyncIteratorProtocol {
        let changes: HealthChanges
        private var known: [String: ConnectionHealth] = [:]
        private var pending: [HealthChange] = []
        private var nextRound = MonotonicTime.now

        init(changes: HealthChanges) { self.changes = changes }

        /// The next change; nil when the task is cancelled or the registry is closed.
        public mutating func next(isolation: isolated (any Actor)?) async -> HealthChange? {
            while pending.isEmpty {
                let wait = MonotonicTime.now.duration(to: nextRound)
                do {
                    if wait > .zero { try await Task.sleep(for: wait) }
                    try Task.checkCancellation()
                } catch {
                    return nil
                }
                nextRound = MonotonicTime.now + changes.interval
                guard !changes.registry.isClosed else { return nil }
                // Where a reload came in between, the next round has the new names.
                if let report = try? await round() { take(report) }
            }
            return pending.removeFirst()
        }

        /// As `next(isolation:)`.
        public mutating func next() async -> HealthChange? { await next(isolation: #isolation) }

        /// Connections that are no longer in the document are left out.
        private nonisolated(nonsending) func round() async throws(RegistryError) -> HealthReport {
            let present = changes.registry.document.names
            let names = changes.names.map { wanted in wanted.filter(present.contains) } ?? present
            return try await changes.registry.health(of: names, within: changes.limit)
        }

        private mutating func take(_ report: HealthReport) {
            var found: [String: ConnectionHealth] = [:]
            for health in report.connections {
                found[health.name] = health
                let before = known[health.name]
                if before?.state != health.state { pending.append(HealthChange(before: before, after: health)) }
            }
            for (name, health) in known.sorted(by: { $0.key < $1.key }) where found[name] == nil {
                pending.append(HealthChange(before: health, after: nil))
            }
            known = found
        }
    }
}
