import PostgresTransport

/// A way to servers that does not begin at the addresses of their names, such as a tunnel.
///
/// Name, TLS, passwords and cancel requests are those of the server at its end: only the socket leads elsewhere.
package struct ConnectionRoute: Sendable {
    /// Gives the addresses that lead to a host and port, in place of the system's resolver; it has until the deadline.
    package typealias Addresses =
        nonisolated(nonsending) @Sendable (
            _ host: String, _ port: UInt16, _ deadline: MonotonicTime
        ) async throws(TransportError) -> [SocketAddress]

    /// Gives the addresses. A host that was given with a numeric address is not asked about.
    package let addresses: Addresses
    /// Says of a failure to connect what the route knows of it.
    package typealias Explanation = nonisolated(nonsending) @Sendable (PostgresError) async -> PostgresError

    /// Says of a failure to connect what the route knows of it, within a moment.
    package let explain: Explanation

    /// Creates a route.
    package init(
        addresses: @escaping Addresses, explain: @escaping Explanation = { $0 }
    ) {
        self.addresses = addresses
        self.explain = explain
    }
}

extension PostgresConfiguration {
    /// Finds the addresses of a host and a port in place of the system's resolver. For tests, which cannot give a name
    /// several addresses otherwise.
    package mutating func lookUpNames(by names: @escaping @Sendable (String, UInt16) -> [SocketAddress]) {
        route = ConnectionRoute { host, port, _ in names(host, port) }
    }
}
