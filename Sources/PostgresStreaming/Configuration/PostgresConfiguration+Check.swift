import PostgresTransport

extension PostgresConfiguration {
    /// Refuses settings that contradict each other, as libpq does.
    func check() throws(PostgresError) {
        try checkEndpoints()
        try checkTLS()
        try checkOAuth()
        if sendsStatementTimeout, pooler == .transaction {
            throw Self.invalid(
                "statement_timeout cannot be sent through a transaction pooler",
                hint: "Set it for the role: ALTER ROLE … SET statement_timeout.")
        }
    }

    func checkEndpoints() throws(PostgresError) {
        guard !endpoints.isEmpty else { throw Self.invalid("configuration names no server") }
        for endpoint in endpoints {
            try endpoint.checkHostName()
            guard let path = endpoint.socketPath, SocketAddress(unixPath: path) == nil else { continue }
            throw Self.invalid("socket path \(path) is longer than 107 bytes or holds a NUL")
        }
    }

    func checkTLS() throws(PostgresError) {
        let isStrict = [TLS.Mode.require, .verifyCA, .verifyFull].contains(tls.mode)
        if tls.roots == .system, tls.mode != .verifyFull {
            throw Self.invalid(
                "sslmode \"\(tls.mode.rawValue)\" is too weak for the system's root certificates",
                hint: "Anybody can get a certificate from one of them: use sslmode=verify-full.")
        }
        if tls.negotiation == .direct, !isStrict {
            throw Self.invalid(
                "sslmode \"\(tls.mode.rawValue)\" is too weak for direct TLS",
                hint: "Use sslmode=require, verify-ca or verify-full.")
        }
        if let newest = tls.maximumVersion, newest == .tls12, tls.minimumVersion == .tls13 {
            throw Self.invalid("the newest TLS version allowed is older than the oldest")
        }
    }

    private static func invalid(_ problem: String, hint: String? = nil) -> PostgresError {
        PostgresError(.configurationInvalid, problem, hint: hint)
    }
}
