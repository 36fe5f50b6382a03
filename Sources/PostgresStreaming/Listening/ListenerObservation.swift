/// Records what listeners do, where the configuration names metrics or an observer.
struct ListenerObservation: Sendable {
    private let metrics: ListenerMetrics?
    private let observer: (any PostgresObserver)?

    init(_ configuration: PostgresConfiguration) {
        metrics = configuration.metrics?.listeners
        observer = configuration.observer
    }

    /// There are so many listeners now; called under their lock, so that the gauge comes out right.
    func note(_ count: Int, _ reported: inout Int) {
        guard let metrics, count != reported else { return }
        metrics.listeners.add(count - reported)
        reported = count
    }

    /// A notification arrived.
    func received() { metrics?.received.add() }

    /// Notifications were dropped for a consumer that is too slow.
    func dropped(_ count: Int) { metrics?.dropped.add(count) }

    /// A consumer is given an element.
    func delivers(_ element: PostgresListener.Element) {
        guard let metrics, case .gap(let reason, _) = element else { return }
        metrics.gaps[reason.label].add()
    }

    /// Another session listens after one that was lost.
    func reconnected() { metrics?.reconnects.add() }

    /// The server has said how full its queue of notifications is, from 0 to 1.
    ///
    /// - Parameter text: as the server wrote it; anything else than such a number is passed over.
    func queueUsage(_ text: some StringProtocol) {
        guard let usage = Double(text), usage >= 0, usage <= 1 else { return }
        metrics?.queueUsage.set(Int(usage * 100))
        guard let observer, usage >= Self.worryingUsage else { return }
        var event = PostgresEvent(.warning, connection: 0)
        event.attributes["reason"] =
            "the server's queue of notifications is \(Int(usage * 100)) % full, and a listener that suspends is slow"
        observer.observe(event)
    }

    /// The server itself warns from here on.
    private static let worryingUsage = 0.5
}

extension PostgresListener.GapReason {
    /// The reason's label in metrics.
    fileprivate var label: GapReasonLabel {
        switch self {
        case .connectionLost: .connectionLost
        case .overflow: .overflow
        case .sessionChanged: .sessionChanged
        }
    }
}
