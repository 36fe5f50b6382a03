import PostgresTransport
import PostgresWire

/// Makes one connection, to the first of a configuration's servers that lets a session in.
///
/// Every attempt starts from fresh state; nothing that one server said has a part in the next one's.
struct Connector {
    let configuration: PostgresConfiguration
    let loop: EventLoop
    /// Who listens to the connection; nil where nobody does.
    let observation: ConnectionObservation?
    /// When the last attempt has to be over.
    let deadline: MonotonicTime
    /// What chooses among the servers; nil for a connection that belongs to no pool.
    let hosts: HostBalance?
    /// Told which server is being tried.
    let progress: ConnectProgress?

    /// - Parameter number: the event loop that the connection is to be opened on; nil where any will do.
    init(
        _ configuration: PostgresConfiguration, hosts: HostBalance? = nil, progress: ConnectProgress? = nil,
        onLoop number: Int? = nil
    ) throws(PostgresError) {
        try configuration.check()
        self.configuration = configuration
        self.progress = progress
        self.hosts = hosts
        observation = ConnectionObservation(
            configuration.metrics, configuration.observer, stallThreshold: configuration.stallThreshold)
        deadline = MonotonicTime.now + configuration.connectTimeout.asLimit
        loop = try EventLoop.forConnection(on: number)
    }

    /// Tries the servers one after the other.
    nonisolated(nonsending) func connect() async throws(PostgresError) -> sending ConnectionDriver {
        do throws(PostgresError) {
            return try await connectToAny()
        } catch {
            let error = await configuration.route?.explain(error) ?? error
            observation?.thrown(error, .connect)
            throw error
        }
    }

    private nonisolated(nonsending) func connectToAny() async throws(PostgresError) -> sending ConnectionDriver {
        // As in libpq: first for a standby only, then for whatever there is.
        let isChoosy = configuration.targetSession == .preferStandby
        let targets: [PostgresConfiguration.TargetSession] =
            isChoosy ? [.standby, .any] : [configuration.targetSession]
        var failures: [PostgresError] = []
        var candidates = configuration.endpoints
        passes: for (pass, target) in targets.enumerated() {
            let isLastPass = pass == targets.count - 1
            // A server that was not reached has had its turn: asking for less of it would not help.
            var candidatesAfter = isLastPass ? [] : configuration.endpoints
            while let endpoint = next(of: &candidates, for: target, isChoosy: !isLastPass) {
                progress?.begin(endpoint)
                do throws(PostgresError) {
                    let end = turnEnd(sharedBy: 1 + candidates.count + candidatesAfter.count)
                    let driver = try await connect(to: endpoint, as: target, until: end)
                    if let seat = hosts?.connected(to: endpoint) { driver.peer.seat = seat }
                    return driver
                } catch {
                    failures.append(error)
                    hosts?.failed(error, at: endpoint)
                    guard Self.nextMayFare(better: error) else { break passes }
                    if error.code != .targetSessionMismatch, let index = candidatesAfter.firstIndex(of: endpoint) {
                        candidatesAfter.remove(at: index)
                    }
                }
            }
            candidates = candidatesAfter
        }
        throw PostgresError(attempts: failures)
    }

    /// Takes the server to try next out of those that are left; nil where none is worth it.
    ///
    /// - Parameter isChoosy: whether servers that are known to be of no use are passed over, because another pass follows.
    private func next(
        of candidates: inout [PostgresConfiguration.Endpoint], for target: PostgresConfiguration.TargetSession,
        isChoosy: Bool
    ) -> PostgresConfiguration.Endpoint? {
        let isBalanced = configuration.shufflesEndpoints
        if let hosts {
            return hosts.choose(from: &candidates, for: target, isBalanced: isBalanced, isChoosy: isChoosy)
        }
        let index = isBalanced ? candidates.indices.randomElement() : candidates.indices.first
        return index.map { candidates.remove(at: $0) }
    }

    /// When an endpoint's turn is over, if `count` turns share what is left of the time. Where each address has a time of
    /// its own, that alone ends a turn early.
    private func turnEnd(sharedBy count: Int) -> MonotonicTime {
        guard configuration.addressTimeout == nil else { return deadline }
        let now = MonotonicTime.now
        return now + max(now.duration(to: deadline), .zero) / count
    }

    /// As in libpq: a server that refuses the user is the right one, and the next is not asked. One that shuts down while
    /// it lets a client in says so by other codes than one that has begun to.
    private static func nextMayFare(better error: PostgresError) -> Bool {
        switch error.code {
        case .hostNotFound, .connectFailed, .connectTimedOut, .targetSessionMismatch: true
        case .tlsFailed: error.isInterruption
        default: error.sqlState.map { [.cannotConnectNow, .adminShutdown, .crashShutdown].contains($0) } ?? false
        }
    }
}
