/// What the end of a lease leaves to be done.
enum SurrenderedDriver: Sendable {
    /// A connection on which nothing is under way.
    case atRest(DriverHandover)
    /// A connection with an open stream or transaction.
    case atWork(DriverHandover)
    /// A connection whose open transaction has only read, and is over but for its COMMIT.
    case reading(DriverHandover)
    /// A connection that a task cleans up.
    case cleaning(Task<DriverHandover, Never>)
    /// The connection was closed, by whomever.
    case nothing
}
