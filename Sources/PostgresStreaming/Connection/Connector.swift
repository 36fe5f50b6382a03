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
    let deadline: ContinuousClock.Instant
    /// What chooses among the servers; nil for a connection that belongs to no pool.
    let hosts: HostBalance?
    /// Told which server is being tried.
    let progress: ConnectProgress?

    init(
        _ configuration: PostgresConfiguration, hosts: HostBalance? = nil, progress: ConnectProgress? = nil
    ) throws(PostgresError) {
        try configuration.check()
        self.configuration = configuration
        self.progress = progress
        self.hosts = hosts
        observation = ConnectionObservation(configuration)
        deadline = ContinuousClock.now + configuration.connectTimeout.asLimit
        loop = try EventLoop.started()
    }

    /// Tries the servers one after the other.
    nonisolated(nonsending) func connect() async throws(PostgresError) -> sending ConnectionDriver {
        do throws(PostgresError) {
            return try await connectToAny()
        } catch {
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
        passes: for (pass, target) in targets.enumerated() {
            let isLastPass = pass == targets.count - 1
            var candidates = configuration.endpoints
            while let endpoint = next(of: &candidates, for: target, isChoosy: !isLastPass) {
                let attemptsLeft =
                    candidates.count + 1 + (targets.count - 1 - pass) * configuration.endpoints.count
                progress?.begin(endpoint)
                do throws(PostgresError) {
                    let driver = try await connect(to: endpoint, as: target, deadline: share(of: attemptsLeft))
                    driver.seat = hosts?.connected(to: endpoint) ?? driver.seat
                    return driver
                } catch {
                    failures.append(error)
                    hosts?.failed(error, at: endpoint)
                    guard Self.nextMayFare(better: error) else { break passes }
                }
            }
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

    /// When the attempts at an endpoint have to be over, of which `count` are left.
    private func share(of count: Int) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        let left = max(now.duration(to: deadline), .zero)
        return now + min(configuration.endpointTimeout ?? left / count, left)
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

    private nonisolated(nonsending) func connect(
        to endpoint: PostgresConfiguration.Endpoint, as target: PostgresConfiguration.TargetSession,
        deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> sending ConnectionDriver {
        let first = ConnectionAttempt(configuration, at: endpoint)
        var attempt = first
        var failures: [PostgresError] = []
        while true {
            let known = attempt.discovery
            do throws(PostgresError) {
                let driver = try await connect(&attempt, to: endpoint, as: target, deadline: deadline)
                // Only now it is certain what the refusals were about.
                if attempt.limits != first.limits { ServerMemory.note(attempt.limits, of: endpoint) }
                return driver
            } catch {
                // The server has said which token it wants; that it let nobody in is no failure.
                if attempt.discovery != known { continue }
                failures.append(error)
                guard let next = attempt.next(after: error, configuration, at: endpoint) else { break }
                if let part = attempt.part(leftOutBy: next) { observation?.fallsBack(without: part) }
                attempt = next
            }
        }
        if let version = configuration.refusedVersion(by: failures.last) {
            failures.append(PostgresError(refusing: version, at: endpoint, failures.removeLast()))
        }
        throw PostgresError(attempts: failures)
    }

    private nonisolated(nonsending) func connect(
        _ attempt: inout ConnectionAttempt, to endpoint: PostgresConfiguration.Endpoint,
        as target: PostgresConfiguration.TargetSession, deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> sending ConnectionDriver {
        let (start, transport) = (MonotonicTime.now, Transport(endpoint))
        observation?.attemptBegan(transport)
        let driver = try await open(endpoint, deadline: deadline)
        do throws(PostgresError) {
            try check(peerOf: driver, at: endpoint)
            if attempt.channel != .plain {
                try await driver.encrypt(
                    encryption(for: endpoint), isRequired: attempt.channel == .encrypted)
            }
            attempt.isEncrypted = driver.encryption != nil
            try check(certificateShownBy: driver, to: endpoint)
            try driver.sendStartup(configuration, attempt.limits)
            try await driver.authenticate(configuration, at: endpoint, knowing: attempt.discovery)
            try await check(roleOf: driver, at: endpoint, target)
        } catch {
            attempt.discovery = attempt.discovery ?? driver.oauth.discovery
            attempt.hasSentToken = driver.oauth.hasSentToken
            driver.fail(error)
            observation?.attemptFailed(error, ConnectPhase(driver.step, error), since: start)
            throw error
        }
        driver.endStartup()
        driver.noteOpened(transport, since: start)
        return driver
    }

    private nonisolated(nonsending) func open(
        _ endpoint: PostgresConfiguration.Endpoint, deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> sending ConnectionDriver {
        var step = ConnectStep.nameLookup
        let start = MonotonicTime.now
        do throws(TransportError) {
            let addresses = try await resolve(endpoint, deadline: deadline)
            step = .opening
            let (socket, address) = try await Socket.connect(toFirstOf: addresses, on: loop, deadline: deadline)
            socket.apply(configuration.keepalive, at: address)
            let limits = MessageLimits(rowBytesMax: configuration.rowBytesMax)
            let driver = ConnectionDriver(
                socket: socket, address: address, limits: limits, times: TimeLimits(configuration),
                statements: StatementCache(configuration), observation: observation)
            driver.stallNanoseconds = max(configuration.stallThreshold, .zero).nanoseconds
            driver.beginStartup(target: "\(endpoint)", deadline: deadline)
            return driver
        } catch {
            let error = PostgresError(connecting: error, to: "\(endpoint)", while: step)
            observation?.attemptFailed(error, ConnectPhase(step, error), since: start)
            throw error
        }
    }

    private nonisolated(nonsending) func resolve(
        _ endpoint: PostgresConfiguration.Endpoint, deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> [SocketAddress] {
        switch endpoint {
        case .tcp(_, let address?, let port):
            return [try Resolver.address(numeric: address, port: port)]
        case .tcp(let host, nil, let port):
            let addresses = try await Resolver.resolve(host: host, port: port, on: loop, deadline: deadline)
            return configuration.shufflesEndpoints ? addresses.shuffled() : addresses
        case .unixSocket:
            guard let path = endpoint.socketPath, let address = SocketAddress(unixPath: path) else {
                throw TransportError.unresolved(host: "\(endpoint)", reason: "not a path a socket can have")
            }
            return [address]
        }
    }

    private nonisolated(nonsending) func check(
        roleOf driver: ConnectionDriver, at endpoint: PostgresConfiguration.Endpoint,
        _ target: PostgresConfiguration.TargetSession
    ) async throws(PostgresError) {
        driver.seat = HostSeat(endpoint, in: nil)
        guard target != .any else { return }
        let role = try await driver.role()
        hosts?.memory.note(.role(role), of: endpoint)
        guard let mismatch = role.mismatch(target) else { return }
        throw PostgresError(
            .targetSessionMismatch, "could not use \(endpoint): \(mismatch)", isConnectionUsable: false)
    }

    private func encryption(for endpoint: PostgresConfiguration.Endpoint) throws(PostgresError) -> Encryption {
        guard case .tcp(let host, let address, _) = endpoint else {
            throw PostgresError(.configurationInvalid, "a Unix-domain socket cannot be encrypted")
        }
        return Encryption(
            settings: try TLSSettings(configuration.tls, host: host, address: address),
            negotiation: configuration.tls.negotiation)
    }

    /// As in libpq a certificate that has to be shown is missing in the clear as well.
    private func check(
        certificateShownBy driver: ConnectionDriver, to endpoint: PostgresConfiguration.Endpoint
    ) throws(PostgresError) {
        guard configuration.tls.certificateMode == .require, driver.tls?.isCertificateSent != true else { return }
        throw PostgresError(
            .tlsFailed, "could not connect to \(endpoint): sslcertmode \"require\" needs an encrypted connection",
            isConnectionUsable: false)
    }

    /// Anybody who can write to the directory could have put a socket of their own there.
    private func check(
        peerOf driver: ConnectionDriver, at endpoint: PostgresConfiguration.Endpoint
    ) throws(PostgresError) {
        guard let required = configuration.requiredPeer, case .unixSocket = endpoint else { return }
        guard driver.peerUserName == required else {
            throw PostgresError(
                .serverNotVerified,
                "could not connect to \(endpoint): the server does not run as the user that requirepeer names",
                isConnectionUsable: false)
        }
    }
}
