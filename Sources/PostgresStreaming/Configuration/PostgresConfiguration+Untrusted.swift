extension PostgresConfiguration {
    /// Reads a connection string that comes from people whom you do not trust, such as the users of a service.
    ///
    /// Only the keywords allowed may occur, in whatever spelling. Nothing else is looked at: no environment variable,
    /// no file in the home directory, no account of the operating system; the string has to name host and user itself.
    /// Unix-domain sockets are refused, because what listens there may trust this process for its account. Whether a
    /// host may be reached from here at all, in a network of your own for example, is yours to check in `endpoints`.
    ///
    /// - Parameters:
    ///   - connectionString: The string, in either form.
    ///   - keywords: What the string may say. Think twice about those that name files (`passfile`, `service`, `sslcert`,
    ///     `sslkey`, `sslkeylogfile`, …) and those that weaken the connection (`sslmode`, `require_auth`).
    /// - Throws: `configurationInvalid`, with the keyword that is not allowed.
    public init(
        untrusted connectionString: String, allowing keywords: Set<ConnectionKeyword> = Self.harmlessKeywords
    ) throws(PostgresError) {
        let string = try ConnectionString(connectionString)
        for keyword in ConnectionKeyword.all where string.values[keyword] != nil && !keywords.contains(keyword) {
            throw PostgresError(.configurationInvalid, "connection string may not set \"\(keyword)\" here")
        }
        try self.init(ConnectionParameters(string, .none), .none)
        let reachesThisMachine = endpoints.contains { endpoint in
            if case .unixSocket = endpoint { true } else { false }
        }
        guard !reachesThisMachine else {
            throw PostgresError(.configurationInvalid, "connection string has to name a host, and not a socket")
        }
    }

    /// Keywords that say where to connect and as whom, and nothing about files or safety.
    public static let harmlessKeywords: Set<ConnectionKeyword> = [
        .host, .port, .dbname, .user, .password, .applicationName, .connectTimeout,
    ]
}
