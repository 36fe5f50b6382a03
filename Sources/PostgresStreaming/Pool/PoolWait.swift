import PostgresTransport

/// What one call waits for: a connection, or a word why there is none.
struct PoolWait {
    enum Outcome: Sendable {
        case granted(PooledConnection, isToBeChecked: Bool)
        case refused(PostgresError)
    }

    var outcome: Outcome?
    /// Where the call waits; nil as long as it does not.
    var cell: ReadinessCell?
}
