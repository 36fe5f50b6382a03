/// What is counted of pools of connections.
package struct PoolMetrics: Sendable {
    let connections: MetricSeries<Gauge, PoolConnectionState>
    let waiting: Gauge
    let leases: Counter
    let failures: MetricSeries<Counter, PoolFailure>
    let waitTime: Histogram
    let leaseTime: Histogram
    let closed: MetricSeries<Counter, PoolCloseReason>
    let resets: MetricSeries<Counter, PoolOutcome>
    let checks: MetricSeries<Counter, PoolOutcome>

    init(_ catalogue: inout MetricCatalogue) {
        connections = catalogue.series("pool_connections", "Connections of pools, by what becomes of them.")
        waiting = catalogue.gauge("pool_waiting", "Calls that wait for a connection of a pool.")
        leases = catalogue.counter("pool_leases_total", "Connections that were lent.")
        failures = catalogue.series(
            "pool_lease_failures_total", "Calls that got no connection of a pool, by why.")
        waitTime = catalogue.histogram(
            "pool_wait_seconds", "Time from asking a pool for a connection until it was lent.", unit: .seconds)
        leaseTime = catalogue.histogram("pool_lease_seconds", "Time for which a connection was lent.", unit: .seconds)
        closed = catalogue.series("pool_connections_closed_total", "Connections of pools that ended, by why.")
        resets = catalogue.series("pool_resets_total", "Sessions that were cleaned up after a lease, by how it went.")
        checks = catalogue.series(
            "pool_health_checks_total", "Connections that were asked whether they live, by how it went.")
    }
}

/// What becomes of a connection of a pool.
package enum PoolConnectionState: Int, ClosedMetricLabel {
    case idle, leased, connecting, returning
    /// The label's name.
    package static let name = "state"
}

/// Why a call got no connection.
package enum PoolFailure: Int, ClosedMetricLabel {
    case timedOut, queueFull, overloaded, nested, closed, cancelled, connect
    /// The label's name.
    package static let name = "reason"

    init(_ error: PostgresError) {
        switch error.code {
        case .poolTimedOut: self = .timedOut
        case .poolQueueFull: self = .queueFull
        case .poolOverloaded: self = .overloaded
        case .leaseNested: self = .nested
        case .poolClosed: self = .closed
        case .cancelled: self = .cancelled
        default: self = .connect
        }
    }
}

/// Why a connection of a pool ended; see `PostgresPoolHooks.CloseReason`.
package enum PoolCloseReason: Int, ClosedMetricLabel {
    case expired, unused, lost, unhealthy, resetFailed, refused, demoted, shutDown, other
    /// The label's name.
    package static let name = "reason"
}

/// How something went; `abandoned`: the connection was closed before that was known.
package enum PoolOutcome: Int, ClosedMetricLabel {
    case succeeded, failed, abandoned
    /// The label's name.
    package static let name = "outcome"

    init(_ isSuccess: Bool) { self = isSuccess ? .succeeded : .failed }
}
