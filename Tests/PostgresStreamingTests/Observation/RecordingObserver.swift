import PostgresStreaming
import PostgresTransport

/// Keeps every event that it is told of.
final class RecordingObserver: PostgresObserver {
    let interests: ObserverInterests
    private let recorded = Locked<[PostgresEvent]>([])

    init(_ interests: ObserverInterests = ObserverInterests()) { self.interests = interests }

    func observe(_ event: PostgresEvent) { recorded.withLock { $0.append(event) } }

    /// Every event so far.
    var events: [PostgresEvent] { recorded.withLock { $0 } }

    /// The events of one kind.
    func events(_ kind: PostgresEvent.Kind) -> [PostgresEvent] { events.filter { $0.kind == kind } }

    /// The phases that one query went through, in their order.
    func phases(of query: Int?) -> [QueryPhase] { events.filter { $0.query == query }.compactMap(\.phase) }
}
