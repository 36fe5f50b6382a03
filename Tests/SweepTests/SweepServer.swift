import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport

/// The server of the sweeps: with TLS, a role for each way in, a table to write to and a view of documents.
struct SweepServer: Sendable {
    private let server: PostgresServer
    /// Leads to the server without a detour.
    let observer: PostgresClient

    private static let password = "pencil-4711"
    private static let numberCount = Locked<UInt64>(0)

    /// One for all tests.
    static var shared: SweepServer {
        get async throws { try await Shared.one.server() }
    }

    private actor Shared {
        static let one = Shared()
        private var starting: Task<SweepServer, any Error>?

        func server() async throws -> SweepServer {
            let task = starting ?? Task { try await SweepServer.start() }
            starting = task
            return try await task.value
        }
    }

    private static func start() async throws -> SweepServer {
        let certificates = try TestCertificates.shared
        var files: [String: String] = [:]
        for name in ["good.chain.crt", "good.key"] { files[name] = try certificates.text(name) }
        // The one that was built with TLS.
        let server = try await LiveServer.postgres15.startAnother { options in
            options.files = files
            options.accessRules = [
                "host all \(Way.plain) all trust", "hostssl all \(Way.tls),\"\(Way.insideTLS)\" all scram-sha-256",
            ]
            options.configuration = [
                "ssl": "on", "ssl_cert_file": "good.chain.crt", "ssl_key_file": "good.key", "max_connections": "200",
                // Runs that are cut off leave what they prepared.
                "max_prepared_transactions": "5000",
            ]
        }
        let settings = PostgresPoolConfiguration { $0.connectionsMax = 4 }
        let observer = try PostgresClient(server.url, pool: settings)
        try await observer.withConnection { connection async throws in
            for way in Way.allCases {
                try await connection.execute(
                    "CREATE ROLE \(identifier: way.rawValue) LOGIN PASSWORD '\(unsafeSQL: password)'")
            }
            try await connection.execute("CREATE TABLE written (n bigint)")
            try await connection.execute("CREATE TABLE imported (data jsonb)")
            try await connection.execute(
                """
                CREATE VIEW v_document AS SELECT jsonb_build_object('n', n) AS data FROM generate_series(1, 5) AS n
                """)
            try await connection.execute("GRANT ALL ON written, imported, v_document TO PUBLIC")
        }
        return SweepServer(server: server, observer: observer)
    }

    var port: UInt16 { UInt16(server.port) }

    /// A number that no other session has, nor one of which a bit was changed on the way.
    func nextNumber() -> Int64 {
        let count = Self.numberCount.withLock { count in
            count += 1
            return count
        }
        var generator = SeededGenerator(seed: count)
        return Int64(generator.next() >> 1)
    }

    /// The configuration of a session through a proxy, with limits that are soon over.
    func configuration(_ way: Way, through proxy: FaultProxy, number: Int64) -> PostgresConfiguration {
        var configuration = PostgresConfiguration(
            endpoint: .tcp(host: "127.0.0.1", port: proxy.port), user: way.rawValue, database: "postgres")
        way.configure(&configuration, password: Self.password)
        configuration.applicationName = Self.name(number)
        configuration.connectTimeout = .seconds(1)
        configuration.queryTimeout = .milliseconds(500)
        configuration.controlTimeout = .milliseconds(500)
        configuration.commitTimeout = .milliseconds(500)
        configuration.cleanUpTimeout = .milliseconds(500)
        configuration.cancelTimeout = .milliseconds(300)
        configuration.closeTimeout = .milliseconds(300)
        return configuration
    }

    private static func name(_ number: Int64) -> String { "sweep \(number)" }

    /// How often the row of a session is there, once the server is done with the session; nil where it does not end.
    func effects(of number: Int64) async throws -> Int? {
        try await observer.withConnection { connection async throws in
            let deadline = ContinuousClock.now + .seconds(10)
            while try await connection.query(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = \(Self.name(number))"
            ).only().decode(Int.self) > 0 {
                guard ContinuousClock.now < deadline else { return nil }
            }
            return try await connection.query("SELECT count(*) FROM written WHERE n = \(number)").only().decode(
                Int.self)
        }
    }
}
