import Glibc

/// A throwaway PostgreSQL server for tests and demos.
///
/// It lives in a temporary directory, listens on loopback addresses and on a Unix socket, and never outlives this
/// process: a watchdog ends it and removes the directory when the process ends, also when it is killed with SIGKILL.
/// When the caller is root, the server runs as the user `postgres` (or `nobody`).
///
/// ```swift
/// try await PostgresServer.withServer(PostgresServerOptions(version: .major(15))) { server in
///     print(server.url)
/// }
/// ```
///
/// The first start of a process takes about a second, nearly all of it for `initdb`, and every server some 40 MB of disk.
/// Later ones copy what `initdb` made, which takes a quarter of a second; the copy's system identifier is its own.
/// Do not call ``stop(_:)``, ``restart(_:)``, ``kill()`` and ``suspend()`` at the same time from several tasks.
public actor PostgresServer {
    /// The major version of the server, such as 15.
    public nonisolated let version: Int
    /// The address for TCP connections, `127.0.0.1`. The server also listens on `::1` where the machine has it.
    public nonisolated let host: String
    /// The TCP port, which is part of the Unix socket's name too. It stays the same over a restart.
    public nonisolated let port: Int
    /// The directory of the Unix socket. When the caller is root, only root and the server's own user can enter it.
    public nonisolated let socketDirectory: String
    /// The data directory. It belongs to the user that the server runs as.
    public nonisolated let dataDirectory: String
    /// The superuser's name.
    public nonisolated let user: String
    /// The superuser's password, set with every kind of authentication.
    public nonisolated let password: String
    /// The file that the server and `initdb` write their log to.
    public nonisolated let logFile: String
    /// The programs that the server was started with; `psql`, where it was installed, lies beside them.
    public nonisolated let binaries: ServerBinaries

    /// What it was started with.
    nonisolated let options: PostgresServerOptions
    nonisolated let cluster: DatabaseCluster
    let watchdog: Watchdog
    var postmaster: ChildProcess
    var isStopped = false

    /// Sets up a new server, starts it, and waits until it accepts connections.
    ///
    /// - Throws: `PostgresServerError`, with the end of the server log where that helps; `CancellationError` when the
    ///   task is cancelled meanwhile. Nothing stays behind then.
    public nonisolated(nonsending) static func start(
        _ options: PostgresServerOptions = PostgresServerOptions()
    ) async throws -> PostgresServer {
        try await start(options, ports: portsToTry)
    }

    /// Starts a server, runs the body with it, and stops it, also when the body throws.
    ///
    /// - Throws: what ``start(_:)`` throws, and what the body throws.
    @discardableResult
    public nonisolated(nonsending) static func withServer<Result, Failure: Error>(
        _ options: PostgresServerOptions = PostgresServerOptions(),
        _ body: nonisolated(nonsending) (PostgresServer) async throws(Failure) -> Result
    ) async throws -> Result {
        let server = try await start(options)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Starts a server on the first of the ports that nobody else listens on.
    ///
    /// - Precondition: There is at least one port.
    package nonisolated(nonsending) static func start(
        _ options: PostgresServerOptions, ports: [Int]
    ) async throws -> PostgresServer {
        precondition(!ports.isEmpty, "a server needs a port to try")
        let configuration = try ServerConfiguration(validating: options)
        let binaries = try await ServerBinaries.find(options.version)
        let password = options.password ?? defaultPassword
        return try await start(options, binaries, password: password, ports: ports) { cluster in
            try await cluster.initialize(configuration, password: password)
        }
    }

    /// Starts a server on what `prepare` puts into a new directory. Nothing stays behind where that fails.
    nonisolated(nonsending) static func start(
        _ options: PostgresServerOptions, _ binaries: ServerBinaries, password: String, ports: [Int],
        prepare: nonisolated(nonsending) (DatabaseCluster) async throws -> Void
    ) async throws -> PostgresServer {
        let account = try ServerAccount.current()
        let directory = try ServerDirectory(account: account)
        let cluster = DatabaseCluster(
            binaries: binaries, account: account, directory: directory, startSecondsMax: options.startSecondsMax)
        let watchdog = try await Watchdog.start(over: directory)
        do {
            try await prepare(cluster)
            try Task.checkCancellation()
            let (port, postmaster) = try await launch(cluster, ports: ports)
            return PostgresServer(cluster, options, password: password, port: port, postmaster, watchdog)
        } catch {
            await watchdog.finish()
            throw error
        }
    }

    /// The end of the server log, at most 256 KiB of it; empty once the server was stopped.
    public nonisolated var log: String {
        fileText(logFile, from: max(0, fileSize(logFile) - Self.logBytesMax), max: Self.logBytesMax) ?? ""
    }

    private init(
        _ cluster: DatabaseCluster, _ options: PostgresServerOptions, password: String, port: Int,
        _ postmaster: ChildProcess, _ watchdog: Watchdog
    ) {
        version = cluster.binaries.version
        host = "127.0.0.1"
        self.port = port
        socketDirectory = cluster.directory.socket
        dataDirectory = cluster.directory.data
        user = options.superuser
        self.password = password
        logFile = cluster.directory.log
        binaries = cluster.binaries
        self.options = options
        self.cluster = cluster
        self.postmaster = postmaster
        self.watchdog = watchdog
    }

    private static let logBytesMax = 256 * 1024

    /// The kernel takes the ports of outgoing connections from 32768 on, so below that only servers clash.
    private static let portsBelowEphemeral = 10_240..<32_768
    private static let portAttemptsMax = 20

    static var portsToTry: [Int] { (0..<portAttemptsMax).map { _ in Int.random(in: portsBelowEphemeral) } }

    private static func launch(
        _ cluster: DatabaseCluster, ports: [Int]
    ) async throws -> (port: Int, postmaster: ChildProcess) {
        for port in ports.dropLast() {
            do {
                return (port, try await cluster.launch(port: port))
            } catch {
                guard (error as? PostgresServerError)?.code == .portInUse else { throw error }
            }
        }
        let port = ports[ports.count - 1]
        return (port, try await cluster.launch(port: port))
    }

    /// One for the servers of a process, so that they can be copies of one data directory.
    private static let defaultPassword: String = {
        let digits = Array("0123456789abcdef")
        return String((0..<32).map { _ in digits[Int.random(in: 0..<16)] })
    }()
}
