import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

/// A real server with TLS, which has every certificate of the tests and shows the one that it was told to.
///
/// Roles say how they may come in: `anybody` without proof, `tls_only` and `clear_only` so too, but each in its own way
/// alone; `split` needs its password over TLS and none in the clear, `reverse` the other way round; `app` needs a certificate, and for the database
/// `template1` its password as well; `scram` needs its password.
struct TLSServer: Sendable {
    let server: PostgresServer
    let certificates: TestCertificates

    /// The password of those roles that have one.
    static let password = "pencil-4711"

    private static let rules = [
        "host all anybody all trust", "hostssl all tls_only all trust", "host all tls_only all reject",
        "hostnossl all clear_only all trust", "host all clear_only all reject", "hostnossl all split all trust",
        "hostssl all reverse all trust",
        "hostssl template1 app all scram-sha-256 clientcert=verify-full", "hostssl all app all cert",
        "host all app all reject",
    ]

    private static let shown: [TestCertificates.Server] = [
        .good, .wildcard, .commonName, .otherName, .expired, .revoked, .selfSigned, .rsaSHA256, .rsaSHA512, .rsaPSS,
        .rsaPSSPadding, .ecdsaSHA384, .ed25519,
    ]

    /// Starts a server that shows a good certificate.
    static func start() async throws -> TLSServer {
        let certificates = try TestCertificates.shared
        let names = ["root.crt"] + shown.flatMap { ["\($0.rawValue).chain.crt", "\($0.rawValue).key"] }
        var files: [String: String] = [:]
        for name in names { files[name] = try certificates.text(name) }
        let server = try await LiveServer.postgres15.startAnother { options in
            options.files = files
            options.accessRules = rules
            options.configuration = [
                "ssl": "on", "ssl_cert_file": "good.chain.crt", "ssl_key_file": "good.key", "ssl_ca_file": "root.crt",
            ]
        }
        try await PostgresConnection.withConnection(server.url) { admin in
            for role in ["anybody", "tls_only", "clear_only", "split", "reverse", "app", "scram"] {
                try await admin.execute(
                    PostgresQuery(unsafeSQL: "CREATE ROLE \(role) LOGIN PASSWORD '\(password)'"))
            }
        }
        return TLSServer(server: server, certificates: certificates)
    }

    /// One for all tests that leave it as it is.
    static var shared: TLSServer {
        get async throws { try await Shared.one.server() }
    }

    private actor Shared {
        static let one = Shared()
        private var starting: Task<TLSServer, any Error>?

        func server() async throws -> TLSServer {
            let task = starting ?? Task { try await TLSServer.start() }
            starting = task
            return try await task.value
        }
    }

    /// The TCP port that it listens on.
    var port: UInt16 { UInt16(server.port) }

    /// The directory of its Unix-domain socket.
    var socketDirectory: String { server.socketDirectory }

    /// The superuser's way in, which has no TLS.
    var adminURL: String { server.url }

    /// A connection string that leads to it, or to what listens at another port, under whatever name.
    func string(
        _ more: String, user: String = "anybody", database: String = "postgres", port: UInt16? = nil
    ) -> String {
        "hostaddr=127.0.0.1 port=\(port ?? self.port) user=\(user) dbname=\(database) gssencmode=disable "
            + "connect_timeout=20 \(more)"
    }

    /// Connects as a test does that wants no surprises: nothing but the string counts.
    nonisolated(nonsending) func connect(_ string: String) async throws(PostgresError) -> sending PostgresConnection {
        try await PostgresConnection.connect(
            PostgresConfiguration(connectionString: string, environment: ConnectionEnvironment(homeDirectory: home)))
    }

    /// A home directory without any files.
    var home: String { certificates.path("nobody") }

    /// The keywords for full verification with the tests' root.
    var verifyFull: String { "host=db.example sslmode=verify-full \(root)" }

    /// The keyword for the tests' root.
    var root: String { "sslrootcert=\(certificates.path("root.crt"))" }

    // MARK: changes

    /// Shows another certificate from now on.
    func show(_ certificate: TestCertificates.Server) async throws {
        try await set([
            "ssl_cert_file": "\(certificate.rawValue).chain.crt", "ssl_key_file": "\(certificate.rawValue).key",
        ])
    }

    /// Changes settings, and waits until new sessions have them.
    func set(_ settings: [String: String]) async throws {
        try await PostgresConnection.withConnection(server.url) { admin in
            for (name, value) in settings {
                try await admin.execute(PostgresQuery(unsafeSQL: "ALTER SYSTEM SET \(name) = '\(value)'"))
            }
            try await admin.execute("SELECT pg_reload_conf()")
        }
        let deadline = ContinuousClock.now + .seconds(20)
        for (name, value) in settings {
            while try await current(name) != value {
                guard ContinuousClock.now < deadline else {
                    throw ScriptedServer.Mismatch(description: "\(name) does not become \(value)")
                }
            }
        }
    }

    private func current(_ name: String) async throws -> String? {
        try await PostgresConnection.withConnection(server.url) { admin in
            try await admin.query("SELECT current_setting(\(name))").first()?.decode(String.self)
        }
    }
}
