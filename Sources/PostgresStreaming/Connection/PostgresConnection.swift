import PostgresTransport
import PostgresWire

/// One connection to a Postgres server, for one task at a time.
///
/// It is deliberately not `Sendable`: to use one connection from two tasks is a compile error. What the compiler lets
/// pass, such as two calls of one re-entrant actor, fails fast with `connectionBusy`.
///
/// The connection is closed when the last reference to it and to its streams is gone, or by `close()`.
public final class PostgresConnection {
    let gate: ConnectionGate

    /// What was agreed on when the connection came about: address, protocol version, TLS.
    public let information: SessionInformation

    private let closeTimeout: Duration
    /// What the server said by itself.
    let news: SessionNews

    private init(_ handover: DriverHandover, closeTimeout: Duration) {
        self.closeTimeout = closeTimeout.asLimit
        information = SessionInformation(handover.driver)
        news = handover.driver.news
        gate = ConnectionGate(handover)
    }

    /// Lends a connection that exists already, with what was put together of it once.
    init(_ handover: DriverHandover, _ information: SessionInformation, _ news: SessionNews, closeTimeout: Duration) {
        self.closeTimeout = closeTimeout.asLimit
        self.information = information
        self.news = news
        gate = ConnectionGate(handover)
    }

    /// Connects to the server of a connection string, such as `postgres://app@db.example/shop`; see
    /// `PostgresConfiguration.init(connectionString:environment:)`.
    ///
    /// - Throws: `configurationInvalid`, `hostNotFound`, `connectFailed`, `connectTimedOut` (10 seconds unless
    ///   `connect_timeout` says otherwise), `authenticationFailed` and its kin, `cancelled`.
    public nonisolated(nonsending) static func connect(
        _ connectionString: String
    ) async throws(PostgresError) -> sending PostgresConnection {
        try await connect(PostgresConfiguration(connectionString: connectionString))
    }

    /// Connects to the server of a configuration.
    ///
    /// - Throws: as `connect(_:)` with a connection string.
    public nonisolated(nonsending) static func connect(
        _ configuration: PostgresConfiguration
    ) async throws(PostgresError) -> sending PostgresConnection {
        // A task keeps the memory that its deepest calls took until it ends. Connecting goes deep, so it has a task of its
        // own, which saves ten KiB for each task that connects and lives on.
        async let opened = open(configuration)
        return PostgresConnection(try await opened.get(), closeTimeout: configuration.closeTimeout)
    }

    @concurrent
    private static func open(_ configuration: PostgresConfiguration) async -> Result<DriverHandover, PostgresError> {
        do throws(PostgresError) {
            return .success(DriverHandover(try await Connector(configuration).connect()))
        } catch {
            return .failure(error)
        }
    }

    /// Connects, runs `body` and closes the connection, however `body` ends. What leaked out of `body`, the connection
    /// or a stream, throws `connectionClosed` from then on.
    ///
    /// - Throws: what `connect(_:)` throws, and what `body` throws.
    @discardableResult
    public nonisolated(nonsending) static func withConnection<Result, Failure: Error>(
        _ connectionString: String,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection(PostgresConfiguration(connectionString: connectionString), body)
    }

    /// Connects to the server of a configuration, runs `body` and closes the connection; see `withConnection(_:_:)`.
    @discardableResult
    public nonisolated(nonsending) static func withConnection<Result, Failure: Error>(
        _ configuration: PostgresConfiguration,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        let connection = try await connect(configuration)
        do {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            // A query that was left has to be cancelled before the process may end.
            await connection.close()
            throw error
        }
    }

    /// Runs `body` on the event loop that reads the connections' sockets.
    ///
    /// There a read that has to wait needs no other thread, which saves most of a client's CPU time per round trip and
    /// about a third per streamed row. In return, what computes or blocks in `body` keeps every other connection of the
    /// loop waiting. Open connections inside, and write the loop over rows into `body` itself or into a `@concurrent`
    /// function: a function that inherits its caller's isolation checks it once per row.
    @concurrent
    public static func onEventLoop<Result>(
        _ body: sending @escaping @concurrent () async throws -> sending Result
    ) async throws -> sending Result {
        let loop = try EventLoop.forConnection()
        return try await withTaskExecutorPreference(loop) { @concurrent () async throws -> Result in
            try await body()
        }
    }

    /// Runs a query and returns its rows as a stream.
    ///
    /// Returns when the server has described the result, or, for a statement that returns no rows, when it has run.
    ///
    /// - Throws: `server` with the server's own words; `connectionBusy` while another stream of this connection is
    ///   open; `queryInvalid` for what cannot be sent; `unsupported` for parameters in simple mode.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        try await RowStream.run(.text(query, mode), options, on: gate)
    }

    /// Says good-bye to the server and closes the connection. An open stream ends with `connectionClosed`.
    ///
    /// Waits for a clean-up behind a stream that was left early, for the configuration's `closeTimeout` at most. Closing
    /// twice is no error.
    public nonisolated(nonsending) func close() async {
        await gate.settle(within: closeTimeout)
        gate.end()
    }
}
