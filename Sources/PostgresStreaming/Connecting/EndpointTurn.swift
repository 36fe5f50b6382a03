import PostgresTransport

/// An endpoint's turn to be connected to: its addresses, and what became of those that were tried.
struct EndpointTurn {
    let endpoint: PostgresConfiguration.Endpoint
    /// What the server has to be.
    let target: PostgresConfiguration.TargetSession
    /// When the turn is over.
    let end: MonotonicTime
    /// The time for one address; nil where those that are left share what is left of the turn.
    private let limit: Duration?
    /// The addresses that have not been tried; nil before they were looked up.
    private(set) var addresses: [SocketAddress]?
    /// The address that is being tried; nil before one has answered.
    private(set) var address: SocketAddress?
    /// When its time is over.
    private(set) var addressEnd: MonotonicTime
    /// What became of the attempts, each with the server's name.
    private(set) var failures: [PostgresError] = []
    private var isNamedByAddress = false

    init(
        _ endpoint: PostgresConfiguration.Endpoint, as target: PostgresConfiguration.TargetSession,
        until end: MonotonicTime, limit: Duration?
    ) {
        self.endpoint = endpoint
        self.target = target
        self.end = end
        self.limit = limit
        addressEnd = end
    }

    /// Where the present attempt leads, for an error: with the address where the name has several.
    var place: String {
        guard isNamedByAddress, let address else { return "\(endpoint)" }
        return "\(endpoint) (\(address))"
    }

    /// When the look-up of the name is over. It has as long as one address.
    var lookupEnd: MonotonicTime { limit.map { min(.now + $0, end) } ?? end }

    /// Takes what the look-up found.
    mutating func found(_ addresses: [SocketAddress]) {
        var seen: Set<SocketAddress> = []
        let all = addresses.filter { seen.insert($0).inserted }
        self.addresses = all
        isNamedByAddress = all.count > 1
    }

    /// Settles on an address that was connected to before others answered.
    mutating func settle(on winner: AddressRace.Winner) {
        let refused = Set(winner.failures.map(\.place))
        let left = (addresses ?? []).filter { $0 != winner.address && !refused.contains($0) }
        addresses = left
        if !winner.failures.isEmpty { note(PostgresError(connecting: .unreachable(winner.failures), while: .opening)) }
        address = winner.address
        let now = MonotonicTime.now
        let share = max(now.duration(to: end), .zero) / (left.count + 1)
        addressEnd = limit.map { min(winner.start + $0, end) } ?? now + share
    }

    /// None of the addresses answered.
    mutating func noneAnswered() { addresses = [] }

    /// Keeps what became of an attempt.
    mutating func note(_ error: PostgresError) { failures.append(error.connecting(to: place)) }

    /// Leaves the address for the next one; false where there is none, or where that would not fare better.
    mutating func advance(after error: PostgresError) -> Bool {
        address = nil
        // As in libpq, which takes all addresses of a name for the same server once one has answered.
        guard error.code == .connectFailed || error.code == .connectTimedOut || error.isInterruption else {
            return false
        }
        return addresses?.isEmpty == false
    }
}
