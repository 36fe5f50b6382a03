/// How a PgBouncer for tests pools and whom it lets in.
package struct PgBouncerOptions: Sendable {
    /// When a server connection goes back to the pool.
    package enum PoolMode: String, Sendable, CaseIterable {
        /// When the client leaves.
        case session
        /// At the end of each transaction.
        case transaction
    }

    /// How clients prove who they are.
    package enum Authentication: String, Sendable, CaseIterable {
        /// The password in clear text.
        case plain
        /// The old challenge with MD5.
        case md5
        /// A challenge that does not send the password.
        case scramSHA256 = "scram-sha-256"
    }

    /// When a server connection goes back to the pool.
    package var poolMode: PoolMode
    /// How clients prove who they are.
    package var authentication: Authentication
    /// Further settings by name, as in `pgbouncer.ini`; they go before those made here.
    package var settings: [String: String]

    /// Describes a pooler for sessions with SCRAM.
    package init(
        poolMode: PoolMode = .session, authentication: Authentication = .scramSHA256, settings: [String: String] = [:]
    ) {
        self.poolMode = poolMode
        self.authentication = authentication
        self.settings = settings
    }

    /// The file of users: the superuser with the password in clear text, which serves every kind of authentication on
    /// both sides.
    func users(of server: PostgresServer) -> String {
        "\(quoted(server.user)) \(quoted(server.password))\n"
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    /// The text of `pgbouncer.ini`. The directory's name holds no character that would need quotes there.
    func settings(for server: PostgresServer, in directory: ServerDirectory, port: Int) -> String {
        let all = [
            "listen_addr": "127.0.0.1", "listen_port": "\(port)", "unix_socket_dir": directory.socket,
            "auth_type": authentication.rawValue, "auth_file": "\(directory.path)/users.txt",
            "pool_mode": poolMode.rawValue, "admin_users": server.user,
        ].merging(settings) { _, own in own }
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        return """
            [databases]
            * = host=\(server.host) port=\(server.port)
            [pgbouncer]
            \(lines.joined(separator: "\n"))

            """
    }
}
