/// How long a connection that is open waits, and for what; see the properties of `PostgresConfiguration`.
struct TimeLimits: Sendable {
    /// For the rows of a query that has no limit of its own; nil: no limit.
    let query: Duration?
    /// For a call that sends no query of the caller's.
    let control: Duration
    /// For the answer to COMMIT.
    let commit: Duration
    /// For what brings the connection to where the next call can begin.
    let cleanUp: Duration
    /// For one cancel request.
    let cancel: Duration

    init(_ configuration: PostgresConfiguration) {
        query = configuration.queryTimeout?.asLimit
        control = configuration.controlTimeout.asLimit
        commit = configuration.commitTimeout.asLimit
        cleanUp = configuration.cleanUpTimeout.asLimit
        cancel = configuration.cancelTimeout.asLimit
    }

    /// The time for cleaning up after something that had a limit of its own: no longer than that, but long enough for a
    /// cancel request to have a chance, because what is not cleaned up in time is closed.
    func cleanUp(after limit: Duration?) -> Duration {
        guard let limit else { return cleanUp }
        return min(cleanUp, max(limit, Self.cleanUpTimeMin))
    }

    private static let cleanUpTimeMin = Duration.seconds(1)
}
