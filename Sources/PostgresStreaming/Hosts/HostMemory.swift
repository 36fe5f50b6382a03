import PostgresTransport

/// What a client knows of its servers, so that it need not find out with every connection: which is the primary, which does
/// not answer. A finding counts for a while; then the server is tried again.
final class HostMemory: Sendable {
    /// What was found at an endpoint.
    enum Finding: Hashable, Sendable {
        case role(ServerRole)
        /// No session could begin there.
        case unreachable
        /// It answered and refused, for a reason that another server may not share.
        case refusing
        /// A connection to it was lost.
        case lost
    }

    /// What may be expected of an endpoint, by what is known of it.
    enum Prospect: Hashable, Sendable {
        case fits
        /// Nothing is known of it, or what is known is old.
        case unknown
        /// It was of no use when it was last tried, which was some time ago.
        case doubtful
        case unfit
        case unreachable
        case refusing
    }

    private let findings = Locked<[PostgresConfiguration.Endpoint: (finding: Finding, time: MonotonicTime)]>(
        [:])
    private let recheckInterval: Duration

    init(recheckInterval: Duration) { self.recheckInterval = recheckInterval }

    func note(_ finding: Finding, of endpoint: PostgresConfiguration.Endpoint, now: MonotonicTime = .now) {
        findings.withLock { $0[endpoint] = (finding, now) }
    }

    /// A session began at an endpoint, whatever its server's role is.
    func noteSession(at endpoint: PostgresConfiguration.Endpoint) {
        findings.withLock { findings in
            if case .role? = findings[endpoint]?.finding { return }
            findings[endpoint] = nil
        }
    }

    /// An attempt at an endpoint led to no session of use.
    func note(_ error: PostgresError, of endpoint: PostgresConfiguration.Endpoint) {
        switch error.code {
        // The first says nothing of the server, and the second goes with a role that was noted already.
        case .cancelled, .targetSessionMismatch: break
        case .hostNotFound, .connectFailed, .connectTimedOut: note(.unreachable, of: endpoint)
        default: note(error.sqlState == .cannotConnectNow ? .unreachable : .refusing, of: endpoint)
        }
    }

    func prospect(
        of endpoint: PostgresConfiguration.Endpoint, for target: PostgresConfiguration.TargetSession,
        now: MonotonicTime = .now
    ) -> Prospect {
        guard let (finding, time) = findings.withLock({ $0[endpoint] }) else { return .unknown }
        let isFresh = now - time < recheckInterval
        switch finding {
        case .role(let role) where role.mismatch(target) == nil: return isFresh ? .fits : .unknown
        case .role: return isFresh ? .unfit : .doubtful
        case .unreachable: return isFresh ? .unreachable : .doubtful
        case .refusing: return isFresh ? .refusing : .doubtful
        case .lost: return .doubtful
        }
    }
}
