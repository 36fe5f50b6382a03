import PostgresTransport

/// Chooses the servers of one pool's connections, by what is known of the servers and where the pool's connections lead.
///
/// Where load is balanced, every server that may fit counts alike, and the one with the fewest connections of this pool is
/// taken, at random among equals. Servers that were of no use are tried again after the recheck interval by one attempt at
/// a time, so that a server that swallows packets holds up one caller and not all.
final class HostBalance: Sendable {
    /// How many connections lead to a server, or are to.
    private struct Load {
        var connections = 0
        var attempts = 0
    }

    /// What is known of the servers, also by other pools.
    let memory: HostMemory
    private let loads = Locked<[PostgresConfiguration.Endpoint: Load]>([:])

    init(_ memory: HostMemory) { self.memory = memory }

    /// Takes the most promising server out of `candidates`; every choice is followed by `connected` or `failed`.
    ///
    /// - Parameters:
    ///   - candidates: the servers that were not tried yet, in the configuration's order.
    ///   - target: what the server is to be.
    ///   - isBalanced: whether connections are spread; else what is known to fit goes first, and then the order counts.
    ///   - isChoosy: whether servers that are known not to fit, or not to answer, are passed over.
    /// - Returns: nil where there is none.
    func choose(
        from candidates: inout [PostgresConfiguration.Endpoint], for target: PostgresConfiguration.TargetSession,
        isBalanced: Bool, isChoosy: Bool, now: MonotonicTime = .now
    ) -> PostgresConfiguration.Endpoint? {
        loads.withLock { loads in
            // What is chosen is counted under the same lock, so that callers that choose at once choose differently.
            var best: (index: Int, rank: Rank)?
            for (index, endpoint) in candidates.enumerated() {
                let prospect = memory.prospect(of: endpoint, for: target, now: now)
                if isChoosy, prospect == .unfit || prospect == .unreachable { continue }
                let load = loads[endpoint] ?? Load()
                let rank =
                    isBalanced
                    ? Rank(balancing: prospect, load.connections + load.attempts, isTried: load.attempts > 0)
                    : Rank(prospect, place: index)
                if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
            }
            guard let best else { return nil }
            let endpoint = candidates.remove(at: best.index)
            loads[endpoint, default: Load()].attempts += 1
            return endpoint
        }
    }

    /// An attempt led to a session; it counts as a connection for as long as what is returned lives.
    func connected(to endpoint: PostgresConfiguration.Endpoint) -> HostSeat {
        memory.noteSession(at: endpoint)
        loads.withLock { loads in
            loads[endpoint]?.attempts -= 1
            loads[endpoint]?.connections += 1
        }
        return HostSeat(endpoint, in: self)
    }

    /// An attempt led to no session.
    func failed(_ error: PostgresError, at endpoint: PostgresConfiguration.Endpoint) {
        memory.note(error, of: endpoint)
        loads.withLock { $0[endpoint]?.attempts -= 1 }
    }

    /// A connection has ended.
    func left(_ endpoint: PostgresConfiguration.Endpoint) {
        loads.withLock { $0[endpoint]?.connections -= 1 }
    }
}

/// How promising a server is compared with others; less is better.
private struct Rank: Comparable {
    private let prospect: Int
    private let load: Int
    private let tieBreaker: UInt64

    /// A server among others that share the load.
    init(balancing prospect: HostMemory.Prospect, _ load: Int, isTried: Bool) {
        self.prospect =
            switch prospect {
            case .fits, .unknown: 0
            case .doubtful: isTried ? 1 : 0
            case .unfit: 2
            case .refusing, .unreachable: 3
            }
        self.load = load
        tieBreaker = .random(in: 0...UInt64.max)
    }

    /// A server in an order that the user chose.
    init(_ prospect: HostMemory.Prospect, place: Int) {
        self.prospect =
            switch prospect {
            case .fits: 0
            case .unknown, .doubtful: 1
            case .unfit: 2
            case .refusing, .unreachable: 3
            }
        load = place
        tieBreaker = 0
    }

    static func < (left: Rank, right: Rank) -> Bool {
        (left.prospect, left.load, left.tieBreaker) < (right.prospect, right.load, right.tieBreaker)
    }
}
