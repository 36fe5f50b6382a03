/// Where a server is, who connects, and what is allowed on the way.
public struct PostgresConfiguration: Sendable {
    /// Where the server listens.
    public enum Endpoint: Hashable, Sendable {
        /// A host name or a numeric address, IPv4 or IPv6.
        case tcp(host: String, port: UInt16 = 5432)
        /// The directory of the Unix-domain socket and the port in the socket's name. A directory that begins with
        /// `@` names a socket in Linux's abstract namespace.
        case unixSocket(directory: String, port: UInt16 = 5432)
    }

    /// A way to prove the user's identity, as the connection string's `require_auth` names them.
    public enum AuthenticationMethod: String, Hashable, Sendable, CaseIterable {
        /// The server asks for nothing.
        case none
        /// The password in the clear.
        case password
        /// The password hashed with MD5, which is broken.
        case md5
        /// SCRAM-SHA-256, which also makes the server prove itself.
        case scramSHA256 = "scram-sha-256"
    }

    /// Where the server listens.
    public var endpoint: Endpoint
    /// The role to log in as.
    public var user: String
    /// The password, if the server asks for one. It never shows in a description or an error.
    public var password: String?
    /// The database; by default the one with the user's name.
    public var database: String
    /// How the session shows in `pg_stat_activity`; empty is not sent.
    public var applicationName = ""
    /// The time for everything from the look-up of the name to the first ReadyForQuery. 10 seconds by default.
    public var connectTimeout = Duration.seconds(10)
    /// The longest row that is accepted, in bytes on the wire: 64 MiB by default, one GiB − 1 at most. A longer one
    /// fails the query before any memory is taken for it.
    public var rowBytesMax = 64 << 20
    /// What the server may ask for (libpq's `require_auth`).
    ///
    /// Nil, the default, means SCRAM-SHA-256 or nothing at all, and a password in the clear over a Unix-domain socket
    /// only. MD5, and clear passwords over TCP, have to be named here: that is the opt-in.
    public var allowedAuthentication: Set<AuthenticationMethod>?

    /// Creates a configuration; everything else has a default.
    public init(endpoint: Endpoint, user: String, password: String? = nil, database: String? = nil) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database ?? user
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
    /// User, place and database, as far as they are no secret.
    public var description: String { "\(user)@\(endpoint)/\(database)" }

    /// Shows the description only, so that `dump` prints no password.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension PostgresConfiguration.Endpoint: CustomStringConvertible {
    /// `host:port`, or the path of the socket.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket: socketPath ?? ""
        }
    }

    /// The path of the Unix-domain socket; nil for TCP.
    var socketPath: String? {
        guard case .unixSocket(let directory, let port) = self else { return nil }
        return "\(directory)/.s.PGSQL.\(port)"
    }
}
