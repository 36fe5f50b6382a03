import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Longer than anybody waits, and short enough to be added to any clock.
    private static let connectTimeoutMax = Duration.seconds(1 << 31)

    /// Connects, authenticates and waits until the server is ready, all within the configuration's time.
    nonisolated(nonsending) static func connect(
        _ configuration: PostgresConfiguration
    ) async throws(PostgresError) -> sending ConnectionDriver {
        let timeout = min(max(configuration.connectTimeout, .zero), Self.connectTimeoutMax)
        let deadline = ContinuousClock.now + timeout
        let target = "\(configuration.endpoint)"
        if let path = configuration.endpoint.socketPath, SocketAddress(unixPath: path) == nil {
            throw PostgresError(.configurationInvalid, "socket path \(path) is longer than 107 bytes or holds a NUL")
        }
        let driver: ConnectionDriver
        do throws(TransportError) {
            let loop = try EventLoop.shared()
            let addresses = try await resolve(configuration.endpoint, on: loop, deadline: deadline)
            let (socket, address) = try await connect(toFirstOf: addresses, on: loop, deadline: deadline)
            let limits = MessageLimits(rowBytesMax: configuration.rowBytesMax)
            driver = ConnectionDriver(socket: socket, address: address, limits: limits)
        } catch {
            throw PostgresError(connecting: error, to: target)
        }
        driver.beginStartup(target: target, deadline: deadline)
        do throws(PostgresError) {
            try driver.sendStartup(configuration)
            try await driver.authenticate(configuration)
        } catch {
            driver.fail(error)
            throw error
        }
        driver.endStartup()
        return driver
    }

    private nonisolated(nonsending) static func resolve(
        _ endpoint: PostgresConfiguration.Endpoint, on loop: EventLoop, deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> [SocketAddress] {
        switch endpoint {
        case .tcp(let host, let port):
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
    private nonisolated(nonsending) static func connect(
        toFirstOf addresses: [SocketAddress], on loop: EventLoop, deadline: ContinuousClock.Instant
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

    private func sendStartup(_ configuration: PostgresConfiguration) throws(PostgresError) {
        var parameters = [
            StartupParameter(name: "user", value: configuration.user),
            StartupParameter(name: "database", value: configuration.database),
            StartupParameter(name: "client_encoding", value: "UTF8"),
            StartupParameter(name: "DateStyle", value: "ISO"),
        ]
        if !configuration.applicationName.isEmpty {
            parameters.append(StartupParameter(name: "application_name", value: configuration.applicationName))
        }
        do throws(FrontendMessageError) {
            try session.start(StartupMessage(parameters: parameters))
        } catch {
            throw PostgresError(.configurationInvalid, "user, database and application name cannot hold a NUL")
        }
    }
}
