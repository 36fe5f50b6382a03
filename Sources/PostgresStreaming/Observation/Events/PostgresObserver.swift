/// Is told what happens to connections and queries, as it happens.
///
/// Given to connections through `PostgresConfiguration.observer`. `observe` is called on whatever task or thread the event
/// comes about, in the middle of the work: return soon, and hand on what takes time. Calls for one connection come in
/// the order of its events, but for those that another task causes, such as a pause.
public protocol PostgresObserver: Sendable {
    /// What the observer wants to be told beyond the usual. Asked once for each connection.
    var interests: ObserverInterests { get }

    /// Takes note of an event.
    func observe(_ event: PostgresEvent)
}

extension PostgresObserver {
    /// The usual: no texts, and no query is slow.
    public var interests: ObserverInterests { ObserverInterests() }
}

/// What an observer wants to be told beyond the usual.
public struct ObserverInterests: Hashable, Sendable {
    /// Whether events carry texts that may hold values: the SQL of queries, the words of notices, the reasons of pauses.
    /// Parameters and rows are in no event whatever is asked for.
    public var includesText = false
    /// A query that takes longer is reported as slow when it ends; nil: none is.
    public var slowQueryThreshold: Duration?

    /// The usual.
    public init() {}
}
