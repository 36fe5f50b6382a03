extension PostgresConfiguration {
    /// Where a server listens.
    public enum Endpoint: Hashable, Sendable {
        /// A host name or a numeric address, IPv4 or IPv6.
        ///
        /// With an `address`, which is numeric, no name is looked up: the host only says whose certificate and whose
        /// password are meant, and may be empty.
        case tcp(host: String, address: String? = nil, port: UInt16 = 5432)
        /// The directory of the Unix-domain socket and the port in the socket's name. A directory that begins with
        /// `@` names a socket in Linux's abstract namespace.
        case unixSocket(directory: String, port: UInt16 = 5432)

        /// The port, which for a Unix-domain socket is a part of its name.
        public var port: UInt16 {
            switch self {
            case .tcp(_, _, let port), .unixSocket(_, let port): port
            }
        }
    }
}

extension PostgresConfiguration.Endpoint: CustomStringConvertible {
    /// `host:port`, or the path of the socket.
    public var description: String {
        switch self {
        case .tcp(let host, let address, let port):
            let name = host.isEmpty ? address ?? "" : host
            return name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .unixSocket: return socketPath ?? ""
        }
    }

    /// What a connection to it goes over, for metrics.
    var transport: Transport {
        if case .unixSocket = self { .unix } else { .tcp }
    }

    /// The path of the Unix-domain socket; nil for TCP.
    var socketPath: String? {
        guard case .unixSocket(let directory, let port) = self else { return nil }
        return "\(directory)/.s.PGSQL.\(port)"
    }
}
