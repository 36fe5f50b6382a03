import PostgresTransport
import PostgresWire

/// Makes one connection, to the first of a configuration's servers that lets a session in.
///
/// Every attempt starts from fresh state; nothing that one server said has a part in the next one's.
struct Connector {
    let configuration: PostgresConfiguration
    let loop: EventLoop
    /// When the last attempt has to be over.
    let deadline: ContinuousClock.Instant

    /// Longer than anybody waits, and short enough to be added to any clock.
    private static let timeoutMax = Duration.seconds(1 << 31)

    init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        try configuration.check()
        for endpoint in configuration.endpoints {
            if let path = endpoint.socketPath, SocketAddress(unixPath: path) == nil {
                throw PostgresError(
                    .configurationInvalid, "socket path \(path) is longer than 107 bytes or holds a NUL")
            }
        }
        self.configuration = configuration
        deadline = ContinuousClock.now + min(max(configuration.connectTimeout, .zero), Self.timeoutMax)
        do throws(TransportError) {
            loop = try EventLoop.shared()
        } catch {
            throw PostgresError(connecting: error, to: "the event loop")
        }
    }

    /// Tries the servers one after the other.
    nonisolated(nonsending) func connect() async throws(PostgresError) -> sending ConnectionDriver {
        var endpoints = configuration.endpoints
        if configuration.shufflesEndpoints { endpoints.shuffle() }
        var failures: [PostgresError] = []
        for (index, endpoint) in endpoints.enumerated() {
            do throws(PostgresError) {
                return try await connect(to: endpoint, deadline: share(of: endpoints.count - index))
            } catch {
                failures.append(error)
                guard Self.nextMayFare(better: error) else { break }
            }
        }
        throw PostgresError(attempts: failures)
    }

    /// When an attempt has to be over, of which `count` are left.
    private func share(of count: Int) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        let left = max(now.duration(to: deadline), .zero)
        return now + min(configuration.endpointTimeout ?? left / count, left)
    }

    /// As in libpq: a server that refuses the user is the right one, and the next is not asked.
    private static func nextMayFare(better error: PostgresError) -> Bool {
        switch error.code {
        case .hostNotFound, .connectFailed, .connectTimedOut: true
        default: error.sqlState == .cannotConnectNow
        }
    }

    private nonisolated(nonsending) func connect(
        to endpoint: PostgresConfiguration.Endpoint, deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> sending ConnectionDriver {
        let driver: ConnectionDriver
        do throws(TransportError) {
            let addresses = try await resolve(endpoint, deadline: deadline)
            let (socket, address) = try await connect(toFirstOf: addresses, deadline: deadline)
            socket.apply(configuration.keepalive, at: address)
            let limits = MessageLimits(rowBytesMax: configuration.rowBytesMax)
            driver = ConnectionDriver(socket: socket, address: address, limits: limits)
        } catch {
            throw PostgresError(connecting: error, to: "\(endpoint)")
        }
        driver.beginStartup(target: "\(endpoint)", deadline: deadline)
        do throws(PostgresError) {
            try driver.sendStartup(configuration)
            try await driver.authenticate(configuration, at: endpoint)
        } catch {
            driver.fail(error)
            throw error
        }
        driver.endStartup()
        return driver
    }

    private nonisolated(nonsending) func resolve(
        _ endpoint: PostgresConfiguration.Endpoint, deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> [SocketAddress] {
        switch endpoint {
        case .tcp(_, let address?, let port):
            return [try Resolver.address(numeric: address, port: port)]
        case .tcp(let host, nil, let port):
            return try await Resolver.resolve(host: host, port: port, on: loop, deadline: deadline)
        case .unixSocket:
            guard let path = endpoint.socketPath, let address = SocketAddress(unixPath: path) else {
                throw TransportError.unresolved(host: "\(endpoint)", reason: "not a path a socket can have")
            }
            return [address]
        }
    }

    /// Tries the addresses in their order. Each gets its share of the time left, so that one that swallows packets
    /// does not keep the others from being tried.
    private nonisolated(nonsending) func connect(
        toFirstOf addresses: [SocketAddress], deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> sending (Socket, SocketAddress) {
        var failure = TransportError.timedOut
        for (index, address) in addresses.enumerated() {
            let now = ContinuousClock.now
            guard now < deadline else { break }
            let share = now + now.duration(to: deadline) / (addresses.count - index)
            do throws(TransportError) {
                return (try await Socket.connect(to: address, on: loop, deadline: share), address)
            } catch .cancelled {
                throw .cancelled
            } catch {
                failure = error
            }
        }
        throw failure
    }
}
