/// What is counted of listeners.
package struct ListenerMetrics: Sendable {
    let listeners: Gauge
    let received: Counter
    let dropped: Counter
    let gaps: MetricSeries<Counter, GapReasonLabel>
    let reconnects: Counter
    /// How full the queue is that the sessions of a server share.
    package let queueUsage: Gauge

    init(_ catalogue: inout MetricCatalogue) {
        listeners = catalogue.gauge("listeners", "Listeners that are open.")
        received = catalogue.counter(
            "notifications_received_total", "Notifications that arrived on the connections of listeners.")
        dropped = catalogue.counter(
            "notifications_dropped_total", "Notifications that were dropped for a consumer that is too slow.")
        gaps = catalogue.series("notification_gaps_total", "Gaps that listeners delivered, by why.")
        reconnects = catalogue.counter(
            "listener_reconnects_total", "Sessions of listeners that took the place of one that was lost.")
        queueUsage = catalogue.gauge(
            "notification_queue_percent",
            "How full the server's queue of notifications was when a listener that suspends asked last.")
    }
}

/// Why notifications may be missing; see `PostgresListener.GapReason`.
package enum GapReasonLabel: Int, ClosedMetricLabel {
    case connectionLost, overflow, sessionChanged
    /// The label's name.
    package static let name = "reason"
}
