import PostgresTransport

/// A pool of connections to one database: what a service embeds.
///
/// ```swift
/// let client = try PostgresClient("postgres://app@db.example/shop?sslmode=verify-full")
/// try await client.withConnection { connection in
///     try await connection.execute("UPDATE customer SET seen = now() WHERE id = \(id)")
/// }
/// ```
///
/// Connections are opened when they are needed and kept for the next call; the one that was used last is lent first, and
/// calls that wait are served in their order. A lease ends with its closure: whatever leaked out of it throws `leaseEnded` from then on, and nothing of its session is left for the next (see
/// `PostgresPoolConfiguration.reset`).
///
/// `run()` looks after the pool: it closes what is not used, checks what is idle and keeps a minimum of connections.
/// Everything else works without it. A client that goes away closes its connections; `close()` lets leases end first.
public final class PostgresClient: Sendable {
    let pool: ConnectionPool
    let listening: ListenerHub
    /// The client that reads; made when it is first asked for.
    private let readingClient = Locked<PostgresClient?>(nil)

    /// Creates a client; nothing is connected yet.
    public init(
        _ configuration: PostgresConfiguration, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) {
        pool = ConnectionPool(configuration, settings)
        listening = ListenerHub(configuration, settings, pool.hosts.memory)
    }

    private init(_ pool: ConnectionPool) {
        self.pool = pool
        listening = ListenerHub(pool.configuration, pool.settings, pool.hosts.memory)
    }

    /// A pool of its own for what only reads and may be a moment late: its connections are spread evenly over the
    /// standbys, or lead to whatever there is where no standby answers.
    ///
    /// It has the settings of this client, knows what this one knows of the servers, and is looked after and closed with
    /// it. Nothing is sent there by itself: what reads its own writes belongs to the client. Of a reader it is the reader.
    public var reader: PostgresClient {
        guard pool.configuration.targetSession != .preferStandby else { return self }
        return readingClient.withLock { client in
            if let client { return client }
            var configuration = pool.configuration
            configuration.targetSession = .preferStandby
            configuration.shufflesEndpoints = true
            let made = PostgresClient(ConnectionPool(configuration, pool.settings, hosts: pool.hosts.memory))
            if pool.isShuttingDown { made.shutDown() }
            client = made
            return made
        }
    }

    /// Creates a client for the server of a connection string; nothing is connected yet.
    ///
    /// - Throws: `configurationInvalid`.
    public convenience init(
        _ connectionString: String, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) throws(PostgresError) {
        self.init(try PostgresConfiguration(connectionString: connectionString), pool: settings)
    }

    /// Creates a client that is looked after, runs `body` with it and closes it, however `body` ends.
    ///
    /// - Throws: what `body` throws.
    @discardableResult
    public nonisolated(nonsending) static func withClient<Result, Failure: Error>(
        _ configuration: PostgresConfiguration, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration(),
        _ body: nonisolated(nonsending) (PostgresClient) async throws(Failure) -> Result
    ) async throws -> Result {
        let client = PostgresClient(configuration, pool: settings)
        let upkeep = Task { await client.lookAfter() }
        defer { upkeep.cancel() }
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// Looks after the pool until the task is cancelled or the client is closed; then closes it as `close()` does.
    ///
    /// For a child task of a service's task group, or as the `run()` of a service that a supervisor such as
    /// ServiceLifecycle runs. A pool may be used before it runs, and by several tasks at once while it does.
    public nonisolated(nonsending) func run() async {
        await lookAfter()
        // The task may be cancelled; leases are to end in peace all the same.
        await Task.detached { [self] in _ = await close() }.value
    }

    /// Looks after the pool, and after the reader's if there is one, until the task is cancelled. Closes nothing that is in use.
    package nonisolated(nonsending) func lookAfter() async {
        await pool.lookAfter { [self] in readingClient.withLock { $0?.pool } }
    }

    /// Lends nothing any more and waits for `shutdownTimeout` at most until every lease is over; those that are not by then
    /// are cut off: their connections are closed under them. Calls that wait for a connection fail with `poolClosed`, and
    /// listeners end with it.
    ///
    /// May be called several times, and at once; it does not end early when the task is cancelled.
    ///
    /// - Returns: whether every lease, and the connection of the listeners, ended in time.
    @discardableResult
    public nonisolated(nonsending) func close() async -> Bool {
        // First, so that a reader which is made from now on is closed as well.
        shutDown()
        let reader = readingClient.withLock { $0 }
        async let isReaderDone = reader?.close() ?? true
        async let isSilent = listening.close(within: pool.settings.shutdownTimeout)
        let isDone = await Task.detached { [pool] in await pool.close(within: pool.settings.shutdownTimeout) }.value
        return await [isDone, isSilent, isReaderDone].allSatisfy(\.self)
    }

    /// Begins to close.
    private func shutDown() {
        pool.shutDown()
        listening.shutDown()
    }

    /// Where the pool stands, and the listeners.
    public var statistics: PoolStatistics {
        var statistics = pool.statistics
        (statistics.listeners, statistics.listenerConnections) = listening.counts
        return statistics
    }

    /// Gives the pool other bounds, at once: calls that wait get more connections, and what is too much is closed as soon
    /// as it is idle.
    ///
    /// - Precondition: at least one connection, and no negative number of them.
    public func resize(_ connections: ClosedRange<Int>) {
        precondition(
            connections.lowerBound >= 0 && connections.upperBound >= 1, "a pool has at least one connection")
        pool.resize(connections)
    }
}

extension PostgresClient: CustomStringConvertible, CustomReflectable {
    /// User, places and database.
    public var description: String { "PostgresClient of \(pool.configuration)" }

    /// Shows the description only, so that `dump` prints no password.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
