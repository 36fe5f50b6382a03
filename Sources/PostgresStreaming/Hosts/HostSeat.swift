/// Where a connection leads, and its part in the balance of a pool, which it gives back when it goes.
final class HostSeat: Sendable {
    let endpoint: PostgresConfiguration.Endpoint
    private let balance: HostBalance?

    /// - Parameter balance: where the connection counts; nil where it does not.
    init(_ endpoint: PostgresConfiguration.Endpoint, in balance: HostBalance?) {
        self.endpoint = endpoint
        self.balance = balance
    }

    deinit { balance?.left(endpoint) }
}
