import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

/// A real server with a role for every way to authenticate, shared by the tests of one process.
struct AuthenticationServer: Sendable {
    /// The password of every role that has one.
    static let password = "pw-geheim-live-4711"

    let server: PostgresServer
    /// Whether the server knows the methods for which it needs libraries: GSSAPI, LDAP, PAM.
    let hasExternalMethods: Bool

    /// The server of this version; where the machine has none the running test is cancelled.
    static func on(_ live: LiveServer) async throws -> AuthenticationServer {
        try await live.cancellingWhereMissing { try await Shared.servers.server(live.rawValue) }
    }

    /// The account that this process runs as, which `peer` sees.
    static let account = ConnectionEnvironment.process.userName ?? ""

    private static let rules = [
        "local all \(account) peer", "local all m_peer peer", "local all m_password password",
        "host all m_trust all trust", "host all m_reject all reject", "host all m_password all password",
        "host all m_long_clear all password", "host all m_md5,m_md5_memory all md5", "host all m_md5_scram all md5",
        "host all m_ident all ident",
    ]

    private static let externalRules = [
        "host all m_gss all gss", "host all m_pam all pam",
        "host all m_ldap all ldap ldapserver=127.0.0.1 ldapport=1 ldapprefix=\"cn=\"",
    ]

    private static let roles = [
        "SET password_encryption = 'md5'", "CREATE ROLE m_md5 LOGIN PASSWORD '\(password)'",
        "CREATE ROLE m_scram_md5 LOGIN PASSWORD '\(password)'", "SET password_encryption = 'scram-sha-256'",
        "CREATE ROLE m_scram LOGIN PASSWORD '\(password)'", "CREATE ROLE m_md5_scram LOGIN PASSWORD '\(password)'",
        "CREATE ROLE m_password LOGIN PASSWORD '\(password)'", "CREATE ROLE m_empty LOGIN PASSWORD ''",
        "CREATE ROLE m_expired LOGIN PASSWORD '\(password)' VALID UNTIL '2001-01-01'", "CREATE ROLE m_trust LOGIN",
        "CREATE ROLE m_reject LOGIN", "CREATE ROLE m_peer LOGIN", "CREATE ROLE m_ident LOGIN",
        "CREATE ROLE m_gss LOGIN",
        "CREATE ROLE m_pam LOGIN", "CREATE ROLE m_ldap LOGIN", "CREATE ROLE m_nologin PASSWORD '\(password)'",
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(account)') THEN
                CREATE ROLE "\(account)" LOGIN;
            END IF;
        END $$
        """,
    ]

    private init(version: Int) async throws {
        var options = PostgresServerOptions(version: .major(version), accessRules: Self.rules + Self.externalRules)
        do {
            server = try await PostgresServer.start(options)
            hasExternalMethods = true
        } catch {
            guard (error as? PostgresServerError)?.code == .startFailed else { throw error }
            options.accessRules = Self.rules
            server = try await PostgresServer.start(options)
            hasExternalMethods = false
        }
        try await run(Self.roles)
    }

    /// Runs statements as the superuser, in one session.
    func run(_ statements: [String]) async throws {
        try await PostgresConnection.withConnection(server.tcpURL) { connection in
            for statement in statements { try await connection.execute(PostgresQuery(unsafeSQL: statement)) }
        }
    }

    /// What the server stores of a role's password.
    func storedPassword(of role: String) async throws -> String {
        try await PostgresConnection.withConnection(server.tcpURL) { connection in
            let rows = try await connection.query("SELECT rolpassword FROM pg_authid WHERE rolname = \(role)")
            return try await rows.first()?.decode(String.self) ?? ""
        }
    }

    /// How to connect as a role, by TCP unless said otherwise.
    func configuration(
        _ role: String, password: String? = password, parameters: String = "", isUnix: Bool = false
    ) throws -> PostgresConfiguration {
        let url = isUnix ? server.url(user: role) + "&" : server.tcpURL(user: role) + "?"
        var configuration = try PostgresConfiguration(
            connectionString: url + "sslmode=disable&\(parameters.isEmpty ? "connect_timeout=60" : parameters)",
            environment: .none)
        configuration.password = password
        return configuration
    }

    private actor Shared {
        static let servers = Shared()
        private var running: [Int: Task<AuthenticationServer, any Error>] = [:]

        func server(_ version: Int) async throws -> AuthenticationServer {
            if let task = running[version] { return try await task.value }
            let task = Task { try await AuthenticationServer(version: version) }
            running[version] = task
            return try await task.value
        }
    }
}
