import PostgresTransport

/// What a pool knows of its servers, so that it need not find out with every connection: who is the primary, who does not
/// answer. What was learned is forgotten after a while and found out anew.
final class HostMemory: Sendable {
    /// What was found at an endpoint.
    enum Finding: Hashable, Sendable {
        case role(ServerRole)
        case unreachable
    }

    private let findings = Locked<[PostgresConfiguration.Endpoint: (finding: Finding, time: ContinuousClock.Instant)]>(
        [:])
    private let recheckInterval: Duration

    init(recheckInterval: Duration) { self.recheckInterval = recheckInterval }

    func note(_ finding: Finding, of endpoint: PostgresConfiguration.Endpoint, now: ContinuousClock.Instant = .now) {
        findings.withLock { $0[endpoint] = (finding, now) }
    }

    /// Something happened to the server: what was known may not hold any more.
    func forget(_ endpoint: PostgresConfiguration.Endpoint) {
        findings.withLock { $0[endpoint] = nil }
    }

    /// Puts those first that are known to fit, then those of which nothing is known; none is left out, because what was
    /// known may have changed.
    func ordered(
        _ endpoints: [PostgresConfiguration.Endpoint], for target: PostgresConfiguration.TargetSession,
        now: ContinuousClock.Instant = .now
    ) -> [PostgresConfiguration.Endpoint] {
        guard endpoints.count > 1 else { return endpoints }
        let known = findings.withLock { $0.filter { now - $0.value.time < recheckInterval } }
        let ranks = endpoints.map { endpoint in
            switch known[endpoint]?.finding {
            case .role(let role): role.mismatch(target) == nil ? 0 : 2
            case .unreachable: 3
            case nil: 1
            }
        }
        // Sorting by rank and then by place keeps the order among equals.
        return endpoints.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { endpoints[$0] }
    }

    /// An attempt at an endpoint led to no session.
    func note(_ error: PostgresError, of endpoint: PostgresConfiguration.Endpoint) {
        switch error.code {
        case .hostNotFound, .connectFailed, .connectTimedOut: note(.unreachable, of: endpoint)
        default: break
        }
    }
}
