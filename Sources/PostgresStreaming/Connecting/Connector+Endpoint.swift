import PostgresTransport
import PostgresWire

extension Connector {
    /// Connects to an endpoint: to the first of its addresses that answers, and where that one falls silent to another.
    ///
    /// - Throws: what became of the last attempt, with every other one in the message.
    nonisolated(nonsending) func connect(
        to endpoint: PostgresConfiguration.Endpoint, as target: PostgresConfiguration.TargetSession,
        until end: MonotonicTime
    ) async throws(PostgresError) -> sending ConnectionDriver {
        let first = ConnectionAttempt(configuration, at: endpoint)
        var attempt = first
        var turn = EndpointTurn(endpoint, as: target, until: end, limit: configuration.addressTimeout?.asLimit)
        while true {
            let known = attempt.discovery
            do throws(PostgresError) {
                let driver = try await connect(&attempt, &turn)
                // Only now it is certain what the refusals were about.
                if attempt.limits != first.limits { ServerMemory.note(attempt.limits, of: endpoint) }
                return driver
            } catch {
                // The server has said which token it wants; that it let nobody in is no failure.
                if attempt.discovery != known { continue }
                if let next = attempt.next(after: error, configuration, at: endpoint) {
                    turn.note(error)
                    if let part = attempt.part(leftOutBy: next) { observation?.fallsBack(without: part) }
                    attempt = next
                } else {
                    let version = configuration.refusedVersion(by: error)
                    turn.note(version.map { PostgresError(refusing: $0, error) } ?? error)
                    guard turn.advance(after: error) else { throw PostgresError(attempts: turn.failures) }
                    attempt = first
                }
            }
        }
    }

    private nonisolated(nonsending) func connect(
        _ attempt: inout ConnectionAttempt, _ turn: inout EndpointTurn
    ) async throws(PostgresError) -> sending ConnectionDriver {
        let (start, transport) = (MonotonicTime.now.nanoseconds, turn.endpoint.transport)
        observation?.attemptBegan(transport)
        let driver = try await open(&turn)
        var opening = SessionOpening(driver, configuration, at: turn.endpoint, knowing: attempt.discovery)
        do throws(PostgresError) {
            try check(peerOf: driver, at: turn.endpoint)
            if attempt.channel != .plain {
                try await opening.encrypt(encryption(for: turn.endpoint), isRequired: attempt.channel == .encrypted)
            }
            attempt.isEncrypted = driver.peer.encryption != nil
            try check(certificateShownBy: driver)
            try opening.sendStartup(attempt.limits)
            try await opening.authenticate()
            try await check(roleOf: driver, at: turn.endpoint, turn.target)
        } catch {
            attempt.discovery = attempt.discovery ?? opening.discovery
            attempt.hasProvenUser = opening.hasProvenUser
            driver.fail(error)
            failed(error, at: driver.step, turn, since: start)
            throw error
        }
        driver.endOpening(transport, since: start)
        return driver
    }

    private func failed(_ error: PostgresError, at step: ConnectStep, _ turn: EndpointTurn, since start: Int64) {
        observation?.attemptFailed(error.connecting(to: turn.place), step.phase(of: error), since: start)
    }

    /// Opens a connection to the address that is being tried, or to the first to answer of those that are left.
    private nonisolated(nonsending) func open(
        _ turn: inout EndpointTurn
    ) async throws(PostgresError) -> sending ConnectionDriver {
        var step = ConnectStep.nameLookup
        let start = MonotonicTime.now.nanoseconds
        do throws(TransportError) {
            if turn.addresses == nil { turn.found(try await lookUp(turn)) }
            step = .opening
            let again = turn.address
            let winner = try await AddressRace.first(
                of: again.map { [$0] } ?? turn.addresses ?? [], within: configuration.addressTimeout?.asLimit, on: loop,
                deadline: again == nil ? turn.end : turn.addressEnd)
            if again == nil { turn.settle(on: winner) }
            return driver(winner, until: turn.addressEnd)
        } catch {
            if step == .opening, turn.address == nil { turn.noneAnswered() }
            let error = PostgresError(connecting: error, while: step)
            failed(error, at: step, turn, since: start)
            throw error
        }
    }

    private func driver(
        _ winner: sending AddressRace.Winner, until end: MonotonicTime
    ) -> sending ConnectionDriver {
        winner.socket.apply(configuration.keepalive, at: winner.address)
        return ConnectionDriver(
            socket: winner.socket, address: winner.address,
            limits: MessageLimits(rowBytesMax: configuration.rowBytesMax), settings: ConnectionSettings(configuration),
            statements: StatementCache(configuration, server: "\(winner.address)"), observation: observation,
            tracer: configuration.wireTrace.map(WireTracer.init), deadline: end)
    }

    private nonisolated(nonsending) func lookUp(
        _ turn: EndpointTurn
    ) async throws(TransportError) -> [SocketAddress] {
        switch turn.endpoint {
        case .tcp(_, let address?, let port):
            return [try Resolver.address(numeric: address, port: port)]
        case .tcp(let host, nil, let port):
            let addresses =
                if let route = configuration.route {
                    try await route.addresses(host, port, turn.lookupEnd)
                } else {
                    try await Resolver.resolve(host: host, port: port, on: loop, deadline: turn.lookupEnd)
                }
            return configuration.shufflesEndpoints ? addresses.shuffled() : addresses
        case .unixSocket:
            guard let path = turn.endpoint.socketPath, let address = SocketAddress(unixPath: path) else {
                throw TransportError.unresolved(host: "\(turn.endpoint)", reason: "not a path a socket can have")
            }
            return [address]
        }
    }
}
