import PostgresTransport

/// Who listens to a pool: everything that is recorded of it goes through here.
struct PoolObservation: Sendable {
    private let metrics: PoolMetrics?
    private let observer: (any PostgresObserver)?

    init(_ configuration: PostgresConfiguration) {
        metrics = configuration.metrics?.pools
        observer = configuration.observer
    }

    /// The pool stands differently now; called under its lock, so that the gauges come out right.
    func note(_ statistics: @autoclosure () -> PoolStatistics, _ reported: inout PoolStatistics) {
        guard let metrics else { return }
        let statistics = statistics()
        metrics.connections[.idle].add(statistics.idle - reported.idle)
        metrics.connections[.leased].add(statistics.leased - reported.leased)
        metrics.connections[.connecting].add(statistics.connecting - reported.connecting)
        metrics.connections[.returning].add(statistics.returning - reported.returning)
        metrics.waiting.add(statistics.waiting - reported.waiting)
        reported = statistics
    }

    /// A call got a connection.
    func leased(after wait: Duration) {
        metrics?.leases.add()
        metrics?.waitTime.record(wait.nanoseconds)
    }

    /// A call got none.
    func failed(_ error: PostgresError) {
        metrics?.failures[PoolFailure(error)].add()
    }

    /// A lease is over.
    func returned(after time: Duration) {
        metrics?.leaseTime.record(time.nanoseconds)
    }

    func closed(_ reason: PostgresPoolHooks.CloseReason) {
        metrics?.closed[reason.label].add()
    }

    func reset(_ outcome: PoolOutcome) {
        metrics?.resets[outcome].add()
    }

    func checked(_ isHealthy: Bool) {
        metrics?.checks[PoolOutcome(isHealthy)].add()
    }

    /// A connection is lent for very long.
    func longLease(_ lease: PoolLease, _ time: Duration, on connection: Int?) {
        tell(.longLease, of: connection ?? 0) { event in
            event.duration = time
            event.name = lease.label
        }
    }

    /// Nobody runs the pool's upkeep.
    func isNotLookedAfter() {
        tell(.warning) {
            $0.attributes["reason"] = "PostgresClient.run() is not running, so nothing looks after the pool"
        }
    }

    private func tell(
        _ kind: PostgresEvent.Kind, of connection: Int = 0, _ describe: (inout PostgresEvent) -> Void
    ) {
        guard let observer else { return }
        var event = PostgresEvent(kind, connection: connection)
        describe(&event)
        observer.observe(event)
    }
}

extension PostgresPoolHooks.CloseReason {
    /// The reason's label in metrics.
    fileprivate var label: PoolCloseReason {
        switch self {
        case .expired: .expired
        case .unused: .unused
        case .lost: .lost
        case .unhealthy: .unhealthy
        case .resetFailed: .resetFailed
        case .refused: .refused
        case .demoted: .demoted
        case .shutDown: .shutDown
        default: .other
        }
    }
}
