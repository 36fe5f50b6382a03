import PostgresTransport

/// What holds for all queries of a connection; see the properties of `PostgresConfiguration`.
struct ConnectionSettings: Sendable {
    /// How long the connection waits, and for what.
    let times: TimeLimits
    /// A wait within a query that lasts longer is a stall, in nanoseconds.
    let stallNanoseconds: Int64
    /// The options of queries that say nothing of them; nil for those that everybody has.
    let streamDefaults: StreamOptions?

    init(_ configuration: PostgresConfiguration) {
        times = TimeLimits(configuration)
        stallNanoseconds = max(configuration.stallThreshold, .zero).nanoseconds
        streamDefaults = configuration.streamOptions.asDefaults
    }
}
